"""The registers as arrays by prison: who stayed, was visited, was absent, telephoned lawfully."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]

FOREVER = np.iinfo(np.int64).max
"""End of a stay or absence that lasts."""
LOCATOR = "evidence || '!' || member || '!' || source_table || '#' || CAST(source_row AS VARCHAR)"


@dataclass(frozen=True)
class Spans:
    """Rows of one register about inmates in one prison, sorted by time.

    Attributes:
        inmate: index into `World.inmates`.
        start, end: microseconds UTC.
        what: prison cell, visitor, reason or number; None where the register has none.
        locator: where the row stands.
    """

    inmate: Integers
    start: Integers
    end: Integers
    what: Texts
    locator: Texts

    def of(self, inmate: int) -> npt.NDArray[np.intp]:
        """Rows of one inmate."""
        return np.flatnonzero(self.inmate == inmate)


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
    "stays": f"SELECT prison, inmate, from_us, coalesce(to_us, {FOREVER}), prison_cell, {LOCATOR} FROM stays",
    "visits": (
        "SELECT prison, inmate, started_us, coalesce(ended_us, started_us), 'visitor:' || visitor, "
        f"{LOCATOR} FROM visits"
    ),
    "absences": (
        f"SELECT prison, inmate, from_us, coalesce(to_us, {FOREVER}), reason, {LOCATOR} FROM absences"
    ),
    "legal_calls": (
        "SELECT prison, inmate, started_us, started_us + 1000000 * coalesce(duration_s, 0), "
        f"CAST(number AS VARCHAR), {LOCATOR} FROM official_calls"
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
    registers = {name: _spans(connection, sql, index) for name, sql in _REGISTERS.items()}
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


def _spans(connection: duckdb.DuckDBPyConnection, sql: str, index: dict[str, int]) -> dict[str, Spans]:
    """One register, split by prison."""
    columns = "prison, inmate, start, finish, what, locator"
    rows = connection.execute(
        f"SELECT * FROM ({sql}) AS r({columns}) WHERE prison IS NOT NULL AND inmate IS NOT NULL"
        " AND start IS NOT NULL ORDER BY prison, start, inmate, locator"
    ).fetchnumpy()
    prison = np.asarray(rows["prison"], dtype=object)
    if prison.size == 0:
        return {}
    changes = np.flatnonzero(prison[1:] != prison[:-1]) + 1
    return {
        str(prison[part[0]]): _part(rows, part, index) for part in np.split(np.arange(prison.size), changes)
    }


def _part(rows: dict[str, Any], part: npt.NDArray[np.intp], index: dict[str, int]) -> Spans:
    return Spans(
        inmate=np.array([index.get(str(i), -1) for i in rows["inmate"][part]], dtype=np.int64),
        start=np.asarray(rows["start"][part], dtype=np.int64),
        end=np.asarray(rows["finish"][part], dtype=np.int64),
        what=_texts(rows["what"], part),
        locator=_texts(rows["locator"], part),
    )


def _texts(column: Any, part: npt.NDArray[np.intp]) -> Texts:
    """Objects with None for nulls, which DuckDB hands over as a masked array."""
    values: Any = np.ma.filled(np.ma.asarray(column[part], dtype=object), None)
    return np.asarray(values, dtype=object)


def _empty() -> Spans:
    none = np.empty(0, dtype=np.int64)
    return Spans(none, none, none, np.empty(0, dtype=object), np.empty(0, dtype=object))
