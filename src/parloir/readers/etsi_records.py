"""One ETSI TS 102 657 response record to rows: one a party of a call or message, one a data session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parloir.identifiers import imei, imsi, radio_cell
from parloir.readers.etsi_location import parse_coordinate, parse_location
from parloir.readers.msisdn import parse_msisdn
from parloir.readers.times import Moment, parse_moment
from parloir.readers.times import zone as utc

_KINDS = {
    "originating-Party": "call_out",
    "terminating-Party": "call_in",
    "forwarded-to-Party": "call_in",
    "smsOriginator": "text_out",
    "smsRecipient": "text_in",
    "mmsOriginator": "text_out",
    "mmsRecipient": "text_in",
}
"""partyRole (TS 102 657 annex B, TelephonyPartyRole) to kind."""
_MESSAGES = ("MOM", "MTM")
"""Call indicators of messages, where an operator marks them so and gives the roles of a call."""
_TECHNOLOGIES = (
    ("lte", "4G"),
    ("eutran", "4G"),
    ("umts", "3G"),
    ("utran", "3G"),
    ("nr", "5G"),
    ("gprs", "2G"),
    ("gsm", "2G"),
)
_PAIR = re.compile(r'"([^"]{1,100})"\s*=\s*"([^"]{0,1000})"')
_EMPTY = "<leer>"
"""What some operators write for an empty value."""
_TIME = re.compile(r"([0-9]{14})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})?")

# A document is serialised anew before it comes here, so < and > stand in tags alone, and a pattern that
# ends a name with > never matches text. Each begins with what is rare, which is quick to find; prefixes do
# not matter.
_USAGE, _SESSION, _PARTY = (
    re.compile(rf"{name}[^<>]*>")
    for name in ("telephonyServiceUsage", "nationalTelephonyServiceUsage", "TelephonyPartyInformation")
)
_LEAF = re.compile(r">\s*([^<\s][^<]*)</(?:[^>:]*:)?([^>:\s]+)")
_ROLE, _ACCESS = (re.compile(rf"{name}[^<>]*>\s*<?([^<>/]*)") for name in ("partyRole", "nwAccessType"))
_OPENED = re.compile(r"<([^<>/\s]+)")
_TAG = re.compile(r"<[^<>]*>")

Leaves = dict[str, str]
"""Name of an element without children to its text; of several of a name, the first."""
_LOCATION = "userLocationInformation"


@dataclass(frozen=True)
class Header:
    """What holds for a whole document.

    Attributes:
        request: requestNumber of the request that it answers.
        operator: cSPID, the operator that answers.
        country: for numbers in national form.
        zone: for times without offset, which the standard does not allow and which occur.
    """

    request: str | None
    operator: str | None
    country: str
    zone: ZoneInfo


@dataclass(frozen=True)
class Leg:
    """One row with its remarks.

    Attributes:
        values: of `network_records`; None where nothing could be read.
        remarks: reason, column and text; a sole warning where there are no values.
        place: where its radio cell stands, as written.
    """

    values: dict[str, Any] | None
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    place: Place | None = None


class Place(NamedTuple):
    """A radio cell and where it stands, as written; most records of a document repeat one."""

    radio_cell: int
    operator: str | None
    latitude: str
    longitude: str
    azimuth: str
    beam_width: str

    def row(self) -> dict[str, Any]:
        """As a row of `radio_cells`; empty where the coordinates cannot be read."""
        latitude = parse_coordinate(self.latitude, 90.0)
        longitude = parse_coordinate(self.longitude, 180.0)
        if latitude is None or longitude is None:
            return {}
        return {
            "radio_cell": self.radio_cell,
            "radio_cell_raw": radio_cell.text(self.radio_cell),
            "operator": self.operator,
            "latitude": latitude,
            "longitude": longitude,
            "azimuth": _degrees(self.azimuth),
            "beam_width": _degrees(self.beam_width),
        }


def legs(record: str, header: Header) -> list[Leg]:
    """The rows of a ResponseRecord, at least one.

    Args:
        record: serialised anew by the parser, so that < and > stand in tags alone.
        header: what holds for the document.
    """
    outside = _USAGE.split(record)
    if len(outside) < 3:
        return [Leg(None, [("no use of a telephone service", "", _text_of(record))])]
    pieces = _PARTY.split(outside[1])
    parties = [_Party(*_read(piece), _choice(_ROLE, piece)) for piece in pieces[1::2]]
    # What is not of a party: its own elements, and the session.
    beside = _SESSION.split("".join(pieces[::2]))
    if len(beside) > 1:
        parties = [_session(beside[1], parties)]
    if not parties:
        return [Leg(None, [("neither a party nor a data session", "", _text_of(record))])]
    # Times of the whole communication hold where a party has none.
    (shared, _), told = _read("".join(beside[::2])), other_information(outside[2])
    rows = [_leg(party, _other(party, parties), shared, told, header) for party in parties]
    kept = [row for row in rows if row.values]
    if kept and not any(row.values["radio_cell"] for row in kept if row.values):
        kept[0].remarks.append(("the record has no location", "radio_cell", ""))
    return rows


def other_information(text: str) -> dict[str, str]:
    """Free `"key"="value"` pairs of an operator."""
    if '"' not in text and "&" not in text:
        return {}
    return {key: value for key, value in _PAIR.findall(unescape(text)) if value.strip().lower() != _EMPTY}


@dataclass(frozen=True, slots=True)
class _Party:
    """A party: its texts, its `userLocationInformation` in the order of the document, its role."""

    leaves: Leaves
    locations: list[str]
    role: str
    session: bool = False


def _session(text: str, parties: list[_Party]) -> _Party:
    """A data session; what it lacks stands with the party in the exports of some operators."""
    party = parties[0] if parties else _Party({}, [], "")
    own, locations = _read(text)
    leaves = {**party.leaves, **own, "nwAccessType": _choice(_ACCESS, text)}
    opened = map(_local, _OPENED.findall(text))
    branch = next((name for name in opened if name not in ("countryCode", "headerID")), "")
    return _Party(leaves, locations or party.locations, party.role, branch in ("", "internetAccess"))


def _other(party: _Party, parties: list[_Party]) -> str:
    for other in parties:
        if other is not party:
            return other.leaves.get("partyNumber") or other.leaves.get("mSISDN", "")
    return ""


def _leg(party: _Party, other: str, shared: Leaves, told: Mapping[str, str], header: Header) -> Leg:
    values: dict[str, Any] = {"request": header.request, "operator": header.operator}
    remarks: list[tuple[str, str, str]] = []
    values["kind"] = _kind(party, told)
    if values["kind"] is None:
        remarks.append(("a role that is no kind of communication", "kind", party.role))
    _identities(values, remarks, party.leaves, other, header)
    if not _times(values, remarks, {**shared, **party.leaves} if shared else party.leaves, header.zone):
        return Leg(None, [("no start time", "started_us", party.leaves.get("startTime", ""))])
    _cells(values, remarks, party)
    return Leg(values, remarks, _place(values, party.leaves))


def _kind(party: _Party, told: Mapping[str, str]) -> str | None:
    if party.session:
        return "data"
    kind = _KINDS.get(party.role)
    text = told.get("Call Indikator") in _MESSAGES or "smsEvent" in party.leaves
    return kind.replace("call", "text") if kind and text else kind


def _identities(
    values: dict[str, Any], remarks: list[tuple[str, str, str]], leaves: Leaves, other: str, header: Header
) -> None:
    read: tuple[tuple[str, str, Any, str], ...] = (
        ("imei14", leaves.get("naDeviceId") or leaves.get("iMEI", ""), _imei14, "not an IMEI"),
        ("imsi", leaves.get("iMSI", ""), _imsi, "not an IMSI"),
    )
    for column, written, parse, reason in read:
        if written:
            values[column] = parse(written)
            if values[column] is None:
                remarks.append((reason, column, written))
    if written := leaves.get("mSISDN") or leaves.get("partyNumber", ""):
        values["number"] = parse_msisdn(written, header.country)
        if values["number"] is None:
            remarks.append(("not a telephone number", "number", written))
    if other:
        values["correspondent"] = parse_msisdn(other, header.country)
        values["correspondent_raw"] = other if values["correspondent"] is None else None


@lru_cache(maxsize=1 << 16)
def _imei14(written: str) -> int | None:
    found = imei.parse(written)
    return found.imei14 if found else None


_imsi = lru_cache(maxsize=1 << 16)(imsi.parse)


def _times(
    values: dict[str, Any], remarks: list[tuple[str, str, str]], leaves: Leaves, zone: ZoneInfo
) -> bool:
    """Fill in the times; False where there is no start."""
    for column, name in (("started_us", "startTime"), ("ended_us", "endTime")):
        if written := leaves.get(name):
            moment = parse_time(written, zone)
            values[column] = moment.us if moment else None
            if moment and column == "started_us":
                values["offset_min"] = moment.offset_min
            if moment is None or moment.remark:
                remarks.append((moment.remark if moment else "not a time", column, written))
    duration = leaves.get("durationTime", "")
    values["duration_s"] = int(duration) if duration.isdecimal() and len(duration) < 10 else None
    return values.get("started_us") is not None


def parse_time(written: str, zone: ZoneInfo) -> Moment | None:
    """`20240927020503+0200` or `20240927020503Z` (ASN.1 GeneralizedTime), or any form of `times`."""
    match = _TIME.fullmatch(written)
    if match is None:
        return parse_moment(written, zone)
    digits, offset = match.groups()
    if not offset:
        return parse_moment(digits, zone)
    # The day is read with the care of `times`, once; the rest is sums.
    day = _midnight(digits[:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:])
    minutes = 0 if offset == "Z" else int(offset[1:3]) * 60 + int(offset[3:])
    if day is None or hour > 23 or minute > 59 or second > 59 or minutes > 18 * 60:
        return None
    minutes = -minutes if offset[0] == "-" else minutes
    return Moment(day + (hour * 3600 + minute * 60 + second - minutes * 60) * 1_000_000, minutes)


@lru_cache(maxsize=4096)
def _midnight(digits: str) -> int | None:
    found = parse_moment(digits, utc("UTC"))
    return found.us if found else None


def _cells(values: dict[str, Any], remarks: list[tuple[str, str, str]], party: _Party) -> None:
    found = [parse_location(text) for text in party.locations]
    for text, cell in zip(party.locations, found, strict=True):
        if cell is None:
            remarks.append(("no radio cell that can be read", "radio_cell", text))
    values["radio_cell"] = found[0] if found else None
    values["radio_cell_end"] = found[-1] if len(found) > 1 else None
    if access := party.leaves.get("nwAccessType", "").lower():
        values["technology"] = next((told for sign, told in _TECHNOLOGIES if sign in access), None)


def _place(values: dict[str, Any], leaves: Leaves) -> Place | None:
    """Where the radio cell of the start stands."""
    latitude = leaves.get("latitude") or leaves.get("latitudeDec")
    longitude = leaves.get("longitude") or leaves.get("longitudeDec")
    cell = values["radio_cell"]
    if cell is None or not latitude or not longitude:
        return None
    azimuth, beam = leaves.get("azimuth", ""), leaves.get("beamWidth", "")
    return Place(cell, values["operator"], latitude, longitude, azimuth, beam)


def _degrees(written: str) -> float | None:
    degrees = float(written) if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", written) else -1.0
    return degrees if 0 <= degrees <= 360 else None


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


def _text_of(record: str) -> str:
    return " ".join(unescape(" ".join(_TAG.sub(" ", record).split())).split())[:1000]
