"""The world's distributions are those of their sources, and the judge of it can say no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from parloir.trials.distributions import Distribution, distributions, plot, survival, table
from parloir.trials.weighed import Setting, World, build
from parloir.trials.world import anchors, mean_stay

SIZE = {"prisons": "4", "inmates": "1300", "days": "7", "prevalence": "0.3"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(Setting("demo", 8, SIZE), tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="module")
def found(world: World) -> list[Distribution]:
    return distributions(world.truth, world.store.connect())


def test_every_distribution_is_that_of_its_source(found: list[Distribution]) -> None:
    assert len(found) == 8
    for one in found:
        assert one.holds, (one.name, one.distance, one.limit)
        assert np.all((one.measured >= 0) & (one.measured <= 1)), one.name


def test_another_mean_would_not_pass(found: list[Distribution]) -> None:
    for one in found:
        if one.expected is not None:
            shifted = np.append(one.measured[1:], 1.0)
            assert not replace(one, measured=shifted).holds, one.name


def test_survival_is_right_under_truncation_and_censoring() -> None:
    rng = np.random.default_rng(1)
    born, life = rng.uniform(-40, 12, 40_000), rng.exponential(8.3, 40_000)
    met = born + life > 0
    entry, exit_ = np.maximum(-born, 0)[met], np.minimum(life, 12 - born)[met]
    ended = (born + life < 12)[met]
    points = np.array([1.0, 4.0, 8.0, 16.0])
    assert np.abs(survival(entry, exit_, ended, points) - np.exp(-points / 8.3)).max() < 0.02


def test_the_mean_stay_is_measured_and_not_the_parameter(world: World) -> None:
    connection = world.store.connect()
    measured = mean_stay(world.truth.world, connection)
    assert 7.5 < measured < 9.1
    assert measured != world.truth.world["values"]["prisons.stay_months"]
    held = {anchor.name: anchor for anchor in anchors(world.truth, connection)}
    assert held["mean stay in months"].measured == measured


def test_they_are_told_and_drawn(found: list[Distribution], tmp_path: Path) -> None:
    lines = table(found)
    assert len(lines) == 2 + len(found)
    drawn = plot(found, tmp_path / "distributions.svg").read_text(encoding="utf-8")
    assert all(one.source.split(",")[0].split(";")[0] in drawn for one in found)
