"""How many handsets to expect in each prison cell at a given moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.activity import DAY_US, Life
from parloir.holders.searched import Searched
from parloir.holders.world import Prison, World

Floats = npt.NDArray[np.float64]

LIFE = Life(days=135.0, pause=0.01)
"""As in parameters.toml, for runs that carry no habit."""


def expected_handsets(
    posteriors: pa.Table,
    world: World,
    moment: int,
    place: Mapping[str, float],
    searched: Searched | None = None,
) -> pa.Table:
    """Σ_D P(D ∈ c) for every occupied prison cell c, and P(at least one) if handsets were independent.

    P(D ∈ c) = P(inside and still active) · Σ_I P(I) · s(c | I), with s the place parameters: the holder's own
    prison cell, another one of its building, another one of the prison. A search since the handset's last
    record that did not find it multiplies by 1 − q what lay where it was made, and what is left is divided by
    the probability of not having found the handset. In the holder's own prison cell a handset goes where
    the holder goes: what counts there are searches of the prison cells that the holder had at the time.

    Args:
        posteriors: as `Holders.posteriors`.
        world: the registers; occupancy is that of the moment.
        moment: microseconds UTC of the search.
        place: probabilities own, landing, elsewhere, and find_rate, q.
        searched: what searches before that moment found and did not find.

    Returns:
        prison, prison_cell, expected_handsets, probability; sorted by prison and prison cell.
    """
    known = searched or Searched()
    grounds: dict[str, _Ground] = {}
    for rows in _by_handset(posteriors):
        name, handset = rows[0]["prison"], rows[0]["handset"]
        if name in world.prisons and not rows[0]["seized"] and handset not in known.seized:
            if name not in grounds:
                searches = [s for s in known.of_prison.get(name, ()) if s[0] < moment]
                grounds[name] = _Ground(world.prisons[name], moment, place, searches)
            inmates = {world.index[row["inmate"]]: row["probability"] for row in rows}
            grounds[name].add(inmates, _still_there(rows[0], moment), rows[0]["last_us"])
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
    """P(inside and still in use at that moment): what the records show, then as handsets last on average.

    Runs of earlier versions did not reckon with habits: they count from the last record.
    """
    seen_until = row.get("until_us") or row["last_us"]
    alive = row.get("alive")
    habit = 1.0 if alive is None else alive
    return row["inside"] * habit * LIFE.survival((moment - seen_until) / DAY_US)


class _Ground:
    """The occupied prison cells of one prison at one moment, filling up with expected handsets."""

    def __init__(
        self,
        prison: Prison,
        moment: int,
        place: Mapping[str, float],
        searches: Sequence[tuple[int, str]] = (),
    ) -> None:
        stays = prison.stays
        housed = np.array([what is not None for what in stays.what], dtype=bool)
        then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment) & housed)
        names, index = np.unique(stays.what[then].astype(str), return_inverse=True)
        self.prison_cells = names.astype(object)
        self.occupied_by = dict(zip(stays.inmate[then].tolist(), index.tolist(), strict=True))
        _, self.building = np.unique([_building(name) for name in names], return_inverse=True)
        self.size_of = np.bincount(self.building) if names.size else np.zeros(0, dtype=np.int64)
        self.place = place
        self.searches = [_Search.of(prison, names, *search) for search in searches]
        self.expected = np.zeros(names.size)
        self.none = np.zeros(names.size)

    def add(self, inmates: Mapping[int, float], there: float, last: int) -> None:
        """One handset's probabilities over the prison cells; counts of several add up exactly."""
        since = [search for search in self.searches if search.moment > last]
        before = self._spread(inmates, there, [])
        p = before
        if since:
            after = self._spread(inmates, there, since)
            p = after / max(1 - float(before.sum() - after.sum()), 1e-9)
        p = np.minimum(p, 1 - 1e-9)
        self.expected += p
        self.none += np.log1p(-p)

    def _spread(self, inmates: Mapping[int, float], there: float, missed: Sequence[_Search]) -> Floats:
        """P(D ∈ c and not found by the searches that missed it)."""
        size, rate = self.expected.size, 1 - self.place["find_rate"]
        own, found_not = np.zeros(size), np.zeros(size)
        for inmate, probability in inmates.items():
            prison_cell = self.occupied_by.get(inmate)
            if prison_cell is not None:
                own[prison_cell] += probability
                found_not[prison_cell] += probability * rate ** sum(inmate in s.occupants for s in missed)
        landing = np.bincount(self.building, weights=own, minlength=self.size_of.size)
        others = landing[self.building] - own
        stray = np.full(size, self.place["elsewhere"] * own.sum() / max(size, 1))
        stray += self.place["landing"] * others / np.maximum(self.size_of[self.building] - 1, 1)
        for search in missed:
            stray[search.index] *= rate
        return np.asarray((self.place["own"] * found_not + stray) * there)


@dataclass(frozen=True)
class _Search:
    """One search of a prison cell: who occupied it then, and its index now (no index if it stands empty)."""

    moment: int
    occupants: frozenset[int]
    index: npt.NDArray[np.intp]

    @classmethod
    def of(cls, prison: Prison, names: npt.NDArray[np.str_], moment: int, prison_cell: str) -> _Search:
        stays = prison.stays
        then = (stays.start <= moment) & (stays.end >= moment) & (stays.what == prison_cell)
        return cls(moment, frozenset(stays.inmate[then].tolist()), np.flatnonzero(names == prison_cell))


def _building(prison_cell: str) -> str:
    """The leading part of a prison cell's name: A-2-114 stands in building A."""
    return prison_cell.replace(" ", "-").split("-")[0]
