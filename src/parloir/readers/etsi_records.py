"""One ETSI TS 102 657 response record to rows: one a party of a call or message, one a data session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parloir.identifiers import imei, imsi, radio_cell
from parloir.readers.etsi_location import parse_coordinate, parse_location
from parloir.readers.etsi_outline import Leaves, Outline, Party, outline, text_of
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
_MESSAGE = re.compile(r'"Call Indikator"\s*=\s*"(?:MOM|MTM)"')
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
NO_LOCATION = "the record has no location"
_TIME = re.compile(r"([0-9]{14})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})?")


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
    found = outline(record)
    if isinstance(found, str):
        return [Leg(None, [(found, "", text_of(record))])]
    message = is_message("\n".join(found.free))
    rows = [_leg(party, found, message, header) for party in found.parties]
    kept = [row for row in rows if row.values]
    if kept and not any(row.values["radio_cell"] for row in kept if row.values):
        kept[0].remarks.append((NO_LOCATION, "radio_cell", ""))
    return rows


def is_message(free: str) -> bool:
    """Whether free `"key"="value"` pairs of an operator mark a message."""
    return _MESSAGE.search(free) is not None


def _leg(party: Party, found: Outline, message: bool, header: Header) -> Leg:
    values: dict[str, Any] = {"request": header.request, "operator": header.operator}
    remarks: list[tuple[str, str, str]] = []
    values["kind"] = kind_of(party, message)
    if values["kind"] is None:
        remarks.append(("a role that is no kind of communication", "kind", party.role))
    told = found.written(party)
    _identities(values, remarks, told, header.country)
    if not _times(values, remarks, told, header.zone):
        return Leg(None, [("no start time", "started_us", told["started_us"])])
    _cells(values, remarks, party)
    return Leg(values, remarks, place_of(values["radio_cell"], header.operator, told))


def kind_of(party: Party, message: bool) -> str | None:
    """The kind of communication of a party, None where its role is none."""
    if party.session:
        return "data"
    kind = _KINDS.get(party.role)
    text = message or "smsEvent" in party.leaves
    return kind.replace("call", "text") if kind and text else kind


def technology_of(leaves: Leaves) -> str | None:
    """The technology of the access network of a party, None where none is told that is known."""
    access = leaves.get("nwAccessType", "").lower()
    return next((told for sign, told in _TECHNOLOGIES if sign in access), None)


def _identities(
    values: dict[str, Any], remarks: list[tuple[str, str, str]], told: Mapping[str, str], country: str
) -> None:
    read: tuple[tuple[str, Any, str], ...] = (
        ("imei14", _imei14, "not an IMEI"),
        ("imsi", _imsi, "not an IMSI"),
        ("number", lambda written: parse_msisdn(written, country), "not a telephone number"),
    )
    for column, parse, reason in read:
        if written := told[column]:
            values[column] = parse(written)
            if values[column] is None:
                remarks.append((reason, column, written))
    if other := told["correspondent"]:
        values["correspondent"] = parse_msisdn(other, country)
        values["correspondent_raw"] = other if values["correspondent"] is None else None


@lru_cache(maxsize=1 << 16)
def _imei14(written: str) -> int | None:
    found = imei.parse(written)
    return found.imei14 if found else None


_imsi = lru_cache(maxsize=1 << 16)(imsi.parse)


def _times(
    values: dict[str, Any], remarks: list[tuple[str, str, str]], told: Mapping[str, str], zone: ZoneInfo
) -> bool:
    """Fill in the times; False where there is no start."""
    for column in ("started_us", "ended_us"):
        if written := told[column]:
            moment = parse_time(written, zone)
            values[column] = moment.us if moment else None
            if moment and column == "started_us":
                values["offset_min"] = moment.offset_min
            if moment is None or moment.remark:
                remarks.append((moment.remark if moment else "not a time", column, written))
    duration = told["duration_s"]
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


def _cells(values: dict[str, Any], remarks: list[tuple[str, str, str]], party: Party) -> None:
    found = [parse_location(text) for text in party.locations]
    for text, cell in zip(party.locations, found, strict=True):
        if cell is None:
            remarks.append(("no radio cell that can be read", "radio_cell", text))
    values["radio_cell"] = found[0] if found else None
    values["radio_cell_end"] = found[-1] if len(found) > 1 else None
    values["technology"] = technology_of(party.leaves)


def place_of(cell: int | None, operator: str | None, told: Mapping[str, str]) -> Place | None:
    """Where the radio cell of the start stands, None where that is not told."""
    if cell is None or not told["latitude"] or not told["longitude"]:
        return None
    return Place(cell, operator, told["latitude"], told["longitude"], told["azimuth"], told["beam_width"])


def _degrees(written: str) -> float | None:
    degrees = float(written) if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", written) else -1.0
    return degrees if 0 <= degrees <= 360 else None
