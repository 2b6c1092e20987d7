"""The registers as arrays by prison: who stayed, was visited, was absent, telephoned lawfully."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.edges import edges

Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

FOREVER = np.iinfo(np.int64).max
"""End of a stay or absence that lasts."""


@dataclass(frozen=True)
class Spans:
    """Rows of one register about inmates in one prison, sorted by time.

    Attributes:
        inmate: index into `World.inmates`.
        start, end: microseconds UTC.
        what: the prison cell of a stay, None where the register has none. Equal ones are one.
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


def empty_spans() -> Spans:
    """A register that says nothing."""
    none = np.empty(0, dtype=np.int64)
    return Spans(none, none, none, np.empty(0, dtype=object), np.empty(0, dtype=object), none)


@dataclass(frozen=True)
class Prison:
    """What the registers say about one prison.

    Attributes:
        elsewhere: when inmates of it are known to be in no prison cell of it: in another prison, or at large.
            Where nothing says where an inmate is, a row is missing.
    """

    name: str
    stays: Spans
    visits: Spans
    absences: Spans
    legal_calls: Spans
    elsewhere: Spans = field(default_factory=empty_spans)

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


STAYS, ELSEWHERE = "stays", "elsewhere"
_REGISTERS = {
    STAYS: (
        f"SELECT *, from_us AS start, coalesce(to_us, {FOREVER}) AS finish, prison_cell AS what FROM stays"
    ),
    "visits": (
        "SELECT *, started_us AS start, coalesce(ended_us, started_us) AS finish,"
        " CAST(NULL AS VARCHAR) AS what FROM visits"
    ),
    "absences": (
        f"SELECT *, from_us AS start, coalesce(to_us, {FOREVER}) AS finish,"
        " CAST(NULL AS VARCHAR) AS what FROM absences"
    ),
    "legal_calls": (
        "SELECT *, started_us AS start, started_us + 1000000 * coalesce(duration_s, 0) AS finish,"
        " CAST(NULL AS VARCHAR) AS what FROM official_calls"
    ),
    ELSEWHERE: "SELECT * FROM elsewhere",
}


def section_of(prison_cell: str) -> str:
    """A prison cell's name without its last part: A-2-114 lies in section A-2."""
    return prison_cell.replace(" ", "-").rpartition("-")[0]


def load_world(
    connection: duckdb.DuckDBPyConnection, registers: Collection[str] = tuple(_REGISTERS)
) -> World:
    """Read the registers; rows without prison, inmate or beginning cannot place anybody and are left out.

    Args:
        connection: with the canonical views.
        registers: which of stays, visits, absences, legal_calls and elsewhere; the others are left empty.
    """
    named = connection.execute(
        "SELECT DISTINCT inmate FROM (SELECT inmate FROM inmates UNION ALL SELECT inmate FROM stays)"
        " WHERE inmate IS NOT NULL ORDER BY inmate"
    ).to_arrow_table()["inmate"]
    inmates = np.array(named.to_pylist(), dtype=object)
    numbers = pa.table({"inmate": named, "inmate_number": pa.array(np.arange(inmates.size))})
    connection.register("inmate_numbers", numbers)
    if ELSEWHERE in registers:
        connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE elsewhere AS {_sql('elsewhere')}")
    read = {name: _spans(connection, sql) if name in registers else {} for name, sql in _REGISTERS.items()}
    connection.execute("DROP TABLE IF EXISTS elsewhere")
    connection.unregister("inmate_numbers")
    nothing = empty_spans()
    return World(
        inmates=inmates,
        prisons={
            prison: Prison(prison, **{name: spans.get(prison, nothing) for name, spans in read.items()})
            for prison in sorted(read[STAYS])
        },
        index={str(name): number for number, name in enumerate(inmates)},
    )


def _sql(name: str) -> str:
    text = files("parloir.holders").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
    return text.replace("$forever", str(FOREVER))


def _spans(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Spans]:
    """One register, split by prison; words are numbers while the rows are sorted."""
    text = _sql("register")
    rows = connection.execute(text.replace("$register", sql)).to_arrow_table().combine_chunks()
    connection.execute("DROP TYPE register_prison; DROP TYPE register_table")
    if not rows.num_rows:
        return {}
    prison: Any = rows["prison"].chunk(0)
    code = prison.indices.to_numpy()
    columns = [
        *(rows[name].to_numpy() for name in ("inmate", "start", "finish")),
        *(_texts(rows[name].chunk(0)) for name in ("what", "origin")),
        rows["number"].to_numpy(),
    ]
    ends = [0, *(np.flatnonzero(code[1:] != code[:-1]) + 1).tolist(), code.size]
    names = prison.dictionary.to_pylist()
    return {names[code[a]]: Spans(*(one[a:b] for one in columns)) for a, b in pairwise(ends)}


def _texts(column: Any) -> Texts:
    """Objects, equal ones the same, None for nulls."""
    coded: Any = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    words = np.array([*coded.dictionary.to_pylist(), None], dtype=object)
    codes = coded.indices.cast(pa.int64()).fill_null(words.size - 1)
    return np.asarray(words[codes.to_numpy()])
