from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest

from parloir import searches
from parloir.errors import MissingEvidenceError
from parloir.tables import SEIZURES

PLACES = pa.schema(
    [
        ("imei14", pa.int64()),
        ("prison", pa.string()),
        ("prison_cell", pa.string()),
        ("probability", pa.float64()),
    ]
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
    with pytest.raises(MissingEvidenceError, match="was drawn at random"):
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
