"""How good a search plan is: its finds beside those of chance and of an oracle, with the same find rate and
number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parloir.errors import InputError
from parloir.trials.truth import CellKey, Truth


@dataclass(frozen=True, slots=True)
class PlanScores:
    """Finds that are expected of a number of searches, by the truth.

    Attributes:
        searches: how many.
        plan, chance, oracle: handsets found by the plan, by searching occupied prison cells at random, and by
            somebody who knows the true contents.
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
    cells: Sequence[CellKey], truth: Truth, searches: int, find_rate: float | None = None
) -> PlanScores:
    """Score the first so many prison cells of a plan, best first.

    Args:
        cells: prison and prison cell, each once.
        truth: the world's truth.
        searches: how many are carried out; a shorter plan leaves the rest unused.
        find_rate: q, the world's own by default.

    Raises:
        InputError: a prison cell is named twice, or no search is asked for.
    """
    chosen = list(cells)[:searches]
    if searches < 1 or len(set(chosen)) < len(chosen):
        raise InputError(
            "the plan names a prison cell twice or has no search", do="give each prison cell once"
        )
    q = truth.find_rate if find_rate is None else find_rate
    every, minis = _counts(truth, minis=False), _counts(truth, minis=True)
    plan, plan_minis = (q * sum(c.get(cell, 0) for cell in chosen) for c in (every, minis))
    chance, chance_minis = (q * searches * sum(c.values()) / truth.occupied for c in (every, minis))
    oracle, oracle_minis = (q * sum(sorted(c.values(), reverse=True)[:searches]) for c in (every, minis))
    room = oracle - chance
    gain = (plan - chance) / room if room > 0 else 0.0
    return PlanScores(searches, plan, chance, oracle, plan_minis, chance_minis, oracle_minis, gain)


def _counts(truth: Truth, *, minis: bool) -> dict[CellKey, int]:
    return {
        cell: sum(1 for h in handsets if not minis or h["kind"] == "mini")
        for cell, handsets in truth.contents.items()
    }


def oracle_cells(truth: Truth) -> list[CellKey]:
    """Prison cells with handsets, fullest first: the best plan there is."""
    return sorted(truth.contents, key=lambda cell: (-len(truth.contents[cell]), cell))
