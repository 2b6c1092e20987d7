from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parloir.statements.waterfall import LABELS, NOT_ITEMISED, VALUES, WIDTH, Step, waterfall

millibits = st.integers(-60_000, 60_000)


@given(st.lists(millibits, max_size=12))
def test_steps_that_add_up_end_at_the_total(weights: list[int]) -> None:
    steps = [Step(f"kind_{i}", weight) for i, weight in enumerate(weights)]
    drawn = waterfall(steps, sum(weights))
    *bars, total = drawn.bars
    assert len(bars) == len(weights)
    assert abs((bars[-1].joint if bars else drawn.zero) - total.joint) < 1e-6


@given(st.lists(millibits, max_size=12), millibits, millibits)
def test_every_bar_lies_between_labels_and_values(weights: list[int], total: int, bounded: int) -> None:
    drawn = waterfall([Step("kind", weight) for weight in weights], total, bounded)
    for bar in drawn.bars:
        assert bar.x >= LABELS
        assert bar.x + bar.width <= WIDTH - VALUES + 1.0
        assert bar.y + 16 <= drawn.floor
    assert all(LABELS < mark.x < WIDTH - VALUES for mark in drawn.marks)


@given(st.lists(millibits, min_size=1, max_size=6), millibits.filter(lambda rest: abs(rest) >= 50))
def test_what_the_findings_do_not_explain_is_shown(weights: list[int], rest: int) -> None:
    steps = [Step("kind", weight) for weight in weights]
    drawn = waterfall(steps, sum(weights) + rest)
    assert [bar.label for bar in drawn.bars].count(NOT_ITEMISED) == 1


def test_bar_lengths_are_proportional_to_bits() -> None:
    one, two, _ = waterfall([Step("a", 2_000), Step("b", -4_000)], -2_000).bars
    assert abs(two.width - 2 * one.width) < 1e-6
    assert (one.tone, two.tone) == ("up", "down")


def test_the_bounded_weight_has_its_own_bar_only_where_a_bound_binds() -> None:
    assert [bar.tone for bar in waterfall([], 5_000, 5_000).bars] == ["up", "total"]
    assert [bar.tone for bar in waterfall([Step("a", 9_000)], 9_000, 5_000).bars] == [
        "up",
        "total",
        "bounded",
    ]
