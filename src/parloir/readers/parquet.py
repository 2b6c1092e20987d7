"""Parloir's own tables as Parquet: the bulk form of operators' records.

The columns are those of one canonical table, without the locator; `docs/formats/parquet.md` has the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from parloir.errors import DamagedFileError
from parloir.identifiers.imei import imei14_column
from parloir.identifiers.radio_cell import radio_cell_column
from parloir.provenance import COLUMNS
from parloir.readers.reader import Doubts, Options, Part, Recognition, Rows, Tally
from parloir.tables import TABLES, WARNINGS, Table
from parloir.vault.member import Member

pc: Any = pyarrow.compute
_nulls: Any = pa.nulls  # the published types know no type that is told at run time

MAGIC = b"PAR1"
BATCH = 65536
"""Rows held at a time."""
_DERIVED = ("warnings", "quarantine")
_AS_WRITTEN = {
    "imei14": imei14_column,
    "radio_cell": radio_cell_column,
    "radio_cell_end": radio_cell_column,
}
_FAULTS = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, OSError, ValueError, KeyError)
"""What pyarrow raises on bytes that are not what they say."""


class ParquetReader:
    """Any canonical table, recognised by its columns."""

    format = "parquet"
    title = "Parloir's own tables as Parquet"
    tables = tuple(name for name in TABLES if name not in _DERIVED)

    def recognise(self, member: Member) -> Recognition | None:
        """By the magic bytes and the names of the columns."""
        if not member.head(4).startswith(MAGIC):
            return None
        try:
            with member.open() as stream:
                file = pq.ParquetFile(stream)
                table, rows = _table(file.schema_arrow), file.metadata.num_rows
        except _FAULTS:
            return None
        if table is None:
            return None
        return Recognition(
            self.format, f"Parquet table of {table.name.replace('_', ' ')}, {rows:,} rows", 0.95
        )

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the table batch by batch.

        Raises:
            DamagedFileError: the file cannot be read to its end, or is no canonical table.
        """
        del options
        met = 0
        try:
            with member.open() as stream:
                file = pq.ParquetFile(stream)
                table = _table(file.schema_arrow)
                if table is None:
                    raise _damaged(member, "its columns are those of no table")
                for batch in file.iter_batches(batch_size=BATCH):
                    yield from _parts(batch, table, member, met)
                    met += batch.num_rows
        except _FAULTS as error:
            raise _damaged(
                member, f"the Parquet file cannot be read ({str(error).splitlines()[0][:100]})"
            ) from error
        yield Tally({"": met})


def _damaged(member: Member, what: str) -> DamagedFileError:
    return DamagedFileError(what, where=member.file_name, do="ask its supplier for a whole copy")


def _table(schema: pa.Schema) -> Table | None:
    """The canonical table that owns all columns of the file and has the fewest others."""
    names = set(schema.names) - set(COLUMNS)
    owners = [
        table
        for table in TABLES.values()
        if table.name not in _DERIVED
        and len(names) > 1
        and names <= {column.name for column in table.own}
        and (table.time is None or table.time in names)
    ]
    return min(owners, key=lambda table: len(table.own), default=None)


def _parts(batch: pa.RecordBatch, table: Table, member: Member, before: int) -> Iterator[Part]:
    """Rows of a batch, and doubts: a value that does not fit is null, a row without its time is set aside."""
    numbers = np.arange(before + 1, before + 1 + batch.num_rows)
    columns: dict[str, Any] = {}
    doubts: list[dict[str, Any]] = []
    for column in table.own:
        if column.name in batch.schema.names:
            values = batch.column(column.name)
            columns[column.name], bad = _fitted(values, column.type, column.name)
            doubts += [_doubt("remark", int(numbers[i]), column.name, values[int(i)]) for i in bad]
        else:
            columns[column.name] = _nulls(batch.num_rows, column.type)
    timeless = columns[table.time].is_null() if table.time else pa.array(np.zeros(batch.num_rows, bool))
    out = np.flatnonzero(np.asarray(timeless))
    doubts += [_doubt("warning", int(numbers[i]), table.time or "", None) for i in out]
    place = {"evidence": member.evidence, "member": member.name, "source_table": ""}
    located = {name: pa.repeat(pa.scalar(text, pa.string()), batch.num_rows) for name, text in place.items()}
    whole = pa.record_batch(
        {**columns, **located, "source_row": pa.array(numbers, pa.int64())}, schema=table.schema
    )
    yield Rows(table.name, whole.filter(pc.invert(timeless)) if out.size else whole)
    if doubts:
        yield Doubts(WARNINGS.batch({**doubt, **place} for doubt in doubts))


def _fitted(values: Any, kind: pa.DataType, name: str) -> tuple[Any, npt.NDArray[np.intp]]:
    """The column in its canonical type, and the places of values that do not fit it.

    IMEIs and radio cells that stand as text are read as in any other file.
    """
    if read := _AS_WRITTEN.get(name) if pa.types.is_string(values.type) else None:
        fitted = read(values)
    else:
        fitted = _cast(values, kind)
    if name == "imei14":
        fits = pc.and_(pc.greater(fitted, 0), pc.less(fitted, 10**14))
        fitted = pc.if_else(fits, fitted, pa.scalar(None, kind))
    lost = pc.and_(fitted.is_null(), values.is_valid())
    return fitted, np.flatnonzero(np.asarray(lost))


def _cast(values: Any, kind: pa.DataType) -> Any:
    try:
        return pc.cast(values, kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([_one(value, kind) for value in values], kind)


def _one(value: Any, kind: pa.DataType) -> Any:
    try:
        return pc.cast(value, kind).as_py()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _doubt(severity: str, number: int, column: str, raw: Any) -> dict[str, Any]:
    reason = "no time" if severity == "warning" else f"not a value of {column}"
    text = None if raw is None else str(raw.as_py())[:1000]
    return {"severity": severity, "reason": reason, "column": column, "raw": text, "source_row": number}
