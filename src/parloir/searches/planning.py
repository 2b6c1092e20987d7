"""The search plan: which prison cells, in what order, for the teams and hours that there are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from parloir.errors import InputError
from parloir.searches.allotment import Allotment, Limits, allot
from parloir.searches.propensities import Draw, draw_at_random, effective_sample_size
from parloir.searches.schemas import EXPECTED, PLAN
from parloir.searches.teams import capacities

MICRO = 1_000_000
MINUTES_EACH = 60.0
"""Minutes that one search takes where nobody says otherwise. Assumed."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What is ordered.

    Attributes:
        searches: at most so many, reserves not counted.
        random_share: share of the searches drawn at random, 0 to 1; for routine searches only, since a
            judicial search needs its ground.
        seed: of that draw.
        reserve_share: reserves for each prison, as a share of its searches, rounded up.
        most_prisons: at most so many prisons at once, None for no limit.
        fewest_each: a prison is entered for so many searches at least, or not at all.
        minutes_each: minutes a search takes where the teams file names none.
    """

    searches: int
    random_share: float = 0.0
    seed: int = 0
    reserve_share: float = 0.2
    most_prisons: int | None = None
    fewest_each: int = 1
    minutes_each: float = MINUTES_EACH

    def __post_init__(self) -> None:
        shares = (0 <= self.random_share <= 1) and (0 <= self.reserve_share <= 1)
        if self.searches < 0 or self.fewest_each < 1 or self.minutes_each <= 0 or not shares:
            raise InputError(
                "searches must not be negative, shares lie from 0 to 1, minutes above 0",
                do="correct the order of the operation",
            )
        if self.random_share and (self.most_prisons is not None or self.fewest_each > 1):
            raise InputError(
                "a random share reaches every prison with teams",
                do="leave out the limits on prisons, or the random share",
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and its proof.

    Attributes:
        rows: schema `PLAN`, by rank.
        expected: handsets that the top searches are expected to find.
        bound: proven ceiling of that number for any choice within the same limits.
        gap: (bound − expected) / expected.
        effective_sample_size: of the drawn and top searches together under inverse propensities; 0 where
            nothing is drawn at random, since then nothing speaks for the prison cells left out.
        without_teams: prisons with something expected where no team is.
        unknown_prisons: prisons of the teams file that have no prison cell in the expectation.
    """

    rows: pa.Table
    expected: float
    bound: float
    gap: float
    effective_sample_size: float
    without_teams: tuple[str, ...]
    unknown_prisons: tuple[str, ...]


def plan(expected: pa.Table, teams: pa.Table, operation: Operation) -> Plan:
    """Send the teams where most handsets are expected.

    One start everywhere: a team stays in its prison, and searches one prison cell after another in the order
    of rank. Only prison cells with something expected are searched on purpose; a random share, if ordered,
    is drawn from all others of the prisons with teams.

    Args:
        expected: schema `EXPECTED`, one row a prison cell.
        teams: schema `TEAMS`.
        operation: what is ordered.

    Raises:
        InputError: a prison cell twice, a negative or missing expectation, or an impossible order.
    """
    by_prison = _by_prison(expected)
    capacity = capacities(teams, operation.minutes_each)
    most = {p: min(capacity[p], len(rows)) for p, rows in by_prison.items() if capacity.get(p, 0)}
    draw = draw_at_random(most, operation.searches, operation.random_share, operation.seed)
    allotment = _allot(by_prison, most, draw, operation)
    top = [row for p, count in allotment.searches.items() for row in by_prison[p][:count]]
    drawn = draw.choose({p: by_prison[p][allotment.searches.get(p, 0) :] for p in most})
    reserves = _reserves(by_prison, top, drawn, operation.reserve_share)
    return Plan(
        rows=_ranked(top, drawn, reserves),
        expected=allotment.objective / MICRO,
        bound=allotment.bound / MICRO,
        gap=allotment.gap,
        effective_sample_size=_sample_size(top, drawn),
        without_teams=tuple(p for p, rows in by_prison.items() if p not in most and _worth(rows)),
        unknown_prisons=tuple(sorted(set(capacity) - set(by_prison))),
    )


def _ranked(top: Rows, drawn: Rows, reserves: Rows) -> pa.Table:
    rows = [*_marked(top, "top"), *_marked(drawn, "random"), *_marked(reserves, "reserve")]
    told = [_rounded(row) | {"rank": rank} for rank, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(told, schema=PLAN)


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """To the millionths that the plan was made on: what is read has no digits of mere arithmetic."""
    columns = ("expected_handsets", "probability")
    return dict(row) | {name: round(row[name], 6) for name in columns if row[name] is not None}


def _sample_size(top: Rows, drawn: Rows) -> float:
    if not drawn:
        return 0.0
    return effective_sample_size([1.0] * len(top) + [row["propensity"] for row in drawn])


def _by_prison(expected: pa.Table) -> dict[str, Rows]:
    """Prison cells by prison, greatest expectation first, names breaking ties."""
    prisons: dict[str, Rows] = {}
    seen = set()
    for row in expected.select(EXPECTED.names).to_pylist():
        key = row["prison"], row["prison_cell"]
        value = row["expected_handsets"]
        if key in seen or value is None or not 0 <= value < math.inf:
            raise InputError(
                "each prison cell needs one row and an expectation of 0 or more",
                where=f"{key[0]}, prison cell {key[1]}",
                do="weigh the case again",
            )
        seen.add(key)
        prisons.setdefault(row["prison"], []).append(row)
    return {p: sorted(prisons[p], key=_order) for p in sorted(prisons)}


def _order(row: Mapping[str, Any]) -> tuple[float, str, str]:
    return -row["expected_handsets"], row["prison"], row["prison_cell"]


def _worth(rows: Rows) -> Rows:
    """Those with something expected: a search on purpose needs its ground."""
    return [row for row in rows if _micro(row) > 0]


def _micro(row: Mapping[str, Any]) -> int:
    return round(float(row["expected_handsets"]) * MICRO)


def _allot(
    by_prison: Mapping[str, Rows], most: Mapping[str, int], draw: Draw, operation: Operation
) -> Allotment:
    gains = {p: [_micro(row) for row in _worth(by_prison[p])][: draw.left(p, n)] for p, n in most.items()}
    limits = Limits(operation.searches - draw.size, operation.most_prisons, operation.fewest_each)
    return allot(gains, limits)


def _reserves(by_prison: Mapping[str, Rows], top: Rows, drawn: Rows, share: float) -> Rows:
    taken = {(row["prison"], row["prison_cell"]) for row in [*top, *drawn]}
    reserves: Rows = []
    for prison, rows in by_prison.items():
        searches = sum(1 for key in taken if key[0] == prison)
        free = [row for row in _worth(rows) if (prison, row["prison_cell"]) not in taken]
        reserves += free[: math.ceil(searches * share)]
    return reserves


def _marked(rows: Iterable[Mapping[str, Any]], reason: str) -> Rows:
    """Rows of the plan in order of expectation: the top is certain to be searched, a reserve is not."""
    certain = 1.0 if reason == "top" else None
    return [{"propensity": certain, **row, "reason": reason} for row in sorted(rows, key=_order)]
