"""How many handsets to expect in each prison cell at a given moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.activity import DAY_US
from parloir.holders.world import Prison, World

Floats = npt.NDArray[np.float64]

_HALF_LIFE_DAYS = 45
"""Assumed: half of the handsets that fell silent so long ago are gone."""


def expected_handsets(
    posteriors: pa.Table, world: World, moment: int, place: Mapping[str, float]
) -> pa.Table:
    """Σ_D P(D ∈ c) for every occupied prison cell c, and P(at least one) if handsets were independent.

    P(D ∈ c) = P(inside and still active) · Σ_I P(I) · s(c | I), with s the place parameters: the holder's own
    prison cell, another one of its building, another one of the prison.

    Args:
        posteriors: as `Holders.posteriors`.
        world: the registers; occupancy is that of the moment.
        moment: microseconds UTC of the search.
        place: probabilities own, landing, elsewhere.

    Returns:
        prison, prison_cell, expected_handsets, probability; sorted by prison and prison cell.
    """
    grounds: dict[str, _Ground] = {}
    for rows in _by_handset(posteriors):
        name = rows[0]["prison"]
        if name in world.prisons and not rows[0]["seized"]:
            if name not in grounds:
                grounds[name] = _Ground(world.prisons[name], moment, place)
            inmates = {world.index[row["inmate"]]: row["probability"] for row in rows}
            grounds[name].add(inmates, _still_there(rows[0], moment))
    ordered = sorted(grounds.items())
    return pa.table(
        {
            "prison": pa.array([n for n, g in ordered for _ in g.prison_cells], pa.string()),
            "prison_cell": pa.array([str(c) for _, g in ordered for c in g.prison_cells], pa.string()),
            "expected_handsets": _column([g.expected for _, g in ordered]),
            "probability": _column([1 - np.exp(g.none) for _, g in ordered]),
        }
    )


def _column(parts: list[Floats]) -> pa.DoubleArray:
    return pa.array(np.round(np.concatenate([np.zeros(0), *parts]), 6), pa.float64())


def _by_handset(posteriors: pa.Table) -> list[list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in posteriors.to_pylist():
        groups.setdefault(row["handset"], []).append(row)
    return [rows for _, rows in sorted(groups.items())]


def _still_there(row: Mapping[str, float], moment: int) -> float:
    """P(inside and still active at that moment)."""
    silent_days = max(moment - row["last_us"], 0) / DAY_US
    return row["inside"] * float(0.5 ** (silent_days / _HALF_LIFE_DAYS))


class _Ground:
    """The occupied prison cells of one prison at one moment, filling up with expected handsets."""

    def __init__(self, prison: Prison, moment: int, place: Mapping[str, float]) -> None:
        stays = prison.stays
        housed = np.array([what is not None for what in stays.what], dtype=bool)
        then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment) & housed)
        names, index = np.unique(stays.what[then].astype(str), return_inverse=True)
        self.prison_cells = names.astype(object)
        self.occupied_by = dict(zip(stays.inmate[then].tolist(), index.tolist(), strict=True))
        _, self.building = np.unique([_building(name) for name in names], return_inverse=True)
        self.size_of = np.bincount(self.building) if names.size else np.zeros(0, dtype=np.int64)
        self.place = place
        self.expected = np.zeros(names.size)
        self.none = np.zeros(names.size)

    def add(self, inmates: Mapping[int, float], there: float) -> None:
        """One handset's probabilities over the prison cells; counts of several add up exactly."""
        size = self.expected.size
        own, landing, total = np.zeros(size), np.zeros(self.size_of.size), 0.0
        for inmate, probability in inmates.items():
            prison_cell = self.occupied_by.get(inmate)
            if prison_cell is not None:
                own[prison_cell] += probability
                landing[self.building[prison_cell]] += probability
                total += probability
        if total == 0:
            return
        others = landing[self.building] - own
        p = self.place["own"] * own + self.place["elsewhere"] * total / size
        p += self.place["landing"] * others / np.maximum(self.size_of[self.building] - 1, 1)
        p = np.minimum(p * there, 1 - 1e-9)
        self.expected += p
        self.none += np.log1p(-p)


def _building(prison_cell: str) -> str:
    """The leading part of a prison cell's name: A-2-114 stands in building A."""
    return prison_cell.replace(" ", "-").split("-")[0]
