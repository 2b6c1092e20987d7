"""One ETSI TS 102 657 response record to rows: one a party of a call or message, one a data session."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from parloir.identifiers import imei, imsi, radio_cell
from parloir.readers.etsi_location import parse_coordinate, parse_location
from parloir.readers.msisdn import parse_msisdn
from parloir.readers.times import Moment, parse_moment

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
_TECHNOLOGIES = (("lte", "4G"), ("eutran", "4G"), ("umts", "3G"), ("utran", "3G"), ("nr", "5G"), ("gprs", "2G"), ("gsm", "2G"))
_PAIR = re.compile(r'"([^"]{1,100})"\s*=\s*"([^"]{0,1000})"')
_EMPTY = "<leer>"
"""What some operators write for an empty value."""
_TIME = re.compile(r"([0-9]{14})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})?")

Leaves = dict[str, list[str]]
"""Name of an element without children to its texts, in the order of the document."""


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
        places: rows of `radio_cells`.
    """

    values: dict[str, Any] | None
    remarks: list[tuple[str, str, str]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)


@cache
def local(tag: str) -> str:
    """A name without its namespace: versions of the standard differ in nothing else."""
    return tag.rpartition("}")[2]


def legs(record: Any, header: Header) -> list[Leg]:
    """The rows of a ResponseRecord, at least one."""
    usage = _descend(record, "recordPayload", "telephonyRecord", "telephonyServiceUsage")
    if usage is None:
        return [Leg(None, [("no use of a telephone service", "", _text_of(record))])]
    told = other_information(_descend(record, "additionalInformation", "otherInformation"))
    parties = [_Party.of(e) for info in _children(usage, "partyInformation") for e in info if isinstance(e.tag, str)]
    session = _descend(usage, "nationalTelephonyServiceUsage")
    if session is not None:
        parties = [_session(session, parties)]
    if not parties:
        return [Leg(None, [("neither a party nor a data session", "", _text_of(record))])]
    shared = _leaves([e for e in usage if local(str(e.tag)) == "communicationTime"])
    rows = [_leg(party, _other(party, parties), shared, told, header) for party in parties]
    kept = [row for row in rows if row.values]
    if kept and not any(row.values and row.values["radio_cell"] for row in kept):
        kept[0].remarks.append(("the record has no location", "radio_cell", ""))
    return rows


def other_information(element: Any) -> dict[str, str]:
    """Free `"key"="value"` pairs of an operator."""
    text = "" if element is None else element.text or ""
    return {key: value for key, value in _PAIR.findall(text) if value.strip().lower() != _EMPTY}


@dataclass(frozen=True)
class _Party:
    leaves: Leaves
    role: str
    session: bool = False

    @classmethod
    def of(cls, element: Any) -> _Party:
        leaves = _leaves(element)
        return cls(leaves, _choice(element, "partyRole"))

    def first(self, *names: str) -> str:
        """The first text under the first of some names that there is."""
        return next((self.leaves[name][0] for name in names if self.leaves.get(name)), "")


def _session(element: Any, parties: list[_Party]) -> _Party:
    """A data session; what it lacks stands with the party in the exports of some operators."""
    own = _leaves(element)
    merged = {**(parties[0].leaves if parties else {}), **own}
    branch = next((n for e in element if (n := local(str(e.tag))) not in ("countryCode", "headerID")), "")
    access = _choice(_descend(element, branch), "nwAccessType")
    merged["nwAccessType"] = [access] if access else []
    role = parties[0].role if parties else ""
    return _Party(merged, role, session=branch in ("", "internetAccess"))


def _other(party: _Party, parties: list[_Party]) -> str:
    return next((other.first("partyNumber", "mSISDN") for other in parties if other is not party), "")


def _leg(party: _Party, other: str, shared: Leaves, told: Mapping[str, str], header: Header) -> Leg:
    leg = Leg({"request": header.request, "operator": header.operator})
    values = leg.values or {}
    values["kind"] = _kind(party, told)
    if values["kind"] is None:
        leg.remarks.append(("a role that is no kind of communication", "kind", party.role))
    _identities(leg, values, party, other, header)
    _times(leg, values, party, shared, header)
    _places(leg, values, party)
    if "started_us" not in values:
        return Leg(None, [("no start time", "started_us", party.first("startTime"))])
    return leg


def _kind(party: _Party, told: Mapping[str, str]) -> str | None:
    if party.session:
        return "data"
    kind = _KINDS.get(party.role)
    text = told.get("Call Indikator") in _MESSAGES or "smsEvent" in party.leaves
    return kind.replace("call", "text") if kind and text else kind


def _identities(leg: Leg, values: dict[str, Any], party: _Party, other: str, header: Header) -> None:
    if written := party.first("naDeviceId", "iMEI"):
        found = imei.parse(written)
        values["imei14"] = found.imei14 if found else None
        _doubt(leg, found, "not an IMEI", "imei14", written)
    if written := party.first("iMSI"):
        values["imsi"] = imsi.parse(written)
        _doubt(leg, values["imsi"], "not an IMSI", "imsi", written)
    if written := party.first("mSISDN", "partyNumber"):
        values["number"] = parse_msisdn(written, header.country)
        _doubt(leg, values["number"], "not a telephone number", "number", written)
    if other:
        values["correspondent"] = parse_msisdn(other, header.country)
        values["correspondent_raw"] = other if values["correspondent"] is None else None


def _times(leg: Leg, values: dict[str, Any], party: _Party, shared: Leaves, header: Header) -> None:
    def read(name: str) -> Moment | None:
        written = party.first(name) or next(iter(shared.get(name, ())), "")
        moment = parse_time(written, header.zone) if written else None
        if written and (moment is None or moment.remark):
            leg.remarks.append((moment.remark if moment else "not a time", name, written))
        return moment

    started, ended = read("startTime"), read("endTime")
    if started:
        values["started_us"], values["offset_min"] = started.us, started.offset_min
    values["ended_us"] = ended.us if ended else None
    duration = party.first("durationTime") or next(iter(shared.get("durationTime", ())), "")
    values["duration_s"] = int(duration) if duration.isdecimal() and len(duration) < 10 else None


def parse_time(written: str, zone: ZoneInfo) -> Moment | None:
    """`20240927020503+0200` or `20240927020503Z` (ASN.1 GeneralizedTime), or any form of `times`."""
    if match := _TIME.fullmatch(written):
        digits, offset = match.groups()
        return parse_moment(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]} {digits[8:10]}:{digits[10:12]}:{digits[12:]}{offset or ''}", zone)
    return parse_moment(written, zone)


def _places(leg: Leg, values: dict[str, Any], party: _Party) -> None:
    written = party.leaves.get("userLocationInformation", [])
    found = [parse_location(text) for text in written]
    for text, cell in zip(written, found, strict=True):
        _doubt(leg, cell, "no radio cell that can be read", "radio_cell", text)
    values["radio_cell"] = found[0] if found else None
    values["radio_cell_end"] = found[-1] if len(found) > 1 else None
    access = party.first("nwAccessType").lower()
    values["technology"] = next((told for sign, told in _TECHNOLOGIES if sign in access), None)
    if values["radio_cell"] is not None and (place := _place(party)):
        raw = radio_cell.text(values["radio_cell"])
        leg.places.append({"radio_cell": values["radio_cell"], "radio_cell_raw": raw, "operator": values["operator"], **place})


def _place(party: _Party) -> dict[str, Any]:
    """Where the radio cell of the start stands."""
    latitude = parse_coordinate(party.first("latitude", "latitudeDec"), 90.0)
    longitude = parse_coordinate(party.first("longitude", "longitudeDec"), 180.0)
    if latitude is None or longitude is None:
        return {}
    azimuth, beam = party.first("azimuth"), party.first("beamWidth")
    return {
        "latitude": latitude,
        "longitude": longitude,
        "azimuth": _degrees(azimuth),
        "beam_width": _degrees(beam),
    }


def _degrees(written: str) -> float | None:
    degrees = float(written) if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", written) else -1.0
    return degrees if 0 <= degrees <= 360 else None


def _doubt(leg: Leg, found: object, reason: str, column: str, raw: str) -> None:
    if found is None:
        leg.remarks.append((reason, column, raw))


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if isinstance(child.tag, str) and local(child.tag) == name)


def _descend(element: Any, *names: str) -> Any:
    for name in names:
        element = None if element is None else next(_children(element, name), None)
    return element


def _leaves(elements: Any) -> Leaves:
    """Texts of all elements without children, below an element or a list of them."""
    leaves: Leaves = {}
    for root in elements if isinstance(elements, list) else [elements]:
        for element in root.iter():
            if not len(element) and isinstance(element.tag, str) and element.text and (text := element.text.strip()):
                leaves.setdefault(local(element.tag), []).append(text)
    return leaves


def _choice(element: Any, name: str) -> str:
    """What an element says: in its text, or by the name of its only child."""
    found = _descend(element, name)
    if found is None:
        return ""
    if len(found):
        return local(str(found[0].tag))
    return (found.text or "").strip()


def _text_of(record: Any) -> str:
    texts = (text for element in record.iter() if (text := (element.text or "").strip()))
    return " ".join(texts)[:1000]
