"""What sets rows aside before they are written: each sieve may name a reason, the first one holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parloir.actions.case_store import case_store, privileged
from parloir.records.authorities import authority_of
from parloir.records.models import EvidenceItem
from parloir.records.workspace import Workspace
from parloir.tables import QUARANTINE, TABLES
from parloir.tables.schema import LOCATOR
from parloir.tables.walls import Wall
from parloir.vault import Scope, outside


class Sieve(Protocol):
    """Sets rows aside."""

    def reasons(self, table: str, batch: pa.RecordBatch) -> pa.StringArray | None:
        """One reason a row, null for a row that passes; None when nothing in this table can be held back."""
        ...


@dataclass(frozen=True)
class ScopeSieve:
    """Holds back what lies outside the authority's period or radio cells."""

    scope: Scope

    def reasons(self, table: str, batch: pa.RecordBatch) -> pa.StringArray | None:
        """`period` or `radio_cell`."""
        known = TABLES[table]
        return outside(self.scope, _integers(batch, known.time), _integers(batch, known.radio_cell))


def _integers(batch: pa.RecordBatch, column: str | None) -> pa.Int64Array | None:
    return cast("pa.Int64Array", batch.column(column)) if column else None


@dataclass(frozen=True)
class ProtectedSieve:
    """Holds back what the protected registers of the case hide."""

    wall: Wall
    connection: duckdb.DuckDBPyConnection

    @classmethod
    def of(cls, wall: Wall) -> ProtectedSieve:
        """A sieve that reads the registers once."""
        connection = duckdb.connect()
        wall.build(connection)
        return cls(wall, connection)

    def reasons(self, table: str, batch: pa.RecordBatch) -> pa.StringArray | None:
        """`protected`, or `protected_name` where nothing but the name speaks for it."""
        hidden, by_name = self.wall.hidden(TABLES[table]), self.wall.by_name(TABLES[table])
        if not hidden:
            return None
        places = pa.array(np.arange(batch.num_rows, dtype=np.int64))
        numbered = pa.Table.from_batches([batch]).append_column("place", places)
        self.connection.register("batch", numbered)
        reason = f"CASE WHEN {by_name or 'false'} THEN 'protected_name' WHEN {hidden} THEN 'protected' END"
        found = self.connection.execute(f"SELECT {reason} AS reason FROM batch ORDER BY place")
        return cast("pa.StringArray", found.to_arrow_table()["reason"].combine_chunks())


def sieves_of(workspace: Workspace, item: EvidenceItem) -> tuple[Sieve, ...]:
    """What holds for the rows of an evidence item: the scope of its authority, then the protected register.

    An authority for privileged contacts lifts the second.
    """
    scope = ScopeSieve(authority_of(item.authority).scope)
    wall = case_store(workspace, item.case).wall
    if privileged(item.authority) or not wall.registers:
        return (scope,)
    return scope, ProtectedSieve.of(wall)


def sifted(
    sieves: tuple[Sieve, ...], table: str, batch: pa.RecordBatch
) -> tuple[pa.RecordBatch, pa.RecordBatch | None]:
    """The rows that pass, and the rows of `quarantine` for the others; None when all pass."""
    reasons = [found for sieve in sieves if (found := sieve.reasons(table, batch)) is not None]
    if not reasons:
        return batch, None
    reason = pc.coalesce(*reasons)
    if reason.null_count == batch.num_rows:
        return batch, None
    held = batch.filter(pc.is_valid(reason))
    return batch.filter(pc.is_null(reason)), _locators(table, held, reason.drop_null())


def _locators(table: str, held: pa.RecordBatch, reason: pa.StringArray) -> pa.RecordBatch:
    names = pa.array([table] * held.num_rows, pa.string())
    located = [held.column(column.name) for column in LOCATOR]
    return pa.RecordBatch.from_arrays([names, reason, *located], schema=QUARANTINE.schema)
