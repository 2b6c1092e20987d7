"""Operators' records as delimited text or workbooks: a layout each, millions of rows a minute.

A record is one line. Blocks of lines are converted all at once, two at a time; a line that the quick conversion
does not understand to the letter is read with care, as any register's: the result is the same either way.
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
import pyarrow.csv as pa_csv

from parloir.identifiers.columns import one_array
from parloir.readers import delimited, workbook
from parloir.readers.batches import Batches
from parloir.readers.conversion import Converter
from parloir.readers.delimited import UNCLOSED, SourceRow
from parloir.readers.digits import Flags, Integers
from parloir.readers.fields import Setting
from parloir.readers.layout import load, preset
from parloir.readers.network_columns import Columns, Table
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
        header = find_header(opening, layouts)
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
            for block in _after(skipped, map(_dense, blocks(self._member))):
                waiting.append(workers.submit(self._convert, block, count + 1))
                count += _lines(block)
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

    def _convert(self, block: bytes, first: int) -> _Block:
        """The rows of a block whose first line is row `first`."""
        quick = _quick(block, self._delimiter, self._converter.width, self._columns.places)
        odd, parts, derived = np.ones(_lines(block), np.bool_), [], []
        if quick is not None:
            odd, parts, derived = self._all_at_once(quick, odd, first)
        batches = Batches(self._member)
        lines = block.removesuffix(b"\n").split(b"\n") if odd.any() else []
        for place in np.flatnonzero(odd).tolist():
            row = self._row(decoded(lines[place].removesuffix(b"\r")))
            derived += convert_row(self._converter, batches, row, first + place)
        return _Block([*parts, *batches.rest()], derived)

    def _row(self, line: str) -> SourceRow:
        if delimited.field_state("start", line, self._delimiter) == "quoted":
            return SourceRow((), line, UNCLOSED)
        return SourceRow(delimited.cells_of(line, self._delimiter), line)

    def _all_at_once(self, quick: _Quick, odd: Flags, first: int) -> tuple[Flags, list[Part], list[Derived]]:
        """The rows of a block that need no care, and which do."""
        numbers = np.flatnonzero(quick.whole) + first
        columns, wrong = self._columns.batch(quick.table, len(numbers))
        derived = self._columns.derived(quick.table, columns, wrong, numbers)
        odd[quick.whole] = wrong
        batch = self._batch(columns, numbers)
        if wrong.any():
            batch = batch.filter(pa.array(~wrong))
        return odd, [Rows(NETWORK_RECORDS.name, batch)] if batch.num_rows else [], derived

    def _batch(self, columns: dict[str, pa.Array[Any]], numbers: Integers) -> pa.RecordBatch:
        place = {"evidence": self._member.evidence, "member": self._member.name, "source_table": ""}
        count = len(numbers)
        columns = columns | {name: pa.repeat(text, count) for name, text in place.items()}
        columns["source_row"] = pa.array(numbers)
        schema = NETWORK_RECORDS.schema
        arrays = [
            columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in schema
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


@dataclass(frozen=True)
class _Quick:
    """A block cut into columns: the texts of the rows that are whole, and which lines those are."""

    table: Table
    whole: Flags


def _quick(block: bytes, delimiter: str, width: int, places: list[int]) -> _Quick | None:
    """A block cut all at once, or None where its lines have to be cut one by one."""
    if block.count(b"\r") != block.count(b"\r\n") or _open_at_end(block, delimiter):
        return None
    if not block.isascii():
        block = decoded(block).encode()
    ragged: list[int] = []
    table = _cut(block, delimiter, width, places, ragged)
    whole = np.ones(_lines(block), np.bool_)
    whole[np.array(ragged, np.int64) - 1] = False
    # A quote that swallows a line feed leaves fewer rows than lines.
    if table is None or table.num_rows != whole.sum():
        return None
    spaced = b" " in block or b"\t" in block or not block.isascii()
    return _Quick({place: _texts(table.column(str(place)), spaced) for place in places}, whole)


def _cut(block: bytes, delimiter: str, width: int, places: list[int], ragged: list[int]) -> pa.Table | None:
    def skip(row: pa_csv.InvalidRow) -> Literal["skip"]:
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


def _texts(column: Any, spaced: bool) -> pa.StringArray:
    texts: Any = one_array(column)
    return cast("pa.StringArray", pc.utf8_trim_whitespace(texts) if spaced else texts)


def _open_at_end(block: bytes, delimiter: str) -> bool:
    last = block.removesuffix(b"\n").rpartition(b"\n")[2]
    return b'"' in last and delimited.field_state("start", decoded(last), delimiter) == "quoted"


def _dense(block: bytes) -> bytes:
    """A block without its empty lines."""
    if b"\n\n" in block or b"\n\r\n" in block or block[:1] in (b"\n", b"\r"):
        return re.sub(rb"(?:(?<=\n)|\A)(?:\r?\n)+", b"", block)
    return block


def _after(skipped: int, dense: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks without the first lines, none empty."""
    for block in dense:
        rest = block
        while skipped and rest:
            rest = rest.partition(b"\n")[2]
            skipped -= 1
        if rest:
            yield rest


def _lines(block: bytes) -> int:
    return block.count(b"\n") + (not block.endswith(b"\n"))


def _network(name: str) -> NetworkReader:
    layout = preset(name)
    return NetworkReader(name.removesuffix("_en"), layout.title, (layout,))


NETWORK: tuple[NetworkReader, ...] = tuple(
    _network(name) for name in ("network_records_en", "network_bill_fr", "network_india", "network_us")
)
"""One reader an operator's layout."""
