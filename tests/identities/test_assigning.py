import itertools

import numpy as np
import pytest

from parloir.identities import assigning
from parloir.identities.assigning import best_pairs


def ints(*values):
    return np.array(values, np.int32)


def largest_sum(ends, probability):
    """By trying all sets of pairs."""
    pairs = range(len(probability))
    sets = (chosen for size in pairs for chosen in itertools.combinations(pairs, size + 1))
    free = (
        list(chosen) for chosen in sets if all(len(set(end[list(chosen)])) == len(chosen) for end in ends)
    )
    return max(float(probability[chosen].sum()) for chosen in free)


def test_the_sum_is_the_largest_and_no_record_is_used_twice():
    draw = np.random.default_rng(3)
    for _ in range(20):
        ends = draw.integers(0, 4, 9).astype(np.int32), draw.integers(10, 14, 9).astype(np.int32)
        ends = tuple(np.unique(np.stack(ends), axis=1))
        probability = draw.random(len(ends[0]))
        best, crowded = best_pairs(ends, probability)
        assert probability[best].sum() == pytest.approx(largest_sum(ends, probability))
        assert all(len(set(end[best])) == best.sum() for end in ends)
        assert crowded == 0


def test_the_likeliest_of_a_record_may_give_way():
    ends, probability = (ints(0, 0, 1), ints(5, 6, 5)), np.array([0.6, 0.5, 0.4])
    assert best_pairs(ends, probability)[0].tolist() == [False, True, True]


def test_large_groups_are_bounded_and_said(monkeypatch):
    monkeypatch.setattr(assigning, "LARGEST", 3)
    ends, probability = (ints(0, 0, 1, 2), ints(5, 6, 5, 7)), np.array([0.6, 0.5, 0.4, 0.1])
    best, crowded = best_pairs(ends, probability)
    assert best.tolist() == [True, False, False, True]
    assert crowded == 3


def test_no_pairs():
    assert best_pairs((ints(), ints()), np.zeros(0))[0].tolist() == []
