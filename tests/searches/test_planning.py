from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir import searches
from parloir.errors import InputError
from parloir.searches.allotment import Limits, allot

Expectation = dict[str, list[float]]


def expected(contents: Expectation) -> pa.Table:
    rows = [
        {
            "prison": prison,
            "prison_cell": f"{prison}-{i:03d}",
            "expected_handsets": value,
            "probability": 1 - math.exp(-value),
        }
        for prison, values in contents.items()
        for i, value in enumerate(values)
    ]
    return pa.Table.from_pylist(rows, schema=searches.EXPECTED)


def teams(hours: dict[str, tuple[int, float]]) -> pa.Table:
    rows = [{"prison": p, "teams": n, "hours": h, "minutes": None} for p, (n, h) in hours.items()]
    return pa.Table.from_pylist(rows, schema=searches.TEAMS)


names = st.sampled_from("ABCDE")
contents = st.dictionaries(
    names, st.lists(st.floats(0, 3).map(lambda v: round(v, 3)), max_size=12), max_size=5
)
hours = st.dictionaries(names, st.tuples(st.integers(0, 4), st.floats(0, 5)), max_size=5)


@given(contents, hours, st.integers(0, 30), st.floats(0, 1), st.integers(0, 9))
@settings(max_examples=150)
def test_a_plan_never_exceeds_searches_or_hours(
    contents: Expectation, hours: dict[str, tuple[int, float]], number: int, share: float, seed: int
) -> None:
    plan = searches.plan(
        expected(contents), teams(hours), searches.Operation(number, random_share=share, seed=seed)
    )
    rows = [row for row in plan.rows.to_pylist() if row["reason"] != "reserve"]
    assert len(rows) <= number
    for prison, (count, time) in hours.items():
        assert sum(row["prison"] == prison for row in rows) <= count * int(time + 1e-9)
    keys = [(row["prison"], row["prison_cell"]) for row in plan.rows.to_pylist()]
    assert len(keys) == len(set(keys))
    assert plan.rows["rank"].to_pylist() == list(range(1, plan.rows.num_rows + 1))
    assert all(0 < row["propensity"] <= 1 for row in rows)
    assert all(row["expected_handsets"] > 0 for row in rows if row["reason"] == "top")
    assert plan.gap == 0.0


def best(contents: Expectation, hours: dict[str, tuple[int, float]], number: int) -> float:
    """The optimum by hand: the richest prison contents of each prison's hours, then the richest of all."""
    possible = [
        value
        for prison, values in contents.items()
        for value in sorted(values, reverse=True)[
            : hours.get(prison, (0, 0))[0] * int(hours.get(prison, (0, 0))[1] + 1e-9)
        ]
    ]
    return sum(sorted(possible, reverse=True)[:number])


@given(contents, hours, st.integers(0, 30))
@settings(max_examples=100)
def test_the_plan_is_the_optimum(
    contents: Expectation, hours: dict[str, tuple[int, float]], number: int
) -> None:
    plan = searches.plan(expected(contents), teams(hours), searches.Operation(number))
    assert plan.expected == pytest.approx(best(contents, hours, number), abs=1e-5)
    assert plan.bound == plan.expected
    top = [row["expected_handsets"] for row in plan.rows.to_pylist() if row["reason"] == "top"]
    assert sum(top) == pytest.approx(plan.expected, abs=1e-5)
    assert top == sorted(top, reverse=True)


@given(
    st.dictionaries(
        names, st.lists(st.integers(0, 50), max_size=6).map(lambda v: sorted(v, reverse=True)), max_size=4
    ),
    st.integers(0, 12),
    st.none() | st.integers(0, 4),
    st.integers(1, 3),
)
@settings(max_examples=100)
def test_limits_on_prisons_are_kept_and_the_optimum_proven(
    gains: dict[str, list[int]], number: int, most: int | None, fewest: int
) -> None:
    allotment = allot(gains, Limits(number, most, fewest))
    assert sum(allotment.searches.values()) <= number
    assert len(allotment.searches) <= (most if most is not None else 99)
    assert all(fewest <= n <= len(gains[p]) for p, n in allotment.searches.items())
    assert (
        allotment.objective
        == allotment.bound
        == _every_way(sorted(gains.items()), number, most or 0, fewest, most)
    )


def _every_way(
    prisons: list[tuple[str, list[int]]], number: int, left: int, fewest: int, most: int | None
) -> int:
    if not prisons:
        return 0
    (_, gains), *rest = prisons
    ways = [_every_way(rest, number, left, fewest, most)]
    if most is None or left > 0:
        ways += [
            sum(gains[:n]) + _every_way(rest, number - n, left - 1, fewest, most)
            for n in range(fewest, min(len(gains), number) + 1)
        ]
    return max(ways)


@pytest.mark.parametrize("seed", range(5))
def test_oracle_is_no_worse_than_plan_and_plan_no_worse_than_random(seed: int) -> None:
    """On made-up data: true contents are Poisson about the expectation; finds counted on the truth."""
    generator = np.random.default_rng(seed)
    told = {p: generator.gamma(0.3, 0.5, 60).round(6).tolist() for p in "ABCDEFGH"}
    crew = teams(dict.fromkeys("ABCDEFGH", (3, 2.0)))
    truth = {p: generator.poisson(values).astype(float).tolist() for p, values in told.items()}
    order = searches.Operation(40)
    finds = {
        "oracle": _finds(searches.plan(expected(truth), crew, order).rows, truth),
        "plan": _finds(searches.plan(expected(told), crew, order).rows, truth),
        "random": np.mean(
            [
                _finds(searches.plan(expected(told), crew, searches.Operation(40, 1.0, draw)).rows, truth)
                for draw in range(40)
            ]
        ),
    }
    assert finds["oracle"] >= finds["plan"] >= finds["random"]


def _finds(rows: pa.Table, truth: Expectation) -> float:
    return sum(
        truth[row["prison"]][int(row["prison_cell"].rpartition("-")[2])]
        for row in rows.to_pylist()
        if row["reason"] != "reserve"
    )


def test_reserves_follow_the_plan_within_each_prison() -> None:
    told = expected({"A": [3, 2, 1, 0.5, 0], "B": [0.4, 0.3, 0.2]})
    plan = searches.plan(told, teams({"A": (1, 2), "B": (1, 1)}), searches.Operation(3, reserve_share=0.5))
    rows = [(row["prison_cell"], row["reason"], row["propensity"]) for row in plan.rows.to_pylist()]
    assert rows == [
        ("A-000", "top", 1.0),
        ("A-001", "top", 1.0),
        ("B-000", "top", 1.0),
        ("A-002", "reserve", None),
        ("B-001", "reserve", None),
    ]


def test_nothing_expected_is_no_ground_for_a_search() -> None:
    plan = searches.plan(expected({"A": [0, 0]}), teams({"A": (5, 5)}), searches.Operation(10))
    assert plan.rows.num_rows == 0
    assert plan.gap == 0


def test_prisons_without_teams_and_teams_without_prison_are_named() -> None:
    plan = searches.plan(
        expected({"A": [1], "B": [1], "C": [0]}), teams({"A": (1, 1), "X": (1, 1)}), searches.Operation(5)
    )
    assert plan.without_teams == ("B",)
    assert plan.unknown_prisons == ("X",)


def test_same_order_same_plan_and_rows_in_any_order() -> None:
    told = expected({p: [1.0, 0.5, 0.5, 0.5, 0.2] for p in "ABC"})
    crew, order = teams(dict.fromkeys("ABC", (1, 2))), searches.Operation(4, 0.5, seed=3)
    plan = searches.plan(told, crew, order)
    backwards = told.take(list(reversed(range(told.num_rows))))
    assert searches.plan(backwards, crew, order) == plan
    draws = {str(searches.plan(told, crew, searches.Operation(4, 0.5, seed)).rows) for seed in range(10)}
    assert len(draws) > 1


@pytest.mark.parametrize(
    "bad",
    [
        {"prison": "A", "prison_cell": "1", "expected_handsets": -1.0, "probability": 0.1},
        {"prison": "A", "prison_cell": "1", "expected_handsets": float("nan"), "probability": 0.1},
        {"prison": "A", "prison_cell": "1", "expected_handsets": None, "probability": 0.1},
        {"prison": "A", "prison_cell": "0", "expected_handsets": 1.0, "probability": 0.1},
    ],
)
def test_a_bad_expectation_is_refused(bad: dict[str, object]) -> None:
    good = {"prison": "A", "prison_cell": "0", "expected_handsets": 1.0, "probability": 0.1}
    table = pa.Table.from_pylist([good, bad], schema=searches.EXPECTED)
    with pytest.raises(InputError, match="expectation of 0 or more"):
        searches.plan(table, teams({"A": (1, 1)}), searches.Operation(1))


@pytest.mark.parametrize(
    "order",
    [
        {"searches": -1},
        {"searches": 1, "random_share": 1.5},
        {"searches": 1, "minutes_each": 0},
        {"searches": 1, "random_share": 0.1, "most_prisons": 2},
    ],
)
def test_an_impossible_order_is_refused(order: dict[str, float]) -> None:
    with pytest.raises(InputError):
        searches.Operation(**order)  # type: ignore[arg-type]
