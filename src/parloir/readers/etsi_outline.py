"""What stands where in one ETSI TS 102 657 response record: its parties, their texts, its session.

A document is serialised anew before it comes here, so < and > stand in tags alone, and a pattern that ends a
name with > never matches text. Each begins with what is rare, which is quick to find; prefixes do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_USAGE, _SESSION, _PARTY = (
    re.compile(rf"{name}[^<>]*>")
    for name in ("telephonyServiceUsage", "nationalTelephonyServiceUsage", "TelephonyPartyInformation")
)
_LEAF = re.compile(r">\s*([^<\s][^<]*)</(?:[^>:]*:)?([^>:\s]+)")
_ROLE, _ACCESS = (re.compile(rf"{name}[^<>]*>\s*<?([^<>/]*)") for name in ("partyRole", "nwAccessType"))
_OPENED = re.compile(r"<([^<>/\s]+)")
_TAG = re.compile(r"<[^<>]*>")
_TEXT = re.compile(r">\s*([^<\s](?:[^<]*[^<\s])?)\s*<")
_LOCATION = "userLocationInformation"
_TIMES = ("startTime", "endTime", "durationTime")

NAMES = {
    "imei14": ("naDeviceId", "iMEI"),
    "imsi": ("iMSI",),
    "number": ("mSISDN", "partyNumber"),
    "started_us": ("startTime",),
    "ended_us": ("endTime",),
    "duration_s": ("durationTime",),
    "latitude": ("latitude", "latitudeDec"),
    "longitude": ("longitude", "longitudeDec"),
    "azimuth": ("azimuth",),
    "beam_width": ("beamWidth",),
}
"""Column to the elements that say it, the first goes before."""

Leaves = dict[str, str]
"""Name of an element without children to its text; of several of a name, the first."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party: its texts, its `userLocationInformation` in the order of the document, its role."""

    leaves: Leaves
    locations: list[str]
    role: str
    session: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A use of a telephone service.

    Attributes:
        parties: one a row.
        shared: times of the whole communication, which hold where a party has none.
        free: texts that follow the communication.
    """

    parties: list[Party]
    shared: Leaves
    free: list[str]

    def written(self, party: Party) -> dict[str, str]:
        """Column to the text that is read for it, of all of `NAMES` and of the correspondent; empty: none."""
        leaves = {**self.shared, **party.leaves} if self.shared else party.leaves
        told = {
            column: next((leaves[name] for name in names if leaves.get(name)), "")
            for column, names in NAMES.items()
        }
        other = next((other.leaves for other in self.parties if other is not party), {})
        return told | {"correspondent": other.get("partyNumber") or other.get("mSISDN", "")}


def outline(record: str) -> Outline | str:
    """The outline of a record, or why it has none."""
    outside = _USAGE.split(record)
    if len(outside) < 3:
        return "no use of a telephone service"
    pieces = _PARTY.split(outside[1])
    parties = [Party(*_read(piece), _choice(_ROLE, piece)) for piece in pieces[1::2]]
    # What is not of a party: its own elements, and the session.
    beside = _SESSION.split("".join(pieces[::2]))
    if len(beside) > 1:
        parties = [_session(beside[1], parties)]
    if not parties:
        return "neither a party nor a data session"
    free = [unescape(written).rstrip() for written, _ in _LEAF.findall(outside[2])]
    shared = _read("".join(beside[::2]))[0]
    return Outline(parties, {name: shared[name] for name in _TIMES if name in shared}, free)


def cut(record: str) -> tuple[str, list[str]]:
    """The shape of a record, its texts left out, and those texts in their order."""
    pieces = _TEXT.split(record)
    texts = pieces[1::2]
    pieces[1::2] = [_MARK] * len(texts)
    if "&" in record:
        texts = [unescape(text).rstrip() if "&" in text else text for text in texts]
    return "".join(pieces), texts


_MARK = ">\0<"
"""Stands where a text was; no XML holds this character."""


def numbered(shape: str) -> str:
    """A record of a shape whose texts are their own places."""
    first, *rest = shape.split("\0")
    return first + "".join(f"{place}{piece}" for place, piece in enumerate(rest))


def _session(text: str, parties: list[Party]) -> Party:
    """A data session; what it lacks stands with the party in the exports of some operators."""
    party = parties[0] if parties else Party({}, [], "")
    own, locations = _read(text)
    leaves = {**party.leaves, **own, "nwAccessType": _choice(_ACCESS, text)}
    opened = map(_local, _OPENED.findall(text))
    branch = next((name for name in opened if name not in ("countryCode", "headerID")), "")
    return Party(leaves, locations or party.locations, party.role, branch in ("", "internetAccess"))


def _read(text: str) -> tuple[Leaves, list[str]]:
    """Texts of all elements that hold nothing else, and every location in the order of the document."""
    found = _LEAF.findall(text)
    if "&" in text:
        found = [(unescape(written), name) for written, name in found]
    locations = [written.rstrip() for written, name in found if name == _LOCATION]
    found.reverse()
    return {name: written.rstrip() for written, name in found}, locations


def _local(name: str) -> str:
    """A name without its namespace: versions of the standard differ in nothing else."""
    return name.rpartition(":")[2].rstrip()


def _choice(pattern: re.Pattern[str], text: str) -> str:
    """What an element says: by the name of its only child, or in its text."""
    found = pattern.search(text)
    return _local(found[1]).strip() if found else ""


def text_of(record: str) -> str:
    """All texts of a record, at most 1000 characters."""
    return " ".join(unescape(" ".join(_TAG.sub(" ", record).split())).split())[:1000]
