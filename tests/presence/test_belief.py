"""What is held of counts: sharp where weights part, wide where not, near nought where nobody is inside."""

import numpy as np
import pytest

from parloir.presence.apart import Apart, met_apart
from parloir.presence.belief import Belief, believe
from parloir.presence.counts import counts, intervals
from parloir.presence.likelihood import BINS
from parloir.presence.posterior import Placed, believed, posterior

OTHERS = 400


def prison(random: np.random.Generator, inside: int, apart: float, shift: float = 0.0) -> np.ndarray:
    """Calibrated bits of those inside, then of others: normal, so many bits apart."""
    spread = np.sqrt(apart / np.log(2.0))
    both = [random.normal(side * apart / 2.0, spread, many) for side, many in ((1, inside), (-1, OTHERS))]
    return np.concatenate(both) + shift


def held(prisons: list[np.ndarray], found: int = 0, expected: float = 30.0) -> Belief:
    """Of several prisons; the first so many of each were found."""
    where = np.repeat(np.arange(len(prisons)), [one.size for one in prisons])
    known = np.concatenate([np.arange(one.size) < found for one in prisons])
    bits = np.concatenate(prisons)
    return believed(Placed(np.arange(bits.size), where, known, np.full(len(prisons), expected)), bits)


def width(belief: Belief) -> np.ndarray:
    low, high = intervals(belief)
    return high - low


def test_what_parts_clearly_is_counted_sharply_and_what_overlaps_is_not():
    random = np.random.default_rng(1)
    clear, blurred = (held([prison(random, 30, apart) for _ in range(4)]) for apart in (30.0, 3.0))
    assert np.median(width(clear)) < 0.4 * 30.0
    assert width(blurred).min() > 4.0 * width(clear).max()
    assert clear.count == pytest.approx([30.0] * 4, rel=0.1)


def test_one_case_holds_clear_prisons_and_blurred_ones():
    random = np.random.default_rng(2)
    told = width(held([prison(random, 30, 30.0), prison(random, 30, 30.0), prison(random, 30, 3.0)]))
    assert told[2] > 2.0 * told[:2].max()


def test_intervals_hold_what_they_say_where_weights_are_off_as_was_met():
    random, apart, within = np.random.default_rng(3), Apart(), []
    for _ in range(20):
        case = random.normal(0.0, apart.case_shift)
        inside = random.integers(5, 80, 4)
        shifts = case + random.normal(0.0, apart.prison_shift, 4)
        belief = held([prison(random, many, 8.0, off) for many, off in zip(inside, shifts, strict=True)])
        low, high = intervals(belief)
        within += ((low <= inside) & (inside <= high)).tolist()
    assert 0.85 <= np.mean(within) <= 1.0


def test_found_handsets_make_intervals_narrower():
    random = np.random.default_rng(4)
    prisons = [prison(random, 60, 8.0)]
    assert width(held(prisons, found=30))[0] < 0.8 * width(held(prisons))[0]


@pytest.mark.parametrize("shift", [-2.0, 0.0, 1.5])
def test_where_nobody_is_inside_the_interval_reaches_nought(shift):
    random = np.random.default_rng(5)
    belief = held([prison(random, 0, 8.0, shift) for _ in range(3)])
    full = held([prison(random, 30, 8.0, shift) for _ in range(3)])
    assert belief.count.max() < 0.7 * full.count.min()
    prisons = np.repeat(np.arange(3), OTHERS)
    table = counts(["P", "Q", "R"], prisons, np.full(prisons.size, belief.count.mean() / OTHERS), belief)
    assert table["low"].to_pylist() == [0.0, 0.0, 0.0]


def test_one_prison_may_be_empty_among_full_ones():
    random = np.random.default_rng(6)
    belief = held([prison(random, many, 30.0) for many in (40, 40, 0, 40)])
    assert belief.count[2] < 2.0
    assert intervals(belief)[0][2] < 0.5
    assert belief.count[[0, 1, 3]] == pytest.approx([40.0] * 3, rel=0.25)


def test_where_one_was_found_nobody_says_that_there_is_none():
    random = np.random.default_rng(7)
    prisons = [prison(random, 2, 8.0) for _ in range(2)]
    assert held(prisons, found=1).mass[:, 0] == pytest.approx(0.0)
    assert (held(prisons).mass[:, 0] > 0.0).all()


def test_alike_prisons_tell_of_each_other():
    random = np.random.default_rng(8)
    prisons = [prison(random, 30, 6.0) for _ in range(12)]
    assert width(held(prisons))[0] < width(held(prisons[:1]))[0]


def test_the_order_of_candidates_and_prisons_does_not_matter():
    random = np.random.default_rng(9)
    prisons = [prison(random, many, 6.0) for many in (10, 60, 25)]
    one, other = held(prisons), held([random.permutation(prisons[at]) for at in (2, 0, 1)])
    assert other.count == pytest.approx(one.count[[2, 0, 1]], rel=1e-9)


def test_no_candidates_no_handsets():
    belief = held([prison(np.random.default_rng(1), 20, 8.0), np.zeros(0)])
    assert belief.count[1] == pytest.approx(0.0, abs=1e-9)
    nobody = Placed(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0, dtype=bool), np.array([3.0]))
    assert posterior(nobody, np.zeros(0))[0].size == 0


def test_weights_that_say_nothing_leave_probabilities_alike():
    n = 300
    there = Placed(np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool), np.array([30.0]))
    chance = posterior(there, np.zeros(n))[0]
    assert np.ptp(chance) < 1e-9
    low, high = intervals(believed(there, np.zeros(n)))
    assert low[0] < 3.0
    assert high[0] > 60.0


def test_how_far_weights_are_off_is_measured_by_halves():
    random, worlds = np.random.default_rng(10), []
    for _ in range(12):
        case = random.normal(0.0, 2.0)
        shifts = case + random.normal(0.0, 2.0, 8)
        bits = np.concatenate([prison(random, 100, 8.0, -off) for off in shifts])
        inside = np.tile(np.arange(100 + OTHERS) < 100, 8)
        worlds.append((np.repeat(np.arange(8), 100 + OTHERS), bits, inside))
    met = met_apart(worlds)
    assert met.case_shift == pytest.approx(2.0, abs=0.9)
    assert met.prison_shift == pytest.approx(2.0, abs=0.5)
    assert met.case_slope < 0.15
    assert met.prison_slope < 0.15
    assert met.steeper == pytest.approx(0.0, abs=0.15)


def test_too_few_handsets_leave_what_is_assumed():
    few = (np.zeros(30, dtype=np.int64), np.zeros(30), np.arange(30) < 5)
    assert met_apart([few, few]) == Apart()


def test_a_case_without_any_prison_is_believed_empty():
    nothing = np.zeros((0, BINS))
    held = believe(nothing, nothing, np.zeros(0), Apart())
    assert held.odds.shape == (0, BINS)
    assert held.count.size == 0
