"""Worlds of another make-up: what is drawn, and that a world comes of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from parloir.errors import InputError
from parloir.simulation import catalogue_of_parameters, drawn, ranges, write_nation
from parloir.simulation.drawing import SCALES
from parloir.simulation.parameters import load


def test_every_parameter_is_drawn_but_the_knobs() -> None:
    known = {parameter.name for parameter in catalogue_of_parameters()}
    knobs = {name for name in known if name.startswith("world.")}
    assert {range_.name for range_ in ranges()} == (known - knobs) | {"days"}


def test_every_range_has_a_source_and_holds_the_usual_value() -> None:
    usual = {parameter.name: parameter.value for parameter in catalogue_of_parameters()}
    for found in ranges():
        assert found.scale in SCALES, found.name
        assert found.source, found.name
        assert found.low < found.high, found.name
        assert found.scale == "even" or found.low > 0, found.name
        value = usual.get(found.name, found.low)
        assert found.low <= value <= found.high or (value == 0 < found.none), found.name


def test_a_draw_is_always_the_same_and_another_one_differs() -> None:
    assert drawn(7) == drawn(7)
    assert all(
        drawn(7)[name] != drawn(8)[name] for name in drawn(7) if "0" not in (drawn(7)[name], drawn(8)[name])
    )
    assert drawn(0) == {}
    with pytest.raises(InputError, match="no draw -1"):
        drawn(-1)


def test_draws_fill_their_ranges_evenly_on_their_scales() -> None:
    for found in ranges():
        values = np.array([found.draw(number) for number in range(1, 601)])
        assert abs((values == 0).mean() - found.none) < 4 * 0.5 / np.sqrt(600), found.name
        values = values[values > 0]
        assert found.low <= values.min(), found.name
        assert values.max() <= found.high, found.name
        scale = np.log if found.scale == "log" else np.asarray
        low, high = float(scale(found.low)), float(scale(found.high))
        shares = (scale(values) - low) / (high - low)
        assert abs(shares.mean() - 0.5) < 4 * 0.29 / np.sqrt(values.size), found.name


@pytest.mark.parametrize("draw", range(1, 201))
def test_every_draw_can_be(draw: int) -> None:
    assert load("few", 1, drawn(draw)).size.days >= 7


SMALLER = {"prisons": "3", "inmates": "500", "days": "5", "passers_per_inmate_day": "1"}


@pytest.mark.parametrize("draw", [1, 2, 3])
def test_a_world_comes_of_a_draw(draw: int, tmp_path: Path) -> None:
    values = {**drawn(draw), **SMALLER}
    made = write_nation("few", 1, tmp_path / "world", values)
    somebody = values["handsets.nobody"] == "0"
    assert made.prisons == 3
    assert made.inmates == 500
    assert (made.handsets > 0) == somebody
    assert (made.inside_records > 0) == somebody
    assert made.inside_records < made.records
