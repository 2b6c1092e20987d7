"""Source rows to canonical rows by a layout, one at a time, with every doubt kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parloir.identifiers import radio_cell
from parloir.readers.amounts import parse_whole
from parloir.readers.fields import Read, Reading, Setting, reader_of
from parloir.readers.layout import Layout, Source, header_key
from parloir.tables import TABLES
from parloir.tables.schema import Column

Positions = Mapping[str, int]
"""Part of a source to its place in the row."""
_RAW = {"imei14": "imei_raw", "radio_cell_end": ""}
"""Columns whose text as written stands under another name than `<column>_raw`, or nowhere."""
_LTE_SECTORS = 256
"""Sectors that a site can number (3GPP TS 23.003 §19.6: 20 bits of eNodeB, 8 of cell)."""


_MET_AT_MOST = 1 << 20
"""Derived rows that are remembered."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value, or the whole row, is doubtful."""

    reason: str
    column: str
    raw: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A source row as canonical.

    Attributes:
        values: the row; None where it has to be set aside.
        doubts: remarks, or the one warning that sets the row aside.
        derived: rows of other tables that it yields, as table and values.
    """

    values: dict[str, Any] | None
    doubts: list[Doubt] = field(default_factory=list)
    derived: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bound:
    """A column of a layout found in a header row."""

    column: str
    source: Source
    positions: Positions
    read: Read
    raw: str


class Converter:
    """Reads rows of one sheet by a layout.

    Args:
        layout: the layout.
        header: the sheet's header row.
        setting: country, time zone and so on.
    """

    def __init__(self, layout: Layout, header: Sequence[str], setting: Setting) -> None:
        self.layout, self.setting, self.width = layout, setting, len(header)
        self._names = frozenset(column.name for column in TABLES[layout.table].own)
        places = _places(header)
        # The kind comes first, because a column may depend on its direction.
        self.bound = sorted(self._bind(layout.sources, layout.table, places, header), key=_kind_first)
        self.radio_cells = [
            (of, self._bind(sources, "radio_cells", places, header)) for of, sources in layout.radio_cells
        ]
        self._explicit = frozenset(bound.column for bound in self.bound)
        self._met: set[tuple[object, ...]] = set()

    def row(self, cells: Sequence[str], raw: str) -> Converted:
        """One row.

        Args:
            cells: its fields.
            raw: its text, for the warning.
        """
        if any(cell.strip() for cell in cells[self.width :]):
            return Converted(None, [Doubt("more fields than the header has", "", raw)])
        if not any(cell.strip() for cell in cells):
            return Converted(None, [Doubt("an empty row", "", raw)])
        values: dict[str, Any] = dict(self.layout.constants)
        doubts: list[Doubt] = []
        for bound in self.bound:
            self._fill(values, doubts, bound, text_of(bound, cells, values).strip())
        for column in self.layout.needed:
            if values.get(column) is None:
                reason = next((doubt.reason for doubt in doubts if doubt.column == column), "missing")
                return Converted(None, [Doubt(f"{column}: {reason}", column, raw)])
        return Converted(values, doubts, self.derived(values, cells))

    def _fill(self, values: dict[str, Any], doubts: list[Doubt], bound: Bound, text: str) -> None:
        if not text:
            return
        reading = bound.read(text, self.setting)
        if reading.doubt:
            doubts.append(Doubt(reading.doubt, bound.column, text))
        values[bound.column] = reading.value
        self._raw(values, bound, text, reading)
        if reading.offset_min is not None:
            offset = f"{bound.column.removesuffix('_us')}_offset_min"
            name = "offset_min" if bound.column == "started_us" and "offset_min" in self._names else offset
            if name in self._names and name not in self._explicit:
                values[name] = reading.offset_min

    def _raw(self, values: dict[str, Any], bound: Bound, text: str, reading: Reading) -> None:
        # A raw column of the file itself goes before.
        if not bound.raw or values.get(bound.raw) is not None:
            return
        if bound.column == "correspondent" and reading.value is not None:
            return
        values[bound.raw] = reader_of(self.layout.table, _column(self.layout.table, bound.raw))(
            text, self.setting
        ).value

    def is_new(self, values: Mapping[str, Any]) -> bool:
        """Whether a derived row says what none before it did; those before are forgotten at some time."""
        key = tuple(values.values())
        if key in self._met:
            return False
        if len(self._met) >= _MET_AT_MOST:
            self._met.clear()
        self._met.add(key)
        return True

    def derived(self, values: Mapping[str, Any], cells: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
        """Where the radio cells of a row stand, as table and values."""
        placed = (self.placed(of, bounds, values, cells) for of, bounds in self.radio_cells)
        return [("radio_cells", place) for place in placed if place]

    def placed(
        self, of: str, bounds: Sequence[Bound], values: Mapping[str, Any], cells: Sequence[str]
    ) -> dict[str, Any]:
        """Where the radio cell of column `of` stands; empty where the row does not tell."""
        place = {
            bound.column: bound.read(text, self.setting).value
            for bound in bounds
            if (text := text_of(bound, cells, values).strip())
        }
        if values.get(of) is None or all(value is None for value in place.values()):
            return {}
        written = radio_cell.text(values[of])
        told = {"radio_cell": values[of], "radio_cell_raw": written, "operator": values.get("operator")}
        return told | place

    def _bind(
        self, sources: Sequence[Source], table: str, places: Mapping[str, int], header: Sequence[str]
    ) -> list[Bound]:
        found = []
        for source in sources:
            positions = {
                part: place
                for part, headers in source.parts.items()
                if (place := next((places[k] for h in headers if (k := header_key(h)) in places), -1)) >= 0
            }
            if positions:
                found.append(self._bound(source, positions, table, header))
        return found

    def _bound(self, source: Source, positions: Positions, table: str, header: Sequence[str]) -> Bound:
        column = _column(table, source.column)
        raw = _RAW.get(column.name, f"{column.name}_raw")
        read = reader_of(table, column)
        if column.name == "cash_cents" and header_key(header[min(positions.values())]).endswith("cents"):
            read = _hundredths
        return Bound(column.name, source, positions, read, raw if raw in self._names else "")


def text_of(bound: Bound, cells: Sequence[str], values: Mapping[str, Any]) -> str:
    """The text of a column, put together from its parts."""

    def part(name: str) -> str:
        place = bound.positions.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    if "text" in bound.source.parts:
        return part("text")
    if bound.source.plmn:
        return _radio_cell(part, bound.source.plmn)
    if "out" in bound.source.parts:
        return part("in" if str(values.get("kind", "")).endswith("_in") else "out")
    return " ".join(text for name in bound.source.parts if (text := part(name)))


def _radio_cell(part: Callable[[str], str], plmn: str) -> str:
    site, sector = part("site"), part("sector")
    if site.isdecimal() and sector.isdecimal() and int(sector) < _LTE_SECTORS:
        return f"ECGI:{plmn}-{int(site) * _LTE_SECTORS + int(sector)}"
    lac, ci = part("lac"), part("ci")
    if lac and ci:
        return f"CGI:{plmn}-{lac}-{ci}"
    return " ".join(filter(None, (site, sector, lac, ci)))


def _hundredths(text: str, _: Setting) -> Reading:
    found = parse_whole(text)
    return Reading(found, "" if found is not None else "not a whole number")


def _places(header: Sequence[str]) -> dict[str, int]:
    """Header to place; of two headers alike, the first."""
    places: dict[str, int] = {}
    for place, text in enumerate(header):
        if key := header_key(text[:200]):
            places.setdefault(key, place)
    return places


def _kind_first(bound: Bound) -> int:
    return bound.column != "kind"


def _column(table: str, name: str) -> Column:
    return next(column for column in TABLES[table].own if column.name == name)
