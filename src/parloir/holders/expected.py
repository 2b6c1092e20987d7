"""How many handsets to expect in each prison cell at a given moment."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.activity import DAY_US
from parloir.holders.leads import WeighedHandset
from parloir.holders.world import Prison, World

_HALF_LIFE_DAYS = 45
"""Assumed: half of the handsets that fell silent so long ago are gone."""


def expected_handsets(handsets: Iterable[WeighedHandset], world: World, moment: int) -> pa.Table:
    """Σ_D P(D ∈ c) for every occupied prison cell c, and P(at least one) if handsets were independent.

    P(D ∈ c) = P(inside and still active) · Σ_I P(I) · s(c | I), with s the place parameters: the holder's own
    prison cell, another one of its building, another one of the prison.

    Args:
        moment: microseconds UTC of the search; occupancy is that of the moment.

    Returns:
        prison, prison_cell, expected_handsets, probability; sorted by prison and prison cell.
    """
    per_prison: dict[str, _Ground] = {}
    for handset in handsets:
        name = handset.block.prison
        if name in world.prisons:
            ground = per_prison.setdefault(name, _Ground.of(world.prisons[name], moment))
            ground.add(handset, moment)
    grounds = sorted(per_prison.items())
    return pa.table(
        {
            "prison": pa.array([n for n, g in grounds for _ in g.cells], pa.string()),
            "prison_cell": pa.array([str(c) for _, g in grounds for c in g.cells], pa.string()),
            "expected_handsets": pa.array(
                [round(float(v), 6) for _, g in grounds for v in g.expected], pa.float64()
            ),
            "probability": pa.array(
                [round(float(1 - np.exp(v)), 6) for _, g in grounds for v in g.none], pa.float64()
            ),
        }
    )


class _Ground:
    """The occupied prison cells of one prison at one moment, filling up with expected handsets."""

    def __init__(self, cells: npt.NDArray[np.object_], occupants: dict[int, int]) -> None:
        self.cells, self.occupants = cells, occupants
        self.expected = np.zeros(cells.size)
        self.none = np.zeros(cells.size)
        buildings = np.array([_building(str(cell)) for cell in cells], dtype=object)
        self.same = buildings[:, None] == buildings[None, :] if cells.size < 3000 else None

    @classmethod
    def of(cls, prison: Prison, moment: int) -> _Ground:
        """Occupancy by the register of stays."""
        stays = prison.stays
        then = np.flatnonzero((stays.start <= moment) & (stays.end >= moment))
        then = np.array([row for row in then if stays.what[row] is not None], dtype=np.intp)
        cells, index = np.unique(stays.what[then].astype(str), return_inverse=True)
        occupants = dict(zip(stays.inmate[then].tolist(), index.tolist(), strict=True))
        return cls(cells.astype(object), occupants)

    def add(self, handset: WeighedHandset, moment: int) -> None:
        """One handset's probabilities over the prison cells; counts of several add up exactly."""
        if not self.cells.size:
            return
        p, place = np.zeros(self.cells.size), handset.parameters.place
        view, size = handset.block.view, self.cells.size
        for inmate, probability in zip(view.candidates.tolist(), handset.weighed.posterior, strict=True):
            cell = self.occupants.get(inmate)
            if cell is not None and probability > 1e-6:
                p += place["elsewhere"] * probability / size
                p += place["landing"] * probability * self._landing(cell)
                p[cell] += place["own"] * probability
        p = np.minimum(p * still_there(handset, moment), 1 - 1e-9)
        self.expected += p
        self.none += np.log1p(-p)

    def _landing(self, cell: int) -> npt.NDArray[np.float64]:
        """Evenly over the other prison cells of the building, or of the prison where there is no other."""
        if self.same is None:
            return np.full(self.cells.size, 1 / self.cells.size)
        others = self.same[cell].astype(float)
        others[cell] = 0
        return np.asarray(others / others.sum() if others.sum() else np.full(others.size, 1 / others.size))


def _building(prison_cell: str) -> str:
    """The leading part of a prison cell's name: A-2-114 stands in building A."""
    head = prison_cell.replace(" ", "-").split("-")[0]
    return head if head != prison_cell else ""


def still_there(handset: WeighedHandset, moment: int) -> float:
    """P(inside and still active at that moment)."""
    segment = handset.block.view.activity.segments[-1]
    silent_days = max(moment - handset.block.view.activity.last, 0) / DAY_US
    gone = handset.block.view.seizure is not None
    return 0.0 if gone else segment.probability * float(0.5 ** (silent_days / _HALF_LIFE_DAYS))
