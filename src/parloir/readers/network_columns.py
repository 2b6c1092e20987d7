"""Columns of network records converted all at once.

Each conversion either agrees with the careful one of `fields` or marks the row, which is then read with care.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.readers.conversion import Bound, Converter, text_of
from parloir.readers.digits import Flags, Integers, matrices, whole, widths
from parloir.readers.moments import Offsets, moments
from parloir.readers.msisdn import BLOCK, PLANNED, shift_of
from parloir.readers.registers import Derived
from parloir.tables import TABLES

pc: Any = pyarrow.compute
BETWEEN = "\x1f"
"""Stands between the parts of a composed text; a block that holds it is read with care."""
_DIGITS = {
    "imei14": (14, 16, 14),
    "imsi": (14, 15, 15),
    "duration_s": (1, 9, 9),
    "bytes_up": (1, 18, 18),
    "bytes_down": (1, 18, 18),
}
"""Columns of digits: shortest, longest, and how many of them are kept."""
_KNOWN_AT_MOST = 1 << 20
"""Entries of a memory of distinct values before it starts again."""

Table = dict[int, pa.StringArray]
"""Place in the row to the texts of a block."""


@dataclass
class Columns:
    """Converts blocks of one file.

    Args:
        converter: the careful conversion, which this one has to agree with.
    """

    converter: Converter
    offsets: Offsets = field(init=False)
    _distinct: dict[str, dict[str, tuple[Any, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.offsets = Offsets(self.converter.setting.zone)

    @property
    def places(self) -> list[int]:
        """Places in the row that the columns need."""
        derived = (bound for _, bounds in self.converter.radio_cells for bound in bounds)
        return sorted({p for bound in (*self.converter.bound, *derived) for p in bound.positions.values()})

    def derived(
        self, table: Table, columns: dict[str, pa.Array[Any]], wrong: Flags, numbers: Integers
    ) -> list[Derived]:
        """Rows of radio cells that a block's rows yield, one for all rows that say the same."""
        rows = []
        for of, bounds in self.converter.radio_cells:
            places = [place for bound in bounds for place in bound.positions.values()]
            if of not in columns or not places:
                continue
            written = pc.fill_null(pc.cast(columns[of], pa.string()), "")
            said: Any = pc.binary_join_element_wise(written, *(table[p] for p in places), BETWEEN)
            said = pc.if_else(pa.array(wrong), "", said).dictionary_encode()
            for place in np.unique(said.indices.to_numpy(), return_index=True)[1].tolist():
                if not wrong[place] and columns[of][place].is_valid:
                    values = {
                        name: columns[name][place].as_py() for name in (of, "operator") if name in columns
                    }
                    cells = _row(table, places, place)
                    if placed := self.converter.placed(of, bounds, values, cells):
                        rows.append(Derived(int(numbers[place]), "radio_cells", placed))
        return rows

    def batch(self, table: Table, count: int) -> tuple[dict[str, pa.Array[Any]], Flags]:
        """Canonical columns of a block, and the rows that have to be read with care."""
        columns: dict[str, pa.Array[Any]] = {
            name: repeated(value, _type(name), count)
            for name, value in self.converter.layout.constants.items()
        }
        wrong = np.zeros(count, np.bool_)
        for bound in self.converter.bound:
            for name, read in self._column(bound, table, columns, wrong).items():
                columns[name] = pc.coalesce(read, columns[name]) if name in columns else read
        for name in self.converter.layout.needed:
            wrong |= columns[name].is_null().to_numpy(zero_copy_only=False) if name in columns else True
        return columns, wrong

    def _column(
        self, bound: Bound, table: Table, columns: dict[str, pa.Array[Any]], wrong: Flags
    ) -> dict[str, pa.Array[Any]]:
        if bound.column.endswith("_us"):
            return self._times(bound, table, wrong)
        texts = self._texts(bound, table, columns)
        if bound.column in ("number", "correspondent"):
            return self._numbers(bound, texts, wrong)
        if bound.column in _DIGITS:
            return {bound.column: integers(bound.column, texts, wrong)}
        return {bound.column: self._each(bound, texts, wrong)}

    def _texts(self, bound: Bound, table: Table, columns: dict[str, pa.Array[Any]]) -> pa.StringArray:
        parts = bound.source.parts
        if "out" in parts:
            incoming = (
                pc.fill_null(pc.ends_with(columns["kind"], "_in"), False) if "kind" in columns else False
            )
            return cast(
                "pa.StringArray",
                pc.if_else(incoming, self._part(bound, "in", table), self._part(bound, "out", table)),
            )
        arrays = [self._part(bound, part, table) for part in parts]
        if len(arrays) == 1:
            return arrays[0]
        return cast("pa.StringArray", pc.binary_join_element_wise(*arrays, BETWEEN))

    def _part(self, bound: Bound, part: str, table: Table) -> pa.StringArray:
        place = bound.positions.get(part)
        if place is None:
            return cast("pa.StringArray", repeated("", pa.string(), len(next(iter(table.values())))))
        return table[place]

    def _each(self, bound: Bound, texts: pa.StringArray, wrong: Flags) -> pa.Array[Any]:
        """The careful conversion of each distinct text."""
        encoded: Any = texts.dictionary_encode()
        distinct = encoded.dictionary.to_pylist()
        known = self._known(bound, distinct)
        readings = [known[text] for text in distinct]
        doubtful = np.array([doubt for _, doubt in readings], np.bool_)
        if doubtful.any():
            wrong |= doubtful[encoded.indices.to_numpy()]
        chosen = pa.array([value for value, _ in readings], _type(bound.column))
        return cast("pa.Array[Any]", chosen.take(encoded.indices))

    def _known(self, bound: Bound, distinct: list[str]) -> dict[str, tuple[Any, bool]]:
        """Text to its value and whether that is doubtful, of at least these texts."""
        known = self._distinct.setdefault(bound.column, {})
        if len(known) > _KNOWN_AT_MOST:
            # A new one, for another thread may still need the old.
            known = self._distinct[bound.column] = {}
        for text in distinct:
            if text not in known:
                known[text] = self._reading(bound, text)
        return known

    def _reading(self, bound: Bound, text: str) -> tuple[Any, bool]:
        written = _composed(bound, text.split(BETWEEN)) if BETWEEN in text else text.strip()
        reading = bound.read(written, self.converter.setting) if written else None
        return (reading.value, bool(reading.doubt)) if reading else (None, False)

    def _times(self, bound: Bound, table: Table, wrong: Flags) -> dict[str, pa.Array[Any]]:
        parts = [table[bound.positions[part]] for part in bound.source.parts if part in bound.positions]
        told = moments(parts, self.offsets, self.converter.setting.order)
        wrong |= ~told.right & ~told.empty
        columns: dict[str, pa.Array[Any]] = {bound.column: pa.array(told.us, mask=~told.right)}
        if bound.column == "started_us" and not any(b.column == "offset_min" for b in self.converter.bound):
            columns["offset_min"] = pa.array(told.offset_min, mask=~told.right)
        return columns

    def _numbers(self, bound: Bound, texts: pa.StringArray, wrong: Flags) -> dict[str, pa.Array[Any]]:
        values, right = planned(texts, self.converter.setting.country)
        rest = np.flatnonzero(~right)
        others = cast("Any", texts).take(pa.array(rest))
        told = self._each(bound, others, odd := np.zeros(len(rest), np.bool_))
        wrong[rest] |= odd
        known = told.is_valid().to_numpy(zero_copy_only=False)
        values[rest[known]] = told.drop_null().to_numpy()
        right[rest[known]] = True
        columns: dict[str, pa.Array[Any]] = {bound.column: pa.array(values, pa.int64(), mask=~right)}
        if bound.raw:
            columns[bound.raw] = pc.if_else(pa.array(right | (widths(texts) == 0)), None, texts)
        return columns


def integers(column: str, texts: pa.StringArray, wrong: Flags) -> pa.Array[Any]:
    """A column of `_DIGITS`; marks what has to be read with care. An empty text is null."""
    shortest, longest, kept = _DIGITS[column]
    values, right = np.zeros(len(texts), np.int64), widths(texts) == 0
    filled = ~right
    for places, octets in matrices(texts):
        if shortest <= octets.shape[1] <= longest:
            values[places], right[places] = whole(octets[:, :kept])
            if octets.shape[1] > kept:
                right[places] &= whole(octets[:, kept:])[1]
    if kept < longest or shortest > 1:
        # An IMEI or IMSI of zeros is none.
        right &= (values > 0) | ~filled
    wrong |= ~right
    return pa.array(values, pa.int64(), mask=~(right & filled))


def planned(texts: pa.StringArray, country: str) -> tuple[Integers, Flags]:
    """E.164 numbers of the texts whose block of numbers tells, and which those are."""
    values, right = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    for places, octets in matrices(texts):
        if PLANNED[0] <= octets.shape[1] <= PLANNED[1]:
            number, digits = whole(octets)
            shift, known = _shifts(number[digits], octets.shape[1], country)
            values[places[digits]] = number[digits] + shift
            right[places[digits]] = known
    return values, right


def _shifts(numbers: Integers, width: int, country: str) -> tuple[Integers, Flags]:
    """What to add to digits to have the E.164 number, and where that is known."""
    encoded: Any = pa.array(numbers // BLOCK).dictionary_encode()
    shifts = [shift_of(f"{block:0{width - 4}d}", country) for block in encoded.dictionary.to_pylist()]
    known = np.array([shift is not None for shift in shifts], np.bool_)
    places = encoded.indices.to_numpy()
    return np.array([shift or 0 for shift in shifts], np.int64)[places], known[places]


def repeated(value: Any, kind: pa.DataType, count: int) -> pa.Array[Any]:
    """A column of one value."""
    arrow: Any = pa
    return cast("pa.Array[Any]", arrow.repeat(arrow.scalar(value, kind), count))


def _composed(bound: Bound, parts: Sequence[str]) -> str:
    """The text of a composed column from its parts."""
    cells = [""] * (max(bound.positions.values()) + 1)
    for name, text in zip(bound.source.parts, parts, strict=True):
        if name in bound.positions:
            cells[bound.positions[name]] = text
    return text_of(bound, cells, {}).strip()


def _type(name: str) -> pa.DataType:
    return next(column.type for column in TABLES["network_records"].own if column.name == name)


def _row(table: Table, places: Sequence[int], number: int) -> list[str]:
    cells = [""] * (max(places) + 1)
    for place in places:
        cells[place] = table[place][number].as_py()
    return cells
