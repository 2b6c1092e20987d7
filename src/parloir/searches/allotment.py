"""How many searches each prison gets: the optimum, proven by a solver.

Within one prison the best n searches are its n richest prison cells, so only the number n is open. The
model holds one yes or no for each search that a prison's teams have time for, not for each prison cell:
a nation stays small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from parloir.errors import ParloirError

EFFORT = 30.0
"""Deterministic time units (about seconds of one core) after which the best plan so far is taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the whole operation allows.

    Attributes:
        searches: at most so many in all.
        most_prisons: at most so many prisons at once, None for no limit.
        fewest_each: a prison is entered for so many searches or not at all.
    """

    searches: int
    most_prisons: int | None = None
    fewest_each: int = 1


@dataclass(frozen=True, slots=True)
class Allotment:
    """Searches by prison, what they are expected to find, and the proven ceiling of any allotment.

    Attributes:
        searches: number by prison, prisons without one left out.
        objective, bound: sum of the gains, in the unit of the gains.
    """

    searches: Mapping[str, int]
    objective: int
    bound: int

    @property
    def gap(self) -> float:
        """Proven: no allotment within the limits is better by more than this share."""
        return (self.bound - self.objective) / self.objective if self.objective else 0.0


def allot(gains: Mapping[str, Sequence[int]], limits: Limits) -> Allotment:
    """Share the searches among the prisons so that the sum of gains is greatest.

    Args:
        gains: by prison, whole numbers of the prison cells that its teams could search, greatest first.
        limits: of the operation.

    Raises:
        ParloirError: the solver found nothing, which only a defect explains.
    """
    model = cp_model.CpModel()
    prisons = {p: _prison(model, g[: limits.searches], limits) for p, g in sorted(gains.items())}
    model.add(sum(prison.count for prison in prisons.values()) <= limits.searches)
    if limits.most_prisons is not None:
        model.add(sum(prison.entered for prison in prisons.values()) <= limits.most_prisons)
    model.maximize(sum(prison.gain for prison in prisons.values()))
    solver = _solved(model)
    chosen = {name: int(solver.value(prison.count)) for name, prison in prisons.items()}
    return Allotment(
        {prison: count for prison, count in chosen.items() if count},
        round(solver.objective_value),
        round(solver.best_objective_bound),
    )


@dataclass(frozen=True, slots=True)
class _Prison:
    entered: cp_model.LinearExprT
    count: cp_model.LinearExprT
    gain: cp_model.LinearExprT


def _prison(model: cp_model.CpModel, gains: Sequence[int], limits: Limits) -> _Prison:
    """Entered for the fewest searches at once, then one more at a time, the richest first."""
    few = limits.fewest_each
    if len(gains) < few:
        return _Prison(0, 0, 0)
    entered = model.new_bool_var("")
    more = [model.new_bool_var("") for _ in gains[few:]]
    for before, after in pairwise([entered, *more]):
        model.add_implication(after, before)
    gain = sum(gains[:few]) * entered + sum(g * x for g, x in zip(gains[few:], more, strict=True))
    return _Prison(entered, few * entered + sum(more), gain)


def _solved(model: cp_model.CpModel) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1  # one worker, one seed: the same plan each time
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = (
        2  # the relaxation is nearly whole; without it minutes, not seconds
    )
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise ParloirError(
            f"the solver ended with {solver.status_name(status)}",
            do="report it with the run and the teams file",
        )
    return solver
