"""What outcomes teach: refitted where the sample allows, the same whatever an earlier refit had stated."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from parloir.actions.kept_plans import Issued, KeptPlan
from parloir.actions.search_results import learn
from parloir.searches import PLAN

START = datetime(2025, 5, 20, 6, tzinfo=UTC)
PRISON_CELLS = 400


def logit(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1 - p))


def kept(folder: Path, day: int, weighed: np.ndarray, refit: tuple[float, float] = (0.0, 1.0)) -> KeptPlan:
    """A plan that draws every prison cell with propensity .5 and states probabilities after a refit."""
    stated = 1 / (1 + np.exp(-(refit[0] + refit[1] * logit(weighed))))
    lines = [",".join(f'"{name}"' for name in PLAN.names)]
    lines += [f'"P","c{n}",{n + 1},{p},{p},0.5,"random"' for n, p in enumerate(stated)]
    data = ("\n".join(lines) + "\n").encode()
    path = folder / f"plan{day}.csv"
    path.write_bytes(data)
    issued = Issued(START + timedelta(days=day), "Commandant X", *refit)
    return KeptPlan(day, 1, issued, hashlib.sha256(data).hexdigest(), path)


def reports(found: np.ndarray, days: list[int]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    rows = [
        {
            "prison": "P",
            "prison_cell": f"c{n}",
            "found_us": int((START + timedelta(days=day, minutes=n)).timestamp() * 1e6),
            "item": "handset" if find else "nothing",
        }
        for day in days
        for n, find in enumerate(found)
    ]
    connection.register("seizures", pa.Table.from_pylist(rows))
    return connection


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(5)


def test_finds_that_are_rarer_than_stated_lower_what_is_stated(draw, tmp_path):
    weighed = draw.uniform(0.2, 0.8, PRISON_CELLS)
    found = draw.random(PRISON_CELLS) < weighed / 2
    learnt = learn(reports(found, [0]), [kept(tmp_path, 0, weighed)])
    assert learnt.refit is not None
    shift, slope = learnt.shift_and_slope
    now = 1 / (1 + np.exp(-(shift + slope * logit(weighed))))
    assert now.mean() == pytest.approx(found.mean(), abs=0.01)


def test_what_an_earlier_refit_had_stated_is_taken_back_first(draw, tmp_path):
    weighed = draw.uniform(0.2, 0.8, PRISON_CELLS)
    found = draw.random(PRISON_CELLS) < weighed / 2
    plain = learn(reports(found, [0]), [kept(tmp_path, 0, weighed)])
    refitted = learn(reports(found, [0]), [kept(tmp_path, 0, weighed, refit=(-0.7, 0.6))])
    assert refitted.shift_and_slope == pytest.approx(plain.shift_and_slope, abs=1e-5)


def test_of_two_plans_of_one_day_the_last_was_carried_out(draw, tmp_path):
    weighed = draw.uniform(0.2, 0.8, PRISON_CELLS)
    found = draw.random(PRISON_CELLS) < weighed
    (tmp_path / "evening").mkdir()
    first = kept(tmp_path / "evening", 0, np.full(PRISON_CELLS, 0.5))
    last = kept(tmp_path, 0, weighed)
    both, alone = learn(reports(found, [0]), [first, last]), learn(reports(found, [0]), [last])
    assert both.shift_and_slope == alone.shift_and_slope


def test_finds_that_contradict_what_was_stated_change_no_weight(draw, tmp_path):
    weighed = draw.uniform(0.05, 0.95, PRISON_CELLS)
    found = draw.random(PRISON_CELLS) < 1 - weighed
    learnt = learn(reports(found, [0]), [kept(tmp_path, 0, weighed)])
    assert learnt.refit is None
    assert "no more where more was expected" in learnt.says


def test_without_a_plan_nothing_is_learnt():
    learnt = learn(reports(np.zeros(1, dtype=bool), [0]), [])
    assert learnt.shift_and_slope == (0.0, 1.0)
    assert "not refitted" in learnt.says
