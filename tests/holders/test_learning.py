"""What a candidate's other handset shares counts with his people's numbers, not beside them."""

import numpy as np
import pytest

from parloir.holders.learning import as_a_guest

ANYBODY = 0.001
"""Chance that one inmate is a guest: about 10 bits."""


def test_shared_numbers_count_in_full_where_the_candidates_people_are_not_met():
    assert as_a_guest(np.array([6.0]), np.array([0.0]), ANYBODY)[0] == pytest.approx(6.0, abs=0.1)


def test_who_may_be_a_guest_gains_nothing_from_his_other_handset():
    ceiling = -np.log2(ANYBODY)
    assert as_a_guest(np.array([6.0]), np.array([ceiling]), ANYBODY)[0] == pytest.approx(0.0, abs=1e-9)
    assert as_a_guest(np.array([6.0]), np.array([ceiling + 20]), ANYBODY)[0] == pytest.approx(0.0, abs=1e-9)


def test_both_together_are_what_one_draw_of_a_guest_makes_of_their_product():
    people, shared = 2.0**8, 2.0**4
    alone = people / (1 + ANYBODY * people)
    together = people * shared / (1 + ANYBODY * people * shared)
    gained = as_a_guest(np.array([4.0]), np.array([np.log2(alone)]), ANYBODY)[0]
    assert np.log2(alone) + gained == pytest.approx(np.log2(together))


def test_numbers_that_are_not_shared_speak_against_as_before():
    against, numbers = np.array([-1.5, -1.5]), np.array([0.0, 9.0])
    assert as_a_guest(against, numbers, ANYBODY).tolist() == [-1.5, -1.5]
