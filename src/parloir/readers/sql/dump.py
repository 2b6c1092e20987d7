"""A dump as batches of the wanted columns of its wanted tables, in one pass and in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from parloir.readers.sql import charsets
from parloir.readers.sql.cutter import Cutter, Rows
from parloir.readers.sql.decode import Wrong, decode
from parloir.readers.sql.literals import NoRow, values_of

BLOCK = 1 << 18
"""Octets of rows that are decoded at once."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one table.

    Attributes:
        table: name as in the dump.
        columns: the wanted columns as text.
        numbers: of the rows, counted from 1 in their table.
        wrong: doubts, each with the number of its row in place of its place.
    """

    table: str
    columns: pa.Table
    numbers: pa.Array[pa.Int64Scalar]
    wrong: Sequence[Wrong]


@dataclass
class Dump:
    """One reading of a dump.

    Attributes:
        wanted: the columns wanted of a table by its name, or None for a table to be passed over.
        rows_in: rows met, by table, wanted or not.
    """

    stream: BinaryIO
    where: str
    wanted: Callable[[str], Sequence[str] | None]
    rows_in: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._cutter = Cutter(self.stream, self.where)
        self._pending: _Pending | None = None
        self._choice: dict[str, Sequence[str] | None] = {}

    def blocks(self) -> Iterator[Block]:
        """The wanted rows.

        Raises:
            DamagedFileError: the dump cannot be read to its end.
        """
        for rows in self._cutter.cut():
            if rows.table not in self._choice:
                self._choice[rows.table] = self.wanted(rows.table)
            if self._choice[rows.table] is not None:
                yield from self._take(rows)
            self.rows_in[rows.table] += len(rows.rows)
            self._cutter.bound(len(self.rows_in))
        yield from self._flush()

    def _take(self, rows: Rows) -> Iterator[Block]:
        pending = self._pending
        if pending is None or (pending.table, pending.listed, pending.charset) != (
            rows.table,
            rows.listed,
            self._cutter.charset,
        ):
            yield from self._flush()
            first = self.rows_in[rows.table] + 1
            pending = self._pending = _Pending(rows.table, rows.listed, self._cutter.charset, first)
        pending.rows += rows.rows
        pending.plain = pending.plain and rows.plain
        pending.size += sum(map(len, rows.rows))
        if pending.size >= BLOCK:
            yield from self._flush()

    def _flush(self) -> Iterator[Block]:
        pending, self._pending = self._pending, None
        if pending:
            yield self._block(pending)

    def _block(self, pending: _Pending) -> Block:
        names = pending.listed or self._names(pending.table, pending.rows[0])
        wanted = self._choice[pending.table] or ()
        found = decode(pending.rows, pending.plain, names, wanted, self._codec(pending))
        places = range(len(pending.rows)) if found.places is None else found.places
        numbers = pa.array([pending.first + place for place in places], pa.int64())
        wrong = [Wrong(pending.first + w.place, w.set_aside, w.reason, w.column, w.raw) for w in found.wrong]
        return Block(pending.table, found.columns, numbers, wrong)

    def _names(self, table: str, row: bytes) -> tuple[str, ...]:
        """Columns of rows whose statement names none."""
        known = self._cutter.structures.get(table)
        if known is None:
            return ()
        if known.columns == known.stored:
            return known.columns
        return known.columns if _width(row) == len(known.columns) else known.stored

    def _codec(self, pending: _Pending) -> str:
        known = self._cutter.structures.get(pending.table)
        if pending.charset in ("", "binary"):
            return charsets.codec(known.charset if known else "")
        return charsets.codec(pending.charset)


@dataclass
class _Pending:
    """Rows of one table under one column list that wait to be decoded; `first` numbers the first of them."""

    table: str
    listed: tuple[str, ...]
    charset: str
    first: int
    rows: list[bytes] = field(default_factory=list)
    plain: bool = True
    size: int = 0


def _width(row: bytes) -> int:
    values = values_of(row, "utf-8")
    return 0 if isinstance(values, NoRow) else len(values)
