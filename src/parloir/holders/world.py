"""The registers as arrays by prison: who stayed, was visited, was absent, telephoned lawfully."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir.holders.edges import edges

Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

_AT_ONCE = 1 << 19
"""Rows of a register whose words are read together."""
FOREVER = np.iinfo(np.int64).max
"""End of a stay or absence that lasts."""
TABLE = "evidence || '!' || member || '!' || source_table || '#', source_row"


@dataclass(frozen=True)
class Spans:
    """Rows of one register about inmates in one prison, sorted by time.

    Attributes:
        inmate: index into `World.inmates`.
        start, end: microseconds UTC.
        what: prison cell, visitor, reason or number; None where the register has none. Equal ones are one.
        table: up to the number of the row, where it stands. row: that number.
    """

    inmate: Integers
    start: Integers
    end: Integers
    what: Texts
    table: Texts
    row: Integers

    def of(self, inmate: int) -> npt.NDArray[np.intp]:
        """Rows of one inmate, in order."""
        order, inmates = self._by_inmate
        begin, end = np.searchsorted(inmates, (inmate, inmate + 1))
        return order[begin:end]

    @cached_property
    def _by_inmate(self) -> tuple[npt.NDArray[np.intp], Integers]:
        """All rows, those of an inmate together and in order, and whose each of them is."""
        order = np.argsort(self.inmate, kind="stable")
        return order, self.inmate[order]

    def locators(self, rows: npt.NDArray[np.intp]) -> list[str]:
        """Where some rows stand."""
        return [f"{self.table[row]}{self.row[row]}" for row in rows]


@dataclass(frozen=True)
class Prison:
    """What the registers say about one prison."""

    name: str
    stays: Spans
    visits: Spans
    absences: Spans
    legal_calls: Spans

    @cached_property
    def prison_cells(self) -> Integers:
        """A number for the prison cell of each stay, −1 where the register names none."""
        _, numbers = np.unique(self._names, return_inverse=True)
        return np.where(self._names == "", -1, numbers).astype(np.int64)

    @property
    def _names(self) -> npt.NDArray[np.str_]:
        return np.array(["" if what is None else str(what) for what in self.stays.what], dtype=str)

    @cached_property
    def sections(self) -> Integers:
        """A number for the section of each stay's prison cell, −1 where the register names none."""
        names, prison_cells = np.unique(self._names, return_inverse=True)
        _, section = np.unique([section_of(str(name)) for name in names], return_inverse=True)
        return np.where(self.prison_cells >= 0, section[prison_cells], -1).astype(np.int64)

    @cached_property
    def arrivals(self) -> Integers:
        """Start of each stay that does not continue another in this prison, else 0."""
        return edges(self.stays.inmate, self.stays.start, self.stays.end)

    @cached_property
    def departures(self) -> Integers:
        """End of each stay after which no other follows in this prison, else 0."""
        return edges(self.stays.inmate, self.stays.end, self.stays.start)

    def present(self, start: int, end: int) -> Integers:
        """Inmates with a stay that touches the period, sorted."""
        touching = (self.stays.start <= end) & (self.stays.end >= start)
        return np.unique(self.stays.inmate[touching])


@dataclass(frozen=True)
class World:
    """All prisons, and the inmates by number."""

    inmates: Texts
    prisons: dict[str, Prison]
    index: dict[str, int] = field(repr=False)


_REGISTERS = {
    "stays": f"SELECT prison, inmate, from_us, coalesce(to_us, {FOREVER}), prison_cell, {TABLE} FROM stays",
    "visits": (
        "SELECT prison, inmate, started_us, coalesce(ended_us, started_us), 'visitor:' || visitor, "
        f"{TABLE} FROM visits"
    ),
    "absences": (
        f"SELECT prison, inmate, from_us, coalesce(to_us, {FOREVER}), reason, {TABLE} FROM absences"
    ),
    "legal_calls": (
        "SELECT prison, inmate, started_us, started_us + 1000000 * coalesce(duration_s, 0), "
        f"CAST(number AS VARCHAR), {TABLE} FROM official_calls"
    ),
}


def section_of(prison_cell: str) -> str:
    """A prison cell's name without its last part: A-2-114 lies in section A-2."""
    return prison_cell.replace(" ", "-").rpartition("-")[0]


def load_world(connection: duckdb.DuckDBPyConnection) -> World:
    """Read the registers; rows without prison, inmate or beginning cannot place anybody and are left out."""
    named = connection.execute(
        "SELECT DISTINCT inmate FROM (SELECT inmate FROM inmates UNION ALL SELECT inmate FROM stays)"
        " WHERE inmate IS NOT NULL ORDER BY inmate"
    ).fetchnumpy()["inmate"]
    index = {str(name): number for number, name in enumerate(named)}
    inmates = pa.array(list(index), pa.string())
    registers = {name: _spans(connection, sql, inmates) for name, sql in _REGISTERS.items()}
    prisons = sorted(registers["stays"])
    nothing = _empty()
    return World(
        inmates=np.asarray(named, dtype=object),
        prisons={
            p: Prison(p, **{name: spans.get(p, nothing) for name, spans in registers.items()})
            for p in prisons
        },
        index=index,
    )


def _spans(connection: duckdb.DuckDBPyConnection, sql: str, inmates: pa.StringArray) -> dict[str, Spans]:
    """One register, split by prison."""
    columns = "prison, inmate, start, finish, what, origin, number"
    batches = connection.execute(
        f"SELECT * FROM ({sql}) AS r({columns}) WHERE prison IS NOT NULL AND inmate IS NOT NULL"
        " AND start IS NOT NULL ORDER BY prison, start, inmate, origin || CAST(number AS VARCHAR)"
    ).to_arrow_reader(_AT_ONCE)
    parts = [_columns(batch, inmates) for batch in batches if batch.num_rows]
    if not parts:
        return {}
    prison, *columns_of = (np.concatenate(of_all) for of_all in zip(*parts, strict=True))
    edges = [0, *(np.flatnonzero(prison[1:] != prison[:-1]) + 1).tolist(), prison.size]
    return {str(prison[a]): Spans(*(one[a:b] for one in columns_of)) for a, b in pairwise(edges)}


def _columns(rows: pa.RecordBatch, inmates: pa.StringArray) -> list[npt.NDArray[Any]]:
    """Prisons, then the columns of `Spans`; rows are many, words few."""
    number: Any = pc.index_in(rows["inmate"], inmates)
    return [
        _texts(rows["prison"]),
        np.asarray(number.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64),
        *(rows[name].to_numpy().astype(np.int64) for name in ("start", "finish")),
        *(_texts(rows[name]) for name in ("what", "origin")),
        rows["number"].to_numpy().astype(np.int64),
    ]


def _texts(column: Any) -> Texts:
    """Objects, equal ones the same, None for nulls."""
    coded = column.dictionary_encode()
    words = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(words[coded.indices.fill_null(words.size - 1).to_numpy(zero_copy_only=False)])


def _empty() -> Spans:
    none = np.empty(0, dtype=np.int64)
    return Spans(none, none, none, np.empty(0, dtype=object), np.empty(0, dtype=object), none)
