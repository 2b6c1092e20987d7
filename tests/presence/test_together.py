"""What two handsets show side by side, on records made by hand."""

import numpy as np
import pytest

from parloir.presence.together import Doings, Met, Mix, alike, by_turns, calls, in_touch, minutes, numbers

DAY = 86_400


def doings(*rows: tuple[int, int, int, int, int]) -> Doings:
    """Rows: handset, second, talk_s, imsi, number."""
    return Doings(*np.array(sorted(rows), dtype=np.int64).T)


def test_what_begins_in_a_call_of_the_other_is_counted_and_what_follows_at_once_is_not():
    found = calls(doings((0, 0, 120, 1, 0), (1, 60, 30, 2, 0), (0, 500, 60, 1, 0), (1, 560, 60, 2, 0)), 2)
    assert found.during.tolist() == [[0, 1], [1, 0]]
    assert found.chance[0, 1] > 0
    assert found.own == 0


def test_records_whose_own_calls_overlap_tell_nothing_of_the_others():
    late = [(0, 100 * at, 150, 1, 0) for at in range(40)]
    assert calls(doings(*late, (1, 5, 9, 2, 0)), 2).own > 0.5


def test_without_lengths_of_calls_nothing_is_expected():
    found = calls(doings((0, 0, 0, 1, 0), (1, 60, 0, 2, 0)), 2)
    assert not found.during.any()
    assert not found.chance.any()


def test_a_sim_that_goes_to_and_fro_is_counted_each_time_and_no_sim_never():
    rows = [(at % 2, at * DAY, 0, 7, 0) for at in range(4)]
    assert by_turns(doings(*rows), 2).tolist() == [[0, 3], [3, 0]]
    assert not by_turns(doings(*((of, at, 0, 0, 0) for of, at, *_ in rows)), 2).any()


def test_who_calls_the_other_is_in_touch_with_him():
    met = Met(np.array([1]), np.array([33]), np.array([2]), 10)
    own = doings((0, 0, 0, 1, 33), (1, 5, 0, 2, 44), (2, 9, 0, 3, 0))
    assert in_touch(own, met, 3).tolist() == [[False, True, False], [True, False, False], [False] * 3]


def test_a_number_that_everybody_calls_counts_for_little():
    of, number = np.array([0, 1, 0, 1, 0, 2]), np.array([5, 5, 6, 6, 9, 9])
    rare, share = numbers(Met(of, number, np.array([2, 2, 2, 2, 60, 60]), 64), 3)
    assert rare[0, 1] == pytest.approx(2.0)
    assert rare[0, 2] < 0.1
    assert share[0, 1] == pytest.approx(1.0)


def test_busy_and_silent_on_the_same_days_and_at_the_same_minutes():
    random = np.random.default_rng(1)
    days = random.choice(30, 12, replace=False)
    others = np.setdiff1d(np.arange(30), days)
    hour = {0: days, 1: days, 2: others}
    rows = [(of, int(day) * DAY + 72_000 + 60 * of, 0, 1, 0) for of, own in hour.items() for day in own]
    found = minutes(doings(*rows), 3)
    assert found.days[0, 1] == pytest.approx(1.0)
    assert found.days[0, 2] < -0.5
    assert found.lift[0, 1] > 2 > found.lift[0, 2]


def test_mixes_of_radio_cells_are_held_against_one_another_within_a_network():
    of, cell = np.array([0, 0, 1, 1, 2, 3]), np.array([1, 2, 1, 2, 3, 8])
    mix = Mix(of, cell, np.array([0, 0, 0, 0, 0, 1]), np.full(6, 20.0))
    found = alike(mix, 4)
    assert found[0, 1] == pytest.approx(1.0)
    assert found[0, 2] == 0
    assert np.isnan(found[0, 3])
