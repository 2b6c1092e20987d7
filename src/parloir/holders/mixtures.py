"""Which radio cells serve handsets of one section of a prison: those whose likely users live there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.activity import Activity
from parloir.holders.world import Prison, World

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_TEMPER = 30.0
"""Records that the mixture of radio cells of one handset counts for at most: they come in bursts."""
_BASE = 20.0
"""Records that the prison's own mixture counts for beside a section's."""


@dataclass(frozen=True)
class Weighing:
    """One handset as the first weighing left it.

    Attributes:
        activity: the handset.
        prison: where it was last.
        candidates, posterior: whom it may belong to, P(inside) included.
        numbers, rarity: its correspondents that no register knows, and how rare each is.
    """

    activity: Activity
    prison: str
    candidates: Integers
    posterior: Floats
    numbers: Integers
    rarity: Floats


@dataclass(frozen=True)
class Mixtures:
    """Mixtures of radio cells, for one prison at a time.

    Attributes:
        prison: where each handset was last.
        section: of each candidate of a handset, −1 unknown, by row.
        counts: tempered records of a handset by (network and radio cell), by row.
        share: of each section in a handset, by row.
        group: network of each radio cell, by prison.
        totals: weighed records by prison, section and radio cell.
    """

    prison: Sequence[str]
    section: Mapping[int, Integers]
    counts: Mapping[int, Floats]
    share: Mapping[int, Floats]
    group: Mapping[str, Integers]
    totals: Mapping[str, Floats]

    @classmethod
    def of(cls, weighings: Sequence[Weighing], world: World, served: pa.Table) -> Mixtures:
        """Add up the mixtures of each section, each handset as far as its likely users live there."""
        counts, groups = _mixtures(weighings, served)
        section: dict[int, Integers] = {}
        share: dict[int, Floats] = {}
        totals: dict[str, Floats] = {}
        names: dict[str, dict[str, int]] = defaultdict(dict)
        for row, one in enumerate(weighings):
            section[row] = _sections(world.prisons.get(one.prison), one, names[one.prison])
        for row, one in enumerate(weighings):
            size = max(len(names[one.prison]), 1)
            known = section[row] >= 0
            lives = np.bincount(section[row][known], weights=one.posterior[known], minlength=size)
            share[row] = lives.astype(np.float64)
            if row in counts:
                sums = totals.setdefault(one.prison, np.zeros((size, counts[row].size)))
                sums += share[row][:, None] * counts[row]
        return cls([one.prison for one in weighings], section, counts, share, groups, totals)

    def bits(self, row: int) -> Floats:
        """log2 of the mixture's probability with the section's others, over that anywhere in the prison."""
        section, prison = self.section[row], self.prison[row]
        if row not in self.counts:
            return np.zeros(section.size)
        own = self.counts[row]
        others = self.totals[prison] - self.share[row][:, None] * own
        base = _within(others.sum(axis=0) + 0.1, self.group[prison])
        mixed = _within(others + _BASE * base, self.group[prison])
        score = np.log2(mixed / base) @ own
        bits = np.where(section >= 0, score[np.maximum(section, 0)], 0.0)
        middle = np.log2(np.mean(np.exp2(np.clip(bits, -60, 60)))) if bits.size else 0.0
        return np.asarray(bits - middle)


def served(connection: duckdb.DuckDBPyConnection, handsets: pa.Table, inside: pa.Table) -> pa.Table:
    """handset, prison, network, radio_cell, hours: what served each handset while it was inside."""
    connection.register("handsets", handsets)
    connection.register("inside", inside)
    sql = files("parloir.holders").joinpath("sql/served.sql").read_text(encoding="utf-8")
    return connection.execute(sql).to_arrow_table()


def _within(counts: Floats, group: Integers) -> Floats:
    """Shares within each network, along the last axis."""
    sums = np.zeros((*counts.shape[:-1], int(group.max()) + 1))
    np.add.at(sums.T, group, counts.T)
    return np.asarray(counts / np.maximum(sums[..., group], 1e-12))


def _mixtures(
    weighings: Sequence[Weighing], served: pa.Table
) -> tuple[dict[int, Floats], dict[str, Integers]]:
    """Tempered records of each handset by radio cell of its last prison, and each radio cell's network."""
    rows: dict[tuple[int, str], list[tuple[tuple[str, int], int]]] = defaultdict(list)
    columns: dict[str, dict[tuple[str, int], int]] = defaultdict(dict)
    for handset, prison, network, radio_cell, hours in zip(
        *(served[name].to_pylist() for name in served.column_names), strict=True
    ):
        rows[handset, prison].append(((network, radio_cell), hours))
        columns[prison].setdefault((network, radio_cell), len(columns[prison]))
    groups: dict[str, Integers] = {}
    for prison, found in columns.items():
        networks = sorted({network for network, _ in found})
        groups[prison] = np.array([networks.index(network) for network, _ in found], dtype=np.int64)
    counts: dict[int, Floats] = {}
    for row, one in enumerate(weighings):
        mine = rows.get((one.activity.handset, one.prison))
        if mine:
            counts[row] = np.zeros(len(columns[one.prison]))
            for key, hours in mine:
                counts[row][columns[one.prison][key]] += hours
            counts[row] *= min(1.0, _TEMPER / counts[row].sum())
    return counts, groups


def _sections(prison: Prison | None, one: Weighing, names: dict[str, int]) -> Integers:
    """Section of each candidate's prison cell at the handset's last activity, −1 where none is known."""
    found = np.full(one.candidates.size, -1, dtype=np.int64)
    if prison is None:
        return found
    stays, moment = prison.stays, one.activity.last
    then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment) & (prison.prison_cells >= 0))
    place = np.minimum(np.searchsorted(one.candidates, stays.inmate[then]), max(one.candidates.size - 1, 0))
    known = one.candidates[place] == stays.inmate[then] if one.candidates.size else np.zeros(0, bool)
    for row, at in zip(then[known], place[known], strict=True):
        found[at] = names.setdefault(section_of(str(stays.what[row])), len(names))
    return found


def section_of(prison_cell: str) -> str:
    """A prison cell's name without its last part: A-2-114 lies in section A-2."""
    return prison_cell.replace(" ", "-").rpartition("-")[0]
