from __future__ import annotations

import pytest

from parloir.errors import InputError
from parloir.simulation import catalogue_of_parameters, sizes
from parloir.simulation.parameters import load


def test_every_parameter_has_a_source_and_lies_in_its_range() -> None:
    for parameter in catalogue_of_parameters():
        assert len(parameter.source) > 5, parameter.name
        assert parameter.low <= parameter.value <= parameter.high, parameter.name


def test_sizes_are_named_smallest_first() -> None:
    assert sizes() == ("demo", "few", "small", "operation", "nation")
    assert load("small", 1, {}).size.prisons == 12
    assert load("operation", 1, {}).size.prisons == 66
    assert load("nation", 1, {}).size.prisons == 186


def test_overrides_go_by_full_or_short_name() -> None:
    p = load("demo", 1, {"prevalence": "0.2", "radio.shadow_db": "4", "days": "5", "dependent": "false"})
    assert (p["handsets.prevalence"], p["radio.shadow_db"], p.size.days) == (0.2, 4.0, 5)
    assert not p.dependent
    assert p.shared("handsets.borrowed") == 0


def test_the_knobs_multiply_errors_and_missing_shares() -> None:
    p = load("demo", 1, {"noise": "2", "missingness": "3"})
    assert p.error("people.name_typo") == pytest.approx(2 * p["people.name_typo"])
    assert p.missing("people.number_absent") == pytest.approx(3 * p["people.number_absent"])
    assert load("demo", 1, {"noise": "30"}).error("people.name_variant") == 0.95


@pytest.mark.parametrize(
    ("size", "overrides", "said"),
    [
        ("village", {}, "no size “village”"),
        ("demo", {"gravity": "1"}, "no parameter “gravity”"),
        ("demo", {"prevalence": "many"}, "is not a number"),
        ("demo", {"prevalence": "1.4"}, "handsets.prevalence=1.4 cannot be.*from 0.01 to 1"),
        ("demo", {"noise": "-1"}, "world.noise=-1 cannot be"),
        ("demo", {"days": "0"}, "days=0 cannot be"),
        ("demo", {"shadow_db": "nan"}, "cannot be"),
    ],
)
def test_what_cannot_be_used_is_refused(size: str, overrides: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(size, 1, overrides)
