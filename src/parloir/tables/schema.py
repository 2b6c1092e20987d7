"""What a canonical table is: columns with their meaning, and the locator that each row keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
INTEGER = pa.int64()
INTEGERS = pa.list_(pa.int64())
SMALL = pa.int16()
REAL = pa.float64()
YES_NO = pa.bool_()
DAY = pa.date32()
TIME = pa.int64()
"""Microseconds since 1970-01-01 UTC. A column of times is named `…_us`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, Arrow type and meaning in one sentence."""

    name: str
    type: pa.DataType
    meaning: str


LOCATOR = (
    Column("evidence", TEXT, "SHA-256 of the sealed file"),
    Column("member", TEXT, "file inside an archive, empty when there is none"),
    Column("source_table", TEXT, "table, sheet or element the row stood in, empty when there is none"),
    Column("source_row", INTEGER, "row within that table, counted from 1"),
)


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of some columns, their meanings in the field metadata."""
    return pa.schema([pa.field(c.name, c.type, metadata={"meaning": c.meaning}) for c in columns])


@dataclass(frozen=True)
class Table:
    """A canonical table.

    Attributes:
        name: plural noun; the Parquet file and the SQL view bear it.
        meaning: what one row is.
        own: columns beside the locator.
        time: the column that an authority's period is held against, or None.
        radio_cell: the column that an authority's radio cells are held against, or None.
    """

    name: str
    meaning: str
    own: tuple[Column, ...]
    time: str | None = None
    radio_cell: str | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        """Own columns, then the locator."""
        return self.own + LOCATOR

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, meanings in the field metadata."""
        return arrow_schema(self.columns)

    def batch(self, rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
        """Rows as dictionaries to a batch of this schema; a column that a row lacks is null."""
        return pa.RecordBatch.from_pylist([dict(row) for row in rows], schema=self.schema)
