"""Which radio cells serve handsets of one section of a prison: those whose likely users live there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.activity import Activity
from parloir.holders.world import Prison

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Sections = npt.NDArray[np.int16]
Candidates = npt.NDArray[np.int32]

_TEMPER = 30.0
"""Records that the mixture of radio cells of one handset counts for at most: they come in bursts."""
_BASE = 20.0
"""Records that the prison's own mixture counts for beside a section's."""


@dataclass(frozen=True)
class Fellow:
    """What the other handsets have to know of one.

    Attributes:
        likely, chance: candidates who may well be the user, and how likely that is, P(inside) included.
        numbers: its correspondents that no register knows.
    """

    likely: Candidates
    chance: Floats
    numbers: Integers


@dataclass(frozen=True)
class Weighing:
    """One handset as the first weighing left it.

    Attributes:
        activity: the handset.
        prison: where it was last.
        candidates: whom it may belong to.
        sections: of each candidate's prison cell at the handset's last activity, −1 unknown.
        share: probability that the user lives in each section, P(inside) included, shape (sections,).
        told: what other handsets are told.
        rarity: how rare each of its correspondents is that no register knows.
    """

    activity: Activity
    prison: str
    candidates: Candidates
    sections: Sections
    share: Floats
    told: Fellow
    rarity: Floats


def lived_in(prison: Prison | None, candidates: Candidates, moment: int) -> tuple[Sections, int]:
    """Section of each candidate's prison cell at a moment, −1 unknown, and how many sections there are."""
    found = np.full(candidates.size, -1, dtype=np.int16)
    if prison is None or not candidates.size:
        return found, 1
    stays = prison.stays
    then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment) & (prison.sections >= 0))
    place = np.minimum(np.searchsorted(candidates, stays.inmate[then]), candidates.size - 1)
    known = candidates[place] == stays.inmate[then]
    found[place[known]] = prison.sections[then[known]]
    return found, int(prison.sections.max(initial=0)) + 1


@dataclass(frozen=True)
class Mixtures:
    """Mixtures of radio cells, for one prison at a time.

    Attributes:
        weighings: handsets by their number.
        counts: tempered records of a handset by (network and radio cell), by row.
        group: network of each radio cell, by prison.
        totals: weighed records by prison, section and radio cell.
    """

    weighings: Mapping[int, Weighing]
    counts: Mapping[int, Floats]
    group: Mapping[str, Integers]
    totals: Mapping[str, Floats]

    @classmethod
    def of(cls, weighings: Mapping[int, Weighing], served: pa.Table) -> Mixtures:
        """Add up the mixtures of each section, each handset as far as its likely users live there."""
        counts, groups = _mixtures(weighings, served)
        totals: dict[str, Floats] = {}
        for row, own in counts.items():
            one = weighings[row]
            sums = totals.setdefault(one.prison, np.zeros((one.share.size, own.size)))
            sums += one.share[:, None] * own
        return cls(weighings, counts, groups, totals)

    def bits(self, row: int) -> Floats:
        """log2 of the mixture's probability with the section's others, over that anywhere in the prison."""
        one = self.weighings[row]
        section, prison = one.sections, one.prison
        if row not in self.counts:
            return np.zeros(section.size)
        own = self.counts[row]
        others = self.totals[prison] - one.share[:, None] * own
        base = _within(others.sum(axis=0) + 0.1, self.group[prison])
        mixed = _within(others + _BASE * base, self.group[prison])
        score = np.log2(mixed / base) @ own
        bits = np.where(section >= 0, score[np.maximum(section, 0)], 0.0)
        middle = np.log2(np.mean(np.exp2(np.clip(bits, -60, 60)))) if bits.size else 0.0
        return np.asarray(bits - middle)


def served(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """handset, prison, network, radio_cell, hours: what served each handset while it was inside."""
    sql = files("parloir.holders").joinpath("sql/served.sql").read_text(encoding="utf-8")
    return connection.execute(sql).to_arrow_table()


def _within(counts: Floats, group: Integers) -> Floats:
    """Shares within each network, along the last axis."""
    sums = np.zeros((*counts.shape[:-1], int(group.max()) + 1))
    np.add.at(sums.T, group, counts.T)
    return np.asarray(counts / np.maximum(sums[..., group], 1e-12))


def _mixtures(
    weighings: Mapping[int, Weighing], served: pa.Table
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
    for row, one in weighings.items():
        mine = rows.get((one.activity.handset, one.prison))
        if mine:
            counts[row] = np.zeros(len(columns[one.prison]))
            for key, hours in mine:
                counts[row][columns[one.prison][key]] += hours
            counts[row] *= min(1.0, _TEMPER / counts[row].sum())
    return counts, groups
