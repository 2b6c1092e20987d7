"""Handsets differ between prisons where drawn so, and some prisons have none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from parloir.simulation import write_nation
from parloir.simulation.nation import World, make_world
from parloir.simulation.parameters import Parameters, load
from parloir.simulation.prevalence import MOST, beside_the_mean, closed
from parloir.trials import Truth

PEOPLE = {"prisons": "8", "inmates": "2400", "prevalence": "0.3"}


def parameters(**changes: str) -> Parameters:
    return load("few", 5, {**PEOPLE, **changes})


def world(**changes: str) -> World:
    return make_world(parameters(**changes))


def held(made: World) -> np.ndarray:
    """Uses in each prison."""
    return np.bincount(made.uses.prison, minlength=len(made.population.prisons))


def test_by_default_all_prisons_are_alike() -> None:
    assert (beside_the_mean(parameters(), 186) == 1).all()
    assert closed(parameters(), 186) == frozenset()


def test_factors_spread_about_one() -> None:
    factor = beside_the_mean(parameters(prevalence_spread="0.7"), 20_000)
    assert factor.mean() == pytest.approx(1, abs=0.03)
    assert np.log(factor).std() == pytest.approx(0.7, abs=0.02)
    assert factor.max() <= MOST
    assert len(closed(parameters(empty_prisons="0.3"), 10_000)) == pytest.approx(3000, abs=150)


def test_no_handset_ever_comes_into_a_closed_prison() -> None:
    made = world(empty_prisons="0.5", by_cell_mates="0.5", carried_on_transfer="1")
    shut = closed(made.p, len(made.population.prisons))
    assert 0 < len(shut) < 8
    assert held(made)[sorted(shut)].sum() == 0
    assert (np.delete(held(made), sorted(shut)) > 0).all()


def test_prisons_differ_as_told() -> None:
    same, other = (world(prevalence_spread=spread) for spread in ("0", "1"))

    def spread(made: World) -> float:
        share = held(made) / made.population.present[: len(made.population.prisons)]
        return float(np.std(np.log(share)))

    assert spread(other) > 2 * spread(same)


def test_cell_mates_hold_handsets_side_by_side() -> None:
    def beside(made: World) -> float:
        """Share of first holders who share a prison cell with the holder before them."""
        first = np.flatnonzero(np.diff(made.uses.handset, prepend=-1) > 0)
        owner, start = made.uses.inmate[first], made.uses.start[first]
        stays = made.population.stays
        prison_cell = np.array(
            [
                stays.prison_cell[(stays.inmate == who) & (stays.start <= at) & (stays.end > at)][0]
                for who, at in zip(owner.tolist(), start.tolist(), strict=True)
            ]
        )
        return float(np.mean(prison_cell[1:] == prison_cell[:-1]))

    shared = {"beds_if_full": "4", "beds_most": "6"}
    assert beside(world(by_cell_mates="0.3", **shared)) > beside(world(**shared)) + 0.03


def test_unrelated_imeis_are_of_one_model_and_distinct() -> None:
    for share, low, high in (("0", 0.0, 0.0), ("0.5", 0.4, 0.6)):
        made = world(imeis_unrelated=share, handsets_from_shop="0.05")
        two = made.identities.imei[made.identities.imei[:, 1] >= 0]
        apart = np.abs(two[:, 1] - two[:, 0]) > 1
        assert low <= apart.mean() <= high
        assert (two[:, 0] // 1_000_000 == two[:, 1] // 1_000_000).all()
        assert np.unique(two).size == two.size


def test_a_world_without_any_handset_is_written_and_read(tmp_path: Path) -> None:
    values = {"prisons": "2", "inmates": "300", "days": "4", "passers_per_inmate_day": "1", "nobody": "1"}
    made = write_nation("demo", 2, tmp_path / "w", values)
    assert (made.handsets, made.inside_records) == (0, 0)
    assert made.records > 1000
    assert Truth(made.truth).handsets == []
