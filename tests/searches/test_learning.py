from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir import searches
from parloir.errors import InputError, MissingEvidenceError
from parloir.tables import SEIZURES

PLACES = pa.schema(
    [
        ("imei14", pa.int64()),
        ("prison", pa.string()),
        ("prison_cell", pa.string()),
        ("probability", pa.float64()),
    ]
)


def places(*rows: tuple[int, str, float]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"imei14": i, "prison": "A", "prison_cell": c, "probability": p} for i, c, p in rows], schema=PLACES
    )


def test_reports_are_held_against_the_plan() -> None:
    told = pa.Table.from_pylist(
        [{"prison": "A", "prison_cell": c, "expected_handsets": 1.0, "probability": 0.6} for c in "1234"],
        schema=searches.EXPECTED,
    )
    teams = pa.Table.from_pylist([{"prison": "A", "teams": 3, "hours": 1.0}], schema=searches.TEAMS)
    plan = searches.plan(told, teams, searches.Operation(3)).rows
    reports = [
        ("1", 10, "handset"),
        ("1", 11, "handset"),
        ("1", 11, "sim"),
        ("2", 12, "nothing"),
        ("3", 99, "handset"),
    ]
    seizures = pa.Table.from_pylist(
        [{"prison": "A", "prison_cell": c, "found_us": t, "item": item} for c, t, item in reports],
        schema=SEIZURES.schema,
    )
    rows = searches.outcomes(plan, seizures, 10, 20).to_pylist()
    assert [(r["prison_cell"], r["reason"], r["searched"], r["found"]) for r in rows] == [
        ("1", "top", True, 2),
        ("2", "top", True, 0),
        ("3", "top", False, None),
        ("4", "reserve", False, None),
    ]


def test_an_empty_search_multiplies_by_one_minus_q() -> None:
    before = places((1, "a", 0.6), (1, "b", 0.3), (2, "b", 0.5))
    after = searches.after_searches(before, [("A", "a")], [], 0.8)["probability"].to_pylist()
    left = 1 - 0.8 * 0.6
    assert after == pytest.approx([0.6 * 0.2 / left, 0.3 / left, 0.5])


def test_a_seized_handset_is_nowhere_and_others_in_that_prison_cell_may_remain() -> None:
    before = places((1, "a", 0.6), (1, "b", 0.4), (2, "a", 0.5))
    after = searches.after_searches(before, [("A", "a")], [1], 0.8)["probability"].to_pylist()
    assert after == pytest.approx([0.0, 0.0, 0.5 * 0.2 / 0.6])


@given(
    st.lists(st.floats(0.001, 1), min_size=1, max_size=6).map(lambda p: [x / (sum(p) * 1.1) for x in p]),
    st.floats(0, 0.99),
    st.sets(st.integers(0, 5)),
)
def test_probabilities_stay_probabilities_and_order_of_searches_does_not_matter(
    chances: list[float], q: float, searched: set[int]
) -> None:
    before = places(*((1, str(i), p) for i, p in enumerate(chances)))
    keys = [("A", str(i)) for i in searched]
    at_once = searches.after_searches(before, keys, [], q)["probability"].to_pylist()
    one_by_one = before
    for key in keys:
        one_by_one = searches.after_searches(one_by_one, [key], [], q)
    assert one_by_one["probability"].to_pylist() == pytest.approx(at_once)
    assert all(0 <= p <= 1 for p in at_once)
    assert sum(at_once) <= 1 + 1e-9


def test_without_places_a_searched_prison_cell_keeps_one_minus_q() -> None:
    told = pa.Table.from_pylist(
        [{"prison": "A", "prison_cell": c, "expected_handsets": 1.5, "probability": 0.6} for c in "12"],
        schema=searches.EXPECTED,
    )
    report = {"prison": "A", "probability": 0.6, "propensity": 1.0, "reason": "top", "found": 0}
    results = pa.Table.from_pylist(
        [report | {"prison_cell": "1", "searched": True}, report | {"prison_cell": "2", "searched": False}],
        schema=searches.OUTCOMES,
    )
    after = searches.discounted(told, results, 0.8)
    assert after["expected_handsets"].to_pylist() == pytest.approx([0.3, 1.5])
    assert after["probability"].to_pylist() == pytest.approx([0.12, 0.6])
    with pytest.raises(InputError):
        searches.discounted(told, results, -0.1)


def test_a_find_rate_of_one_empties_what_was_searched() -> None:
    assert searches.after_searches(places((1, "a", 1.0)), [("A", "a")], [], 1.0)[
        "probability"
    ].to_pylist() == [0.0]


def test_a_find_rate_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="no probability"):
        searches.after_searches(places(), [], [], 1.2)


def results(generator: np.random.Generator, top: int, drawn: int, shift: float, slope: float) -> pa.Table:
    """Made-up outcomes whose true log-odds of a find are shift + slope · stated log-odds."""
    stated = np.concatenate([generator.uniform(0.3, 0.9, top), generator.uniform(0.01, 0.5, drawn)])
    true = 1 / (1 + np.exp(-(shift + slope * np.log(stated / (1 - stated)))))
    found = generator.random(stated.size) < true
    rows = [
        {
            "prison": "A",
            "prison_cell": str(i),
            "probability": float(stated[i]),
            "propensity": 1.0 if i < top else 0.02,
            "reason": "top" if i < top else "random",
            "searched": True,
            "found": int(found[i]),
        }
        for i in range(stated.size)
    ]
    return pa.Table.from_pylist(rows, schema=searches.OUTCOMES)


@pytest.mark.parametrize(("shift", "slope"), [(0.0, 1.0), (-1.0, 0.7), (0.5, 1.3)])
def test_known_parameters_are_recovered(shift: float, slope: float) -> None:
    generator = np.random.default_rng(11)
    fits = [searches.refit(results(generator, 200, 2_000, shift, slope)) for _ in range(20)]
    for name, true in (("shift", shift), ("slope", slope)):
        values = [getattr(fit, name) for fit in fits]
        assert abs(np.mean(values) - true) < 5 * np.std(values) / len(values) ** 0.5 + 0.01


def test_nothing_is_refitted_below_a_hundred_independent_searches() -> None:
    generator = np.random.default_rng(2)
    with pytest.raises(MissingEvidenceError, match="100 are needed"):
        searches.refit(results(generator, 50, 90, 0, 1))
    with pytest.raises(MissingEvidenceError, match="worth 0"):
        searches.refit(results(generator, 5_000, 0, 0, 1))
    assert searches.refit(results(generator, 50, 120, 0, 1)).effective_sample_size >= searches.LEAST_SAMPLE


def test_searches_that_all_ended_alike_teach_nothing() -> None:
    empty = results(np.random.default_rng(3), 10, 300, -40, 1)
    with pytest.raises(MissingEvidenceError, match="all ended alike"):
        searches.refit(empty)


def test_the_next_plan_uses_the_refit() -> None:
    told = pa.Table.from_pylist(
        [
            {"prison": "A", "prison_cell": "1", "expected_handsets": 1.2, "probability": 0.5},
            {"prison": "A", "prison_cell": "2", "expected_handsets": 0.0, "probability": 0.0},
        ],
        schema=searches.EXPECTED,
    )
    same = searches.Recalibration(0.0, 1.0, 1, 100.0).apply(told)
    assert same["expected_handsets"].to_pylist() == pytest.approx([1.2, 0.0])
    lower = searches.Recalibration(-math.log(3), 1.0, 1, 100.0).apply(told)
    assert lower["probability"].to_pylist() == pytest.approx([0.25, 0.0])
    assert lower["expected_handsets"].to_pylist() == pytest.approx([0.6, 0.0])
    assert lower.schema.names == told.schema.names
