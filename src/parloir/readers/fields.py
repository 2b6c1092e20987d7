"""One field as written to the value of a canonical column.

Each function reads a text that is not empty and answers a `Reading`: the value or None, and what is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from parloir.identifiers import email, imei, imsi, phone, radio_cell
from parloir.readers import amounts
from parloir.readers.layout import Layout, header_key
from parloir.readers.msisdn import parse_msisdn
from parloir.readers.reader import Options
from parloir.readers.times import DateOrder, parse_day, parse_day_number, parse_moment, zone
from parloir.tables.schema import DAY, REAL, SMALL, TEXTS, YES_NO, Column

CLOSED: dict[tuple[str, str], frozenset[str]] = {
    ("network_records", "kind"): frozenset(
        ("call_out", "call_in", "text_out", "text_in", "data", "signalling")
    ),
    ("seizures", "item"): frozenset(
        ("handset", "sim", "cash", "accessory", "drugs", "other", "nothing")
    ),
    ("stock", "origin"): frozenset(("invoice", "store_room", "seized")),
    ("requests", "kind"): frozenset(("radio_cells", "wide_area", "handsets")),
    ("reports", "kind"): frozenset(("tip_off", "screenshot", "post")),
    ("reports", "source_grade"): frozenset("ABCDEFX"),
    ("reports", "information_grade"): frozenset("1234"),
    ("protected", "category"): frozenset(
        ("lawyer", "magistrate", "clergy", "doctor", "press", "ombudsman")
    ),
}  # fmt: skip
"""Columns that admit only these values."""
LABELS = frozenset(("seizures", "stock"))
"""Tables whose IMEIs were read from labels, where the check digit counts."""


@dataclass(frozen=True)
class Setting:
    """What fields are read by.

    Attributes:
        table: canonical table.
        country: ISO 3166 alpha-2 of numbers in national form.
        zone: of times without an offset.
        order: of dates in figures.
        separator: pattern between the parts of a list.
        values: column to written to meant, written as `header_key` has it.
        otherwise: column to the value that stands for all that is unknown.
    """

    table: str
    country: str
    zone: ZoneInfo
    order: DateOrder
    separator: re.Pattern[str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, options: Options) -> Setting:
        """The layout's own, else what was told at take-in."""
        order: DateOrder = "mdy" if layout.date_order == "mdy" else "dmy"
        return cls(
            table=layout.table,
            country=layout.country or options.country,
            zone=zone(layout.timezone or options.timezone),
            order=order,
            separator=re.compile(f"[{re.escape(layout.separators)}]"),
            values=layout.values,
            otherwise=layout.otherwise,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a field says.

    Attributes:
        value: for the canonical column; None where it cannot be read.
        doubt: one clause, or empty.
        offset_min: of a time.
    """

    value: Any
    doubt: str = ""
    offset_min: int | None = None


Read = Callable[[str, Setting], Reading]


def reader_of(table: str, column: Column) -> Read:
    """How the fields of a column are read."""
    if (table, column.name) in CLOSED:
        return _closed(column.name, CLOSED[table, column.name])
    if column.name in _BY_NAME:
        return _BY_NAME[column.name]
    if column.name.endswith("_us"):
        return _time
    return _by_type(column)


def _by_type(column: Column) -> Read:
    if column.type in (pa.int64(), SMALL):
        return _small if column.type == SMALL else _whole
    others: dict[pa.DataType, Read] = {TEXTS: _texts, DAY: _birthday, REAL: _real, YES_NO: _yes_no}
    return others.get(column.type, _mapped(column.name))


def _mapped(column: str) -> Read:
    def read(text: str, setting: Setting) -> Reading:
        known = setting.values.get(column)
        return Reading(known.get(header_key(text[:200]), text) if known else text)

    return read


def _closed(column: str, allowed: frozenset[str]) -> Read:
    def read(text: str, setting: Setting) -> Reading:
        if text in allowed:
            return Reading(text)
        meant = setting.values.get(column, {}).get(header_key(text[:200]))
        meant = meant or next(
            (value for value in allowed if header_key(value) == header_key(text[:200])), None
        )
        if meant in allowed:
            return Reading(meant)
        return Reading(setting.otherwise.get(column), f"no {column.replace('_', ' ')} that is known")

    return read


def _phone(text: str, setting: Setting) -> Reading:
    recorded = setting.table == "network_records"
    found = parse_msisdn(text, setting.country) if recorded else _number(phone.parse(text, setting.country))
    return Reading(found, "" if found else "not a telephone number")


def _number(found: phone.Phone | None) -> int | None:
    return found.number if found else None


def _party(text: str, setting: Setting) -> Reading:
    """The other party of a communication: short codes and names are no doubt."""
    return Reading(parse_msisdn(text, setting.country))


def _phones(text: str, setting: Setting) -> Reading:
    found = [
        number.number for part in _parts(text, setting) for number in phone.parse_all(part, setting.country)
    ]
    return Reading(list(dict.fromkeys(found)), "" if found else "no telephone number")


def _imei(text: str, setting: Setting) -> Reading:
    found = imei.parse(text)
    if found is None:
        return Reading(None, "not an IMEI")
    wrong = setting.table in LABELS and found.check in ("wrong", "zero")
    return Reading(found.imei14, f"the check digit is not {imei.luhn_digit(found.imei14)}" if wrong else "")


def _imeis(text: str, setting: Setting) -> Reading:
    # "352099001761481/01" is one IMEI with its software version, not two.
    whole = imei.parse(text) if "/" in text else None
    readings = [_imei(part, setting) for part in ([text] if whole else _parts(text, setting))]
    doubts = dict.fromkeys(reading.doubt for reading in readings if reading.doubt)
    return Reading([r.value for r in readings if r.value is not None], "; ".join(doubts)[:300])


def _imsi(text: str, _: Setting) -> Reading:
    found = imsi.parse(text)
    return Reading(found, "" if found else "not an IMSI")


def _radio_cell(text: str, _: Setting) -> Reading:
    found = radio_cell.parse(text)
    return Reading(found, "" if found is not None else "not a radio cell")


def _radio_cells(text: str, setting: Setting) -> Reading:
    found = [radio_cell.parse(part) for part in _parts(text, setting)]
    known = [number for number in found if number is not None]
    return Reading(known, "" if len(known) == len(found) else "not a radio cell")


def _email(text: str, _: Setting) -> Reading:
    found = email.normalise(text)
    return Reading(found.normalised) if found else Reading(None, "not an e-mail address")


def _time(text: str, setting: Setting) -> Reading:
    found = parse_moment(text, setting.zone, setting.order) or parse_day_number(text, setting.zone)
    return Reading(found.us, found.remark, found.offset_min) if found else Reading(None, "not a time")


def _birthday(text: str, setting: Setting) -> Reading:
    if found := parse_day(text, setting.order):
        return Reading(found)
    counted = parse_day_number(text, zone("UTC"))
    return Reading(counted.day, counted.remark) if counted else Reading(None, "not a date")


def _seconds(text: str, _: Setting) -> Reading:
    found = amounts.parse_seconds(text)
    return Reading(found, "" if found is not None else "not a duration")


def _cents(text: str, _: Setting) -> Reading:
    found = amounts.parse_cents(text)
    return Reading(found, "" if found is not None else "not an amount")


def _whole(text: str, _: Setting) -> Reading:
    found = amounts.parse_whole(text)
    return Reading(found, "" if found is not None else "not a whole number")


def _small(text: str, _: Setting) -> Reading:
    found = amounts.parse_whole(text)
    fits = found is not None and -32768 <= found <= 32767
    return Reading(found if fits else None, "" if fits else "not a small whole number")


def _real(text: str, _: Setting) -> Reading:
    found = amounts.parse_decimal(text)
    return Reading(found, "" if found is not None else "not a number")


def _degrees(limit: float) -> Read:
    def read(text: str, _: Setting) -> Reading:
        found = amounts.parse_degrees(text, limit)
        return Reading(found, "" if found is not None else "not a coordinate")

    return read


def _texts(text: str, setting: Setting) -> Reading:
    return Reading(_parts(text, setting))


def _yes_no(text: str, _: Setting) -> Reading:
    key = header_key(text[:20])
    if key in ("1", "true", "yes", "oui", "vrai"):
        return Reading(True)
    return (
        Reading(False) if key in ("0", "false", "no", "non", "faux") else Reading(None, "neither yes nor no")
    )


def _parts(text: str, setting: Setting) -> list[str]:
    return [stripped for part in setting.separator.split(text) if (stripped := part.strip())]


_BY_NAME: dict[str, Read] = {
    "number": _phone,
    "numbers": _phones,
    "correspondent": _party,
    "imei14": _imei,
    "imeis": _imeis,
    "imsi": _imsi,
    "radio_cell": _radio_cell,
    "radio_cell_end": _radio_cell,
    "radio_cells": _radio_cells,
    "email": _email,
    "duration_s": _seconds,
    "cash_cents": _cents,
    "latitude": _degrees(90.0),
    "longitude": _degrees(180.0),
}
