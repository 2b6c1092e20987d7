"""How good a search plan is: its finds beside those of chance and of an oracle, with the same find rate,
number of searches, teams and hours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from parloir.errors import InputError
from parloir.searches.schemas import TEAMS
from parloir.trials.truth import CellKey, Truth

SEARCHES_PER_PRISON = 500 / 66
"""Searches authorised and prisons of Operation Prison Break (France, May 2025)."""
SPARE = 2.0
"""Teams could search so many times as many prison cells as are searched: assumed; a plan has a choice between
prisons, and cannot send everybody to one."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What is equal for every plan.

    Attributes:
        searches: in all.
        capacity: by prison, searches that its teams have the hours for; None for no limit.
    """

    searches: int
    capacity: Mapping[str, int] | None = None

    def __post_init__(self) -> None:
        if self.searches < 1:
            raise InputError("a plan needs a search", do="order one search or more")

    def take(self, ranked: Iterable[CellKey]) -> list[CellKey]:
        """The best prison cells of a ranking that the teams can search.

        Raises:
            InputError: a prison cell is named twice.
        """
        chosen: list[CellKey] = []
        entered: Counter[str] = Counter()
        for cell in ranked:
            if len(chosen) == self.searches:
                break
            if self.capacity is None or entered[cell[0]] < self.capacity.get(cell[0], 0):
                chosen.append(cell)
                entered[cell[0]] += 1
        if len(set(chosen)) < len(chosen):
            raise InputError("the plan names a prison cell twice", do="give each prison cell once")
        return chosen

    def teams(self) -> pa.Table:
        """The same as a file of teams: one search an hour (schema `searches.schemas.TEAMS`)."""
        capacity = sorted((self.capacity or {}).items())
        columns = {"prison": [p for p, _ in capacity], "teams": [n for _, n in capacity]}
        return pa.table(
            {**columns, "hours": [1.0] * len(capacity), "minutes": [60.0] * len(capacity)}, schema=TEAMS
        )


def morning_of(truth: Truth, searches: int = 0) -> Morning:
    """So many searches for each prison as were authorised in the operation, teams by occupied prison cells.

    Args:
        searches: another number.
    """
    occupied = Counter(str(name) for name in truth.table("prison_cells")["prison"].to_pylist())
    count = searches or round(SEARCHES_PER_PRISON * len(occupied))
    each = SPARE * count / occupied.total()
    return Morning(count, {prison: math.ceil(each * cells) for prison, cells in occupied.items()})


@dataclass(frozen=True, slots=True)
class PlanScores:
    """Finds that are expected of a number of searches, by the truth.

    Attributes:
        searches: how many.
        plan, chance, oracle: handsets found by the plan, by searching occupied prison cells at random, and by
            somebody who knows the true contents. Of a plan that is too short chance names the rest.
        plan_minis, chance_minis, oracle_minis: minis among them.
        gain: (plan − chance) / (oracle − chance); 1 is perfect, 0 no better than chance.
    """

    searches: int
    plan: float
    chance: float
    oracle: float
    plan_minis: float
    chance_minis: float
    oracle_minis: float
    gain: float


def score_plan(
    cells: Sequence[CellKey], truth: Truth, morning: Morning, find_rate: float | None = None
) -> PlanScores:
    """Score the first prison cells of a plan, best first, that the teams can search.

    Args:
        cells: prison and prison cell, each once.
        truth: the world's truth.
        morning: what is equal for every plan.
        find_rate: q, the world's own by default.

    Raises:
        InputError: a prison cell is named twice.
    """
    chosen, best = morning.take(cells), morning.take(oracle_cells(truth))
    q = truth.find_rate if find_rate is None else find_rate
    every, minis = (_counts(truth, minis=only) for only in (False, True))
    nobody: list[CellKey] = []
    plan, chance, oracle = (_finds(named, every, truth, morning, q) for named in (chosen, nobody, best))
    room = oracle - chance
    return PlanScores(
        morning.searches,
        plan,
        chance,
        oracle,
        plan_minis=_finds(chosen, minis, truth, morning, q),
        chance_minis=_finds(nobody, minis, truth, morning, q),
        oracle_minis=_finds(morning.take(_fullest(minis)), minis, truth, morning, q),
        gain=(plan - chance) / room if room > 0 else 0.0,
    )


def _finds(
    chosen: Sequence[CellKey], counts: Mapping[CellKey, int], truth: Truth, morning: Morning, q: float
) -> float:
    """Finds in the prison cells chosen, and of what searches are left by chance among all others."""
    found = sum(counts.get(cell, 0) for cell in chosen)
    left = truth.occupied - len(chosen)
    by_chance = (sum(counts.values()) - found) / left if left > 0 else 0.0
    return q * (found + (morning.searches - len(chosen)) * by_chance)


def _counts(truth: Truth, *, minis: bool) -> dict[CellKey, int]:
    return {
        cell: sum(1 for h in handsets if not minis or h["kind"] == "mini")
        for cell, handsets in truth.contents.items()
    }


def _fullest(counts: Mapping[CellKey, int]) -> list[CellKey]:
    return [cell for _, cell in sorted((-count, cell) for cell, count in counts.items() if count)]


def oracle_cells(truth: Truth) -> list[CellKey]:
    """Prison cells with handsets, fullest first: the best plan there is."""
    return _fullest(_counts(truth, minis=False))
