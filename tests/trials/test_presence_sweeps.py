"""The sweeps of presence: what is weighed for each request, and the page."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from parloir.trials import presence_sweeps
from parloir.trials.page import presence_sweeps as page
from parloir.trials.presence_sweeps import CONDITIONS, Condition, measure, only
from parloir.trials.tried import Measure, Plain, at, kept
from parloir.trials.weighed import Setting

TINY = {**presence_sweeps.BASE, "prisons": "2", "inmates": "500", "days": "6", "residents_per_inmate": "3"}


def scores(average: float, cost: float | None) -> Plain:
    return {
        "presence": {"average_precision": average, "cost": {"cllr": {"value": cost}}},
        "counts": {"held": 7, "prisons": 8, "width": 0.5},
        "weight": 0.2,
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sweeps")


def test_conditions_that_differ_have_worlds_of_their_own() -> None:
    changes = {tuple(sorted(condition.changes.items())) for condition in CONDITIONS}
    assert len({condition.setting(2).name for condition in CONDITIONS}) == len(changes)
    assert len({(c.sweep, c.value) for c in CONDITIONS}) == len(CONDITIONS)


def test_only_one_kind_of_request_is_shown() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE VIEW network_records AS SELECT unnest(['R-1', 'W-1', 'H-1', 'R-2']) AS request"
    )
    only(connection, "network_records", "R")
    assert connection.execute("SELECT request FROM network_records ORDER BY ALL").fetchall() == [
        ("R-1",),
        ("R-2",),
    ]


def test_a_world_is_measured_for_each_request_once(home: Path) -> None:
    setting = Setting("few", 11, {**TINY, **presence_sweeps.EVERY_REQUEST, "days": "6"}, "tiny")
    found = {asked: measure_of(setting, home, asked) for asked in "RWH"}
    assert found["H"]["handsets"] < found["R"]["handsets"] < found["W"]["handsets"]
    for world in found.values():
        assert 0 <= at(world, "presence.average_precision") <= 1
        assert at(world, "beside.mexico.rule_recall") is not None
    assert measure_of(setting, home, "R") == found["R"]


def measure_of(setting: Setting, home: Path, asked: str) -> Plain:
    rooms = ("trials/presence_sweeps.py",)
    return kept(setting, home, Measure(f"test-{asked}", rooms, lambda world: measure(world, asked)))


def test_the_page_says_what_holds_and_what_does_not() -> None:
    found = {
        ("records missing", "0%"): scores(0.9, 0.1),
        ("records missing", "60%"): scores(0.7, 0.4),
        ("jammer", "none"): scores(0.8, 0.2),
        ("jammer", "all"): scores(0.9, 0.1),
        (page.NOTHING, "3 days"): scores(0.1, 1.4),
    }
    said = page.checks(found)
    assert "from 0% to 60%" in said[0]
    assert [line.count("does not hold") for line in said] == [0, 1, 1]
    assert "holds" in page.checks({(page.NOTHING, "3 days"): scores(0.1, 1.01)})[0]
    text = page.text(found, 2)
    assert "| records missing | 60% | 0.700 |" in text
    assert "7 of 8" in text
    assert "None" not in text


def test_a_condition_leaves_the_rest_as_it_is() -> None:
    setting = Condition("days of records", "3", {"days": "3"}).setting(4)
    assert setting.overrides == {**presence_sweeps.BASE, "days": "3"}
    assert setting.name == "few-4-sweep-days=3"
