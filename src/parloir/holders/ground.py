"""The occupied prison cells of one prison at one moment, and how what may lie there is spread over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US, LIFE
from parloir.holders.unseen import Unseen
from parloir.holders.world import Prison

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_AT_ONCE = 256
"""Handsets whose probabilities over all prison cells are held together."""


@dataclass(frozen=True)
class Mass:
    """Who may hold the handsets that were last in one prison.

    Attributes:
        handset: position of the handset of each row, ascending.
        inmate: number of the candidate of each row.
        probability: that the candidate is its user.
        there: P(inside and still in use at the moment) of each handset.
        last: microseconds UTC of the last activity of each handset.
    """

    handset: Integers
    inmate: Integers
    probability: Floats
    there: Floats
    last: Integers

    def part(self, begin: int, end: int) -> Mass:
        """The handsets from `begin` to `end`."""
        rows = slice(*np.searchsorted(self.handset, [begin, end]))
        return Mass(
            self.handset[rows] - begin,
            self.inmate[rows],
            self.probability[rows],
            self.there[begin:end],
            self.last[begin:end],
        )


class Ground:
    """The occupied prison cells of one prison at one moment.

    Attributes:
        prison_cells: their names, sorted.
        occupants: how many inmates each holds.
    """

    def __init__(
        self,
        prison: Prison,
        moment: int,
        place: Mapping[str, float],
        searches: Sequence[tuple[int, str]] = (),
        moved: Integers | None = None,
    ) -> None:
        """Read the occupancy.

        Args:
            prison: its registers.
            moment: microseconds UTC.
            place: see `parameters.toml`.
            searches: moment and prison cell of those made before.
            moved: of each inmate the beginning of the last stay at the moment, in whichever prison: an
                earlier one was never ended in its register.
        """
        stays = prison.stays
        housed = np.array([what is not None for what in stays.what], dtype=bool)
        last = stays.start if moved is None else moved[stays.inmate]
        there = (stays.start <= moment) & (stays.end >= moment) & (stays.start >= last)
        then = np.flatnonzero(there & housed)
        names, cell = np.unique(stays.what[then].astype(str), return_inverse=True)
        self.prison_cells = names.astype(object)
        self.occupants = np.bincount(cell, minlength=names.size).astype(np.float64)
        order = np.argsort(stays.inmate[then], kind="stable")
        # The last of several stays of one inmate counts, as the register names them.
        self.inmates, first = np.unique(stays.inmate[then][order][::-1], return_index=True)
        self.cell_of = cell[order][::-1][first]
        _, self.building = np.unique([building_of(name) for name in names], return_inverse=True)
        self.size_of = np.bincount(self.building) if names.size else np.zeros(0, dtype=np.int64)
        self.place, self.moment = place, moment
        self.searched = _Searched.of(prison, names, searches)

    def expected(self, mass: Mass) -> tuple[Floats, Floats]:
        """Σ_D P(D ∈ c), and Σ_D log P(D ∉ c), of each prison cell."""
        expected, none = np.zeros(self.prison_cells.size), np.zeros(self.prison_cells.size)
        for begin in range(0, mass.there.size, _AT_ONCE):
            p = self.probabilities(mass.part(begin, min(begin + _AT_ONCE, mass.there.size)))
            expected += p.sum(axis=0)
            none += np.log1p(-p).sum(axis=0)
        return expected, none

    def unseen(self, weighed: float, unseen: Unseen) -> Floats:
        """Handsets in each prison cell that no record shows, less what the searches so far would have found.

        Args:
            weighed: how many handsets of this prison were, in expectation.
            unseen: see there.
        """
        each = unseen.share / (1 - unseen.share) * weighed / max(float(self.occupants.sum()), 1.0)
        ordered = np.array([unseen.ordered.get(inmate, 0.0) for inmate in self.inmates.tolist()])
        lies = sum(self.place.get(name, 0.0) for name in ("own", "landing", "elsewhere"))
        left = self.searched.left(self.inmates, self.moment, self.place["find_rate"])
        hidden = np.bincount(
            self.cell_of, lies * left * (each + unseen.share * ordered), minlength=self.prison_cells.size
        )
        return hidden.astype(np.float64)

    def probabilities(self, mass: Mass) -> Floats:
        """P(D ∈ c | missed by the searches since its last record), shape (handsets, prison cells)."""
        before = self._spread(mass, missed=False)
        p = before
        if self.searched.latest > mass.last.min(initial=self.searched.latest):
            after = self._spread(mass, missed=True)
            found = before.sum(axis=1) - after.sum(axis=1)
            p = after / np.maximum(1 - found, 1e-9)[:, None]
        return np.minimum(p, 1 - 1e-9)

    def _spread(self, mass: Mass, *, missed: bool) -> Floats:
        """P(D ∈ c and not found by the searches that missed it)."""
        shape, rate = (mass.there.size, self.prison_cells.size), 1 - self.place["find_rate"]
        at, here = _positions(self.inmates, mass.inmate)
        rows = mass.handset[here] * shape[1] + self.cell_of[at[here]]
        p = mass.probability[here]
        own = np.bincount(rows, p, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
        stray = self._stray(own)
        if not missed:
            return np.asarray((self.place["own"] * own + stray) * mass.there[:, None])
        times = self.searched.times(mass.inmate[here], mass.last[mass.handset[here]])
        found_not = np.bincount(rows, p * rate**times, minlength=shape[0] * shape[1]).reshape(shape)
        for moment, index in zip(self.searched.moments, self.searched.index, strict=True):
            stray[mass.last < moment, index] *= rate
        return np.asarray((self.place["own"] * found_not + stray) * mass.there[:, None])

    def _stray(self, own: Floats) -> Floats:
        """What does not lie in the prison cell of a candidate: elsewhere, or of a user nobody knows."""
        buildings = np.zeros((own.shape[1], self.size_of.size))
        buildings[np.arange(own.shape[1]), self.building] = 1.0
        others = (own @ buildings)[:, self.building] - own
        known = own.sum(axis=1, keepdims=True)
        stray = np.repeat(self.place["elsewhere"] * known / max(own.shape[1], 1), own.shape[1], axis=1)
        stray += self.place["landing"] * others / np.maximum(self.size_of[self.building] - 1, 1)
        unknown = self.place.get("unknown", 0.0) * np.maximum(1 - known, 0.0)
        return np.asarray(stray + unknown * self.occupants / max(self.occupants.sum(), 1.0))


def _positions(inmates: Integers, asked: Integers) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Where each one asked for stands among sorted inmates, and whether at all."""
    at = np.minimum(np.searchsorted(inmates, asked), max(inmates.size - 1, 0))
    here = inmates[at] == asked if inmates.size else np.zeros(asked.size, dtype=bool)
    return at, here


@dataclass(frozen=True)
class _Searched:
    """Searches of one prison.

    Attributes:
        moments: of those whose prison cell is occupied now.
        index: that prison cell.
        times_of_all: of all of them, sorted.
        occupants: inmate · (number of times + 1) + place of the time, of everyone whose prison cell was
            searched then, sorted.
        latest: moment of the last search; 0 for none.
    """

    moments: Sequence[int]
    index: Sequence[int]
    times_of_all: Integers
    occupants: Integers
    latest: int

    @classmethod
    def of(
        cls, prison: Prison, names: npt.NDArray[np.str_], searches: Sequence[tuple[int, str]]
    ) -> _Searched:
        place = {str(name): number for number, name in enumerate(names)}
        known = [(moment, place[name]) for moment, name in searches if name in place]
        times = np.unique(np.array([moment for moment, _ in searches], dtype=np.int64))
        stays, keys = prison.stays, [np.zeros(0, dtype=np.int64)]
        for moment, name in searches:
            then = (stays.start <= moment) & (stays.end >= moment) & (stays.what == name)
            inmates = np.unique(stays.inmate[then]).astype(np.int64)
            keys.append(inmates * (times.size + 1) + np.searchsorted(times, moment))
        return cls(
            [moment for moment, _ in known],
            [index for _, index in known],
            times,
            np.sort(np.concatenate(keys)),
            max((moment for moment, _ in searches), default=0),
        )

    def times(self, inmate: Integers, last: Integers) -> Integers:
        """How often each inmate's prison cell was searched after a moment."""
        first = inmate.astype(np.int64) * (self.times_of_all.size + 1)
        until = np.searchsorted(self.occupants, first + self.times_of_all.size + 1)
        after = np.searchsorted(self.times_of_all, last, "right")
        return np.asarray(until - np.searchsorted(self.occupants, first + after))

    def left(self, inmates: Integers, moment: int, rate: float) -> Floats:
        """Share of an inmate's unseen handsets that searches of his prison cells left, or that came since.

        Of those there at a search 1 − q are left, and each of them has gone since with its mean life: a stock
        that is renewed is at 1 − q e^(−age / life) of what it was.
        """
        found, which = np.divmod(self.occupants, self.times_of_all.size + 1)
        age = (moment - self.times_of_all[which]) / DAY_US
        left = np.ones(inmates.size)
        at, here = _positions(inmates, found)
        np.multiply.at(left, at[here], 1 - rate * np.exp(-age[here] / LIFE.days))
        return left


def building_of(prison_cell: str) -> str:
    """The leading part of a prison cell's name: A-2-114 stands in building A."""
    return prison_cell.replace(" ", "-").split("-")[0]
