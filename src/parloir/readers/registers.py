"""Registers, seizure reports, lists and logs: CSV or XLSX, by a layout, one reader a canonical table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parloir.errors import DamagedFileError
from parloir.readers import delimited, workbook
from parloir.readers.batches import Batches, Severity
from parloir.readers.conversion import Converter
from parloir.readers.delimited import Sheet
from parloir.readers.fields import Setting, reader_of
from parloir.readers.layout import Layout, Match, best, load, match, presets
from parloir.readers.reader import Options, Part, Recognition, Tally
from parloir.tables import TABLES
from parloir.vault.member import Member

Opening = tuple[str, Sequence[Sequence[str]]]
_opened: dict[tuple[str, str], list[Opening]] = {}
"""First rows of the last workbooks: every reader asks for them, and opening one reads all its strings."""
_OPENED_AT_MOST = 4
BEFORE_HEADER = "lines before the header"
"""Name under which a tally counts a title."""


@dataclass(frozen=True)
class Found:
    """A header row that a layout fits."""

    match: Match
    place: int
    """Rows before it."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A row that a source row yields besides its own.

    Attributes:
        number: of the source row.
        table: canonical table.
        values: the row.
    """

    number: int
    table: str
    values: dict[str, Any]


def find_header(
    rows: Sequence[Sequence[str]], layouts: Sequence[Layout], *, told: bool = False
) -> Found | None:
    """The header among the first rows of a sheet, or None where no layout, or not the one told, fits any."""
    found = [Found(m, place) for place, cells in enumerate(rows) if (m := best(layouts, cells, told=told))]
    return max(found, key=lambda f: (f.match.certainty, -f.place), default=None)


def openings(member: Member) -> list[Opening]:
    """Name and first rows of each sheet; empty where there is none. Never raises on strange bytes."""
    if not workbook.looks_like_workbook(member):
        return [("", delimited.opening(member))]
    key = (member.evidence, member.name)
    if key not in _opened:
        if len(_opened) >= _OPENED_AT_MOST:
            _opened.clear()
        try:
            _opened[key] = [(sheet.name, sheet.opening) for sheet in workbook.sheets(member)]
        except DamagedFileError:
            _opened[key] = []
    return _opened[key]


def sheets(member: Member) -> Iterator[Sheet]:
    """The sheets of a workbook, or the one of a delimited text."""
    if workbook.looks_like_workbook(member):
        yield from workbook.sheets(member)
    else:
        yield delimited.sheet(member)


@dataclass(frozen=True)
class SheetReader:
    """Reads every sheet that one of its layouts fits.

    Attributes:
        format: as `--as` takes it.
        title: for people.
        layouts: tried in turn; the best fit reads.
    """

    format: str
    title: str
    layouts: tuple[Layout, ...] = field(repr=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Canonical tables that it may yield."""
        derived = ["radio_cells"] if any(layout.radio_cells for layout in self.layouts) else []
        return tuple(dict.fromkeys([*(layout.table for layout in self.layouts), *derived, "requests"]))

    def recognise(self, member: Member) -> Recognition | None:
        """Claim a file whose headers a layout knows."""
        return self._claim(member, self.layouts, told=False)

    def recognise_by(self, member: Member, layout: Layout) -> Recognition | None:
        """The same by a layout that a person told; None where it is of another table or does not fit."""
        mine = any(layout.table == known.table for known in self.layouts)
        return self._claim(member, (layout,), told=True) if mine else None

    def _claim(self, member: Member, layouts: Sequence[Layout], *, told: bool) -> Recognition | None:
        found = [f for _, rows in openings(member) if (f := find_header(rows, layouts, told=told))]
        if not found:
            return None
        top = max(found, key=lambda f: f.match.certainty).match
        says = f"{top.layout.title} (layout {top.layout.name}, {top.known} of {top.headers} headers known)"
        return Recognition(self.format, says, top.certainty)

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the rows of every sheet that fits.

        Raises:
            DamagedFileError: no header that fits, or the file cannot be read to its end.
        """
        layouts = (load(options.mapping),) if options.mapping else self.layouts
        unread: dict[str, int] = {}
        done = False
        for sheet in sheets(member):
            header = find_header(sheet.opening, layouts, told=bool(options.mapping))
            if header:
                done = True
                yield from rows_of(member, sheet, header, options)
            else:
                unread[sheet.name] = sum(1 for _ in sheet.rows)
        if not done:
            raise no_header(member, self.format, layouts)
        if unread:
            yield Tally({}, unread)


def rows_of(member: Member, sheet: Sheet, header: Found, options: Options) -> Iterator[Part]:
    """The rows of one sheet, then its tally."""
    layout = header.match.layout
    converter = Converter(layout, sheet.opening[header.place], Setting.of(layout, options))
    batches = Batches(member, sheet.name)
    number = -header.place - 1
    for row in sheet.rows:
        number += 1
        if number < 1:
            continue
        keep_new(converter, batches, convert_row(converter, batches, row, number))
        yield from batches.ready()
    if layout.request:
        batches.row("requests", 0, requested(layout, Setting.of(layout, options)), primary=False)
    yield from batches.rest()
    yield Tally({sheet.name: max(number, 0)}, {BEFORE_HEADER: header.place} if header.place else {})


def convert_row(
    converter: Converter, batches: Batches, row: delimited.SourceRow, number: int
) -> list[Derived]:
    """Put one source row into the batches, as a row or as a warning; answers what it yields besides."""
    if row.broken:
        batches.doubt("warning", number, row.broken, raw=row.raw)
        return []
    converted = converter.row(row.cells, row.raw)
    severity: Severity = "warning" if converted.values is None else "remark"
    for doubt in converted.doubts:
        batches.doubt(severity, number, doubt.reason, column=doubt.column, raw=doubt.raw)
    if converted.values is not None:
        batches.row(converter.layout.table, number, converted.values)
    return [Derived(number, table, values) for table, values in converted.derived]


def keep_new(converter: Converter, batches: Batches, derived: Iterable[Derived]) -> None:
    """Put derived rows that say something new into the batches."""
    for row in derived:
        if converter.is_new(row.values):
            batches.row(row.table, row.number, row.values, primary=False)


def requested(layout: Layout, setting: Setting) -> Mapping[str, object]:
    """The request that a layout records beside its files, as a row of `requests`."""
    known = {column.name: column for column in TABLES["requests"].own}
    row: dict[str, object] = {}
    for name, told in layout.request.items():
        if name in known:
            text = "|".join(str(part) for part in told) if isinstance(told, list) else str(told)
            row[name] = reader_of("requests", known[name])(text, setting).value
    return row


def no_header(member: Member, name: str, layouts: Sequence[Layout]) -> DamagedFileError:
    """What is missing, by the layout that comes nearest."""
    near = max(
        (match(layout, cells) for _, rows in openings(member) for cells in rows for layout in layouts),
        key=lambda m: m.known,
        default=None,
    )
    wanted = ", ".join((near.layout if near else layouts[0]).required)
    return DamagedFileError(
        f"has no header row with the columns that {name} needs ({wanted})",
        where=member.file_name,
        do="choose another format with --as, or write a layout (docs/formats/layouts.md)",
    )


def _register(table: str) -> SheetReader:
    return SheetReader(table, TABLES[table].meaning.rstrip("."), presets(table))


REGISTERS: tuple[SheetReader, ...] = tuple(
    _register(table)
    for table in (
        "prisons",
        "prison_cells",
        "inmates",
        "stays",
        "absences",
        "approved_contacts",
        "visitors",
        "visits",
        "official_calls",
        "seizures",
        "stock",
        "radio_cells",
        "requests",
        "reports",
        "protected",
    )
)
"""One reader a canonical table that people keep by hand or print from a register."""
