"""ETSI TS 102 657 records to rows, many at once: the records of one shape differ in their texts alone.

Where a record's texts stand is told once for its shape, and the texts of many records are converted as
columns. What the quick way does not understand to the letter is read with care, record by record
(`etsi_records`): the result is the same either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.readers.batches import Batches, Severity
from parloir.readers.columnar import canonical
from parloir.readers.digits import Flags
from parloir.readers.etsi_location import parse_location
from parloir.readers.etsi_outline import NAMES, Party, cut, numbered, outline
from parloir.readers.etsi_records import (
    NO_LOCATION,
    Header,
    Place,
    is_message,
    kind_of,
    legs,
    place_of,
    technology_of,
)
from parloir.readers.moments import generalized
from parloir.readers.msisdn import parse_msisdn
from parloir.readers.network_columns import integers, planned, repeated
from parloir.readers.reader import Part, Rows
from parloir.tables import NETWORK_RECORDS
from parloir.vault.member import Member

pc: Any = pyarrow.compute
SOURCE = "ResponseRecord"
_LONGEST_SHAPE = 20_000
"""Characters of a shape that is worth remembering."""
_MET_AT_MOST = 1 << 20
"""Places that are remembered, so that each is told once."""
_TEXTS = (*NAMES, "correspondent", "radio_cell", "radio_cell_end")
_PLACE = ("radio_cell", "latitude", "longitude", "azimuth", "beam_width")
_FRACTION = r"^([0-9]{14})[.,][0-9]+(Z|[+-][0-9]{4})$"


@dataclass(frozen=True)
class _Row:
    """One row of each record of a shape.

    Attributes:
        texts: column to the place of its text.
        kind: with the indicator of a message and without.
        technology: of the access network.
    """

    texts: dict[str, int]
    kind: tuple[str | None, str | None]
    technology: str | None


@dataclass(frozen=True)
class _Plan:
    """What the records of one shape yield, and where their free texts stand."""

    rows: list[_Row]
    free: list[int]


@lru_cache(maxsize=256)
def _plan(shape: str) -> _Plan | None:
    """The plan of a shape, None where its records have to be read one by one."""
    found = outline(numbered(shape))
    if isinstance(found, str):
        return None
    rows = [_row(party, found.written(party)) for party in found.parties]
    whole = [row for row in rows if row is not None]
    return _Plan(whole, [int(place) for place in found.free]) if len(whole) == len(rows) else None


def _row(party: Party, told: dict[str, str]) -> _Row | None:
    # A role or a network that is told by a text is not told by the shape.
    chosen = (party.role, party.leaves.get("nwAccessType", ""))
    kinds = kind_of(party, True), kind_of(party, False)
    if any(name[:1].isdecimal() for name in chosen) or None in kinds or not told["started_us"]:
        return None
    if len(party.locations) > 2:
        return None
    told = dict(told)
    if party.locations:
        told["radio_cell"] = party.locations[0]
    if len(party.locations) > 1:
        told["radio_cell_end"] = party.locations[1]
    texts = {column: int(place) for column, place in told.items() if place}
    return _Row(texts, kinds, technology_of(party.leaves))


@dataclass
class _Group:
    """Records of one shape: each, its texts, and the number of its first row."""

    plan: _Plan
    records: list[str] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)


class _Table:
    """The texts of many rows by column, an empty one where there is none."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {column: [] for column in _TEXTS}
        self.kinds: list[str | None] = []
        self.technologies: list[str | None] = []
        self.numbers: list[int] = []
        self.firsts: list[int] = []

    def add(self, group: _Group) -> None:
        """All rows of a group."""
        count, columns = len(group.texts), list(zip(*group.texts, strict=True))
        free = [columns[place] for place in group.plan.free]
        messages = [is_message("\n".join(texts)) for texts in zip(*free, strict=True)] or [False] * count
        for place, row in enumerate(group.plan.rows):
            for column in _TEXTS:
                at = row.texts.get(column)
                self.texts[column] += [""] * count if at is None else columns[at]
            marked, plain = row.kind
            self.kinds += [marked if message else plain for message in messages]
            self.technologies += [row.technology] * count
            self.numbers += [first + place for first in group.firsts]
            self.firsts += group.firsts


class Converter:
    """Converts the records of one document.

    Args:
        member: the document.
    """

    def __init__(self, member: Member) -> None:
        self._member = member
        self._met: set[Place] = set()
        self.count = 0
        """Rows met."""

    def parts(self, records: Sequence[str], header: Header) -> Iterator[Part]:
        """The rows of some records that follow each other."""
        some = _Some(header, Batches(self._member, SOURCE))
        groups: dict[str, _Group] = {}
        for record in records:
            shape, texts = cut(record)
            plan = _plan(shape) if len(shape) <= _LONGEST_SHAPE and "" not in texts else None
            if plan is None:
                self.count += some.careful(record, self.count + 1)
                continue
            group = groups.setdefault(shape, _Group(plan))
            group.records.append(record)
            group.texts.append(texts)
            group.firsts.append(self.count + 1)
            self.count += len(plan.rows)
        if groups:
            yield from self._quick(some, list(groups.values()))
        for number, place in sorted(some.places, key=itemgetter(0)):
            self._keep(some.batches, place, number)
        yield from some.batches.rest()

    def _quick(self, some: _Some, groups: list[_Group]) -> Iterator[Part]:
        table = _Table()
        for group in groups:
            table.add(group)
        columns, wrong = _columns(table, some.header)
        numbers, firsts = np.array(table.numbers), np.array(table.firsts)
        odd = set(firsts[wrong].tolist())
        for group in groups:
            some.quick(group, odd)
        right = ~np.isin(firsts, list(odd))
        some.placed(table, right)
        chosen = np.flatnonzero(right)
        chosen = chosen[np.argsort(numbers[chosen])]
        if len(chosen):
            batch = canonical(NETWORK_RECORDS, self._member, SOURCE, pa.array(numbers), columns)
            yield Rows(NETWORK_RECORDS.name, batch.take(pa.array(chosen, pa.int64())))

    def _keep(self, batches: Batches, place: Place, number: int) -> None:
        if place in self._met:
            return
        if len(self._met) >= _MET_AT_MOST:
            self._met.clear()
        self._met.add(place)
        if row := place.row():
            batches.row("radio_cells", number, row, primary=False)


@dataclass
class _Some:
    """What becomes of some records: rows read with care, doubts, places as met."""

    header: Header
    batches: Batches
    places: list[tuple[int, Place]] = field(default_factory=list)

    def careful(self, record: str, first: int) -> int:
        """Keep the rows of a record whose first is row `first`; how many they are."""
        rows = legs(record, self.header)
        for number, leg in enumerate(rows, first):
            for reason, column, raw in leg.remarks:
                severity: Severity = "warning" if leg.values is None else "remark"
                self.batches.doubt(severity, number, reason, column=column, raw=raw)
            if leg.values is not None:
                self.batches.row(NETWORK_RECORDS.name, number, leg.values)
            if leg.place is not None:
                self.places.append((number, leg.place))
        return len(rows)

    def quick(self, group: _Group, odd: set[int]) -> None:
        """Keep what is no column of a group's rows; records whose first row is among `odd` need care."""
        located = any("radio_cell" in row.texts for row in group.plan.rows)
        for record, first in zip(group.records, group.firsts, strict=True):
            if first in odd:
                self.careful(record, first)
            elif not located:
                self.batches.doubt("remark", first, NO_LOCATION, column="radio_cell")

    def placed(self, table: _Table, right: Flags) -> None:
        """Keep each place with the first row of `right` that tells it."""
        first: dict[tuple[str, ...], int] = {}
        told = zip(*(table.texts[name] for name in _PLACE), strict=True)
        for written, number, fine in zip(told, table.numbers, right.tolist(), strict=True):
            if fine and number < first.get(written, number + 1):
                first[written] = number
        for written, number in first.items():
            names = dict(zip(_PLACE, written, strict=True))
            cell = parse_location(names["radio_cell"]) if names["radio_cell"] else None
            if place := place_of(cell, self.header.operator, names):
                self.places.append((number, place))


def _columns(table: _Table, header: Header) -> tuple[dict[str, Any], Flags]:
    """Canonical columns, and the rows that have to be read with care."""
    texts: dict[str, Any] = {name: pa.array(column, pa.string()) for name, column in table.texts.items()}
    count = len(table.numbers)
    wrong = np.zeros(count, np.bool_)
    columns: dict[str, Any] = {
        name: integers(name, texts[name], wrong) for name in ("imei14", "imsi", "duration_s")
    }
    for name in ("started_us", "ended_us"):
        told = generalized(pc.replace_substring_regex(texts[name], _FRACTION, r"\1\2"))
        wrong |= ~(told.right | told.empty)
        columns[name] = pa.array(told.us, mask=~told.right)
        if name == "started_us":
            columns["offset_min"] = pa.array(told.offset_min, mask=~told.right)
    for name in ("radio_cell", "radio_cell_end"):
        columns[name] = _cells(texts[name], wrong)
    columns["number"] = _numbers(texts["number"], header.country)
    other = columns["correspondent"] = _numbers(texts["correspondent"], header.country)
    named = pc.and_(pc.is_null(other), pc.not_equal(texts["correspondent"], ""))
    columns["correspondent_raw"] = pc.if_else(named, texts["correspondent"], None)
    wrong |= _lost(columns["number"], texts["number"])
    columns["kind"] = pa.array(table.kinds, pa.string())
    columns["technology"] = pa.array(table.technologies, pa.string())
    for name, value in (("request", header.request), ("operator", header.operator)):
        columns[name] = repeated(value, pa.string(), count)
    return columns, wrong


def _lost(values: Any, texts: Any) -> Flags:
    lost: Flags = pc.and_(pc.is_null(values), pc.not_equal(texts, "")).to_numpy(zero_copy_only=False)
    return lost


def _cells(texts: Any, wrong: Flags) -> Any:
    encoded = texts.dictionary_encode()
    cells = [parse_location(text) if text else None for text in encoded.dictionary.to_pylist()]
    read = pa.array(cells, pa.int64()).take(encoded.indices)
    wrong |= _lost(read, texts)
    return read


def _numbers(texts: Any, country: str) -> Any:
    values, right = planned(texts, country)
    rest = np.flatnonzero(~right)
    read = [parse_msisdn(text, country) if text else None for text in texts.take(pa.array(rest)).to_pylist()]
    for place, number in zip(rest.tolist(), read, strict=True):
        if number is not None:
            values[place], right[place] = number, True
    return pa.array(values, mask=~right)
