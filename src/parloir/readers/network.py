"""Operators' records as delimited text or workbooks: a layout each, millions of rows a minute.

A record is one line. Blocks of lines are converted all at once, two at a time; a line that the quick way does
not understand to the letter is read with care, as a register's is: the result is the same either way.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.csv

from parloir.identifiers.columns import one_array
from parloir.readers import delimited, workbook
from parloir.readers.batches import Batches
from parloir.readers.conversion import Converter
from parloir.readers.delimited import UNCLOSED, SourceRow
from parloir.readers.digits import Flags, Integers, spaced
from parloir.readers.fields import Setting
from parloir.readers.layout import load, preset
from parloir.readers.network_columns import BETWEEN, Columns, Table, repeated
from parloir.readers.reader import Options, Part, Rows, Tally
from parloir.readers.registers import (
    BEFORE_HEADER,
    Derived,
    SheetReader,
    convert_row,
    find_header,
    keep_new,
    no_header,
    requested,
)
from parloir.readers.text import blocks, decoded
from parloir.tables import NETWORK_RECORDS
from parloir.vault.member import Member

pc: Any = pyarrow.compute
pa_csv: Any = pyarrow.csv
_WORKERS = 2
_WAITING = 3
"""Blocks in memory at a time."""


@dataclass(frozen=True)
class NetworkReader(SheetReader):
    """Reads network records: workbooks row by row, text in blocks."""

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the records.

        Raises:
            DamagedFileError: no header that fits, or the file cannot be read to its end.
        """
        if workbook.looks_like_workbook(member):
            yield from super().read(member, options)
            return
        layouts = (load(options.mapping),) if options.mapping else self.layouts
        head = delimited.head_of(member)
        delimiter = delimited.sniff(head)
        lines = islice(filter(None, head.split("\n")), delimited.HEADER_WITHIN)
        opening = [delimited.cells_of(line, delimiter) for line in lines]
        header = find_header(opening, layouts, told=bool(options.mapping))
        if header is None:
            raise no_header(member, self.format, layouts)
        layout = header.match.layout
        setting = Setting.of(layout, options)
        converter = Converter(layout, opening[header.place], setting)
        if layout.request:
            batches = Batches(member)
            batches.row("requests", 0, requested(layout, setting), primary=False)
            yield from batches.rest()
        yield from _Stream(member, converter, delimiter).parts(header.place + 1)


@dataclass(frozen=True)
class _Block:
    """What became of a block: rows and doubts, and derived rows with repetitions among them."""

    parts: list[Part]
    derived: list[Derived]


@dataclass(frozen=True)
class _Lines:
    """Whole lines, none empty: their octets, and where each ends, its line feed not counted."""

    octets: bytes
    ends: Integers

    def line(self, place: int) -> bytes:
        """One line without its end."""
        start = int(self.ends[place - 1]) + 1 if place else 0
        return self.octets[start : int(self.ends[place])].removesuffix(b"\r")


class _Stream:
    """Reads one text in blocks."""

    def __init__(self, member: Member, converter: Converter, delimiter: str) -> None:
        self._member, self._converter, self._delimiter = member, converter, delimiter
        self._columns = Columns(converter)

    def parts(self, skipped: int) -> Iterator[Part]:
        """All parts in the order of the file.

        Args:
            skipped: lines up to the header and with it.
        """
        waiting: deque[Future[_Block]] = deque()
        count = 0
        with ThreadPoolExecutor(_WORKERS) as workers:
            for lines in _after(skipped, map(_cut_lines, blocks(self._member))):
                waiting.append(workers.submit(self._convert, lines, count + 1))
                count += len(lines.ends)
                if len(waiting) >= _WAITING:
                    yield from self._done(waiting.popleft())
            while waiting:
                yield from self._done(waiting.popleft())
        yield Tally({"": count}, {BEFORE_HEADER: skipped - 1} if skipped > 1 else {})

    def _done(self, future: Future[_Block]) -> Iterator[Part]:
        block = future.result()
        yield from block.parts
        batches = Batches(self._member)
        keep_new(self._converter, batches, sorted(block.derived, key=lambda row: row.number))
        yield from batches.rest()

    def _convert(self, lines: _Lines, first: int) -> _Block:
        """The rows of a block whose first line is row `first`."""
        quick = _quick(lines, self._delimiter, self._converter.width, self._columns.places)
        odd = np.ones(len(lines.ends), np.bool_)
        parts, derived = self._all_at_once(quick, odd, first) if quick else ([], [])
        batches = Batches(self._member)
        for place in np.flatnonzero(odd).tolist():
            row = self._row(decoded(lines.line(place)))
            derived += convert_row(self._converter, batches, row, first + place)
        return _Block([*parts, *batches.rest()], derived)

    def _row(self, line: str) -> SourceRow:
        if delimited.field_state("start", line, self._delimiter) == "quoted":
            return SourceRow((), line, UNCLOSED)
        return SourceRow(delimited.cells_of(line, self._delimiter), line)

    def _all_at_once(self, quick: _Quick, odd: Flags, first: int) -> tuple[list[Part], list[Derived]]:
        """The rows of a block that need no care; of `odd`, those that do stay."""
        numbers = np.flatnonzero(quick.whole) + first
        columns, wrong = self._columns.batch(quick.table, len(numbers))
        wrong |= quick.strange
        derived = self._columns.derived(quick.table, columns, wrong, numbers)
        odd[quick.whole] = wrong
        if wrong.any():
            right, numbers = pa.array(~wrong), numbers[~wrong]
            columns = {name: column.filter(right) for name, column in columns.items()}
        parts = [Rows(NETWORK_RECORDS.name, self._batch(columns, numbers))] if len(numbers) else []
        return [*parts], derived

    def _batch(self, columns: dict[str, pa.Array[Any]], numbers: Integers) -> pa.RecordBatch:
        place = {"evidence": self._member.evidence, "member": self._member.name, "source_table": ""}
        count = len(numbers)
        columns = columns | {name: repeated(text, pa.string(), count) for name, text in place.items()}
        columns["source_row"] = pa.array(numbers)
        schema = NETWORK_RECORDS.schema
        arrays = [
            columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in schema
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


@dataclass(frozen=True)
class _Quick:
    """A block cut into columns.

    Attributes:
        table: place in the row to the texts of the rows that are whole.
        whole: which lines have as many fields as the header.
        strange: which of those have a field that begins or ends with a space.
    """

    table: Table
    whole: Flags
    strange: Flags


def _quick(lines: _Lines, delimiter: str, width: int, places: list[int]) -> _Quick | None:
    """A block cut all at once, or None where its lines have to be cut one by one."""
    block = lines.octets
    if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
        return None
    if BETWEEN.encode() in block:
        return None
    last = lines.line(len(lines.ends) - 1)
    if b'"' in last and delimited.field_state("start", decoded(last), delimiter) == "quoted":
        return None
    ragged: list[int] = []
    cut = _cut(block if block.isascii() else decoded(block).encode(), delimiter, width, places, ragged)
    whole = np.ones(len(lines.ends), np.bool_)
    whole[np.array(ragged, np.int64) - 1] = False
    # A quote that swallows a line feed leaves fewer rows than lines.
    if cut is None or cut.num_rows != whole.sum():
        return None
    strange = np.zeros(cut.num_rows, np.bool_)
    table = {place: _trimmed(one_array(cut.column(str(place))), strange) for place in places}
    return _Quick(table, whole, strange)


def _cut(block: bytes, delimiter: str, width: int, places: list[int], ragged: list[int]) -> Any:
    """An Arrow table of the columns, and in `ragged` the lines left out; None where it gives up."""

    def skip(row: Any) -> Literal["skip"]:
        ragged.append(row.number or 0)
        return "skip"

    names = [str(place) for place in range(width)]
    try:
        return pa_csv.read_csv(
            pa.BufferReader(block),
            read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(block) + 1),
            parse_options=pa_csv.ParseOptions(delimiter=delimiter, invalid_row_handler=skip),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=[str(place) for place in places],
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _trimmed(texts: Any, strange: Flags) -> pa.StringArray:
    """Texts without spaces around them; other white space marks the row."""
    if spaced(texts).any():
        texts = pc.ascii_trim(texts, characters=" \t")
        strange |= spaced(texts)
    return cast("pa.StringArray", texts)


def _cut_lines(block: bytes) -> _Lines:
    """A block without its empty lines."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n"))
    lengths = np.diff(ends, prepend=-1)
    if (lengths <= 2).any() and (dense := re.sub(rb"(?:(?<=\n)|\A)(?:\r?\n)+", b"", block)) != block:
        return _cut_lines(dense)
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(block))
    return _Lines(block, ends)


def _after(skipped: int, dense: Iterator[_Lines]) -> Iterator[_Lines]:
    """Blocks without the first lines, none empty."""
    for lines in dense:
        if skipped < len(lines.ends):
            start = int(lines.ends[skipped - 1]) + 1 if skipped else 0
            yield _Lines(lines.octets[start:], lines.ends[skipped:] - start) if skipped else lines
        skipped = max(skipped - len(lines.ends), 0)


def _network(name: str) -> NetworkReader:
    layout = preset(name)
    return NetworkReader(name.removesuffix("_en"), layout.title, (layout,))


NETWORK: tuple[NetworkReader, ...] = tuple(
    _network(name) for name in ("network_records_en", "network_bill_fr", "network_india", "network_us")
)
"""One reader an operator's layout."""
