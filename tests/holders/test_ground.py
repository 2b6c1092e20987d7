from __future__ import annotations

import numpy as np

from parloir.holders.activity import DAY_US, LIFE
from parloir.holders.ground import _Searched
from parloir.holders.world import Prison, Spans

NOW = 1_750_000_000_000_000
"""A day of our time, in microseconds: numbers as large as they come."""
INMATES = np.array([3, 4095, 4096, 9000, 89_162], dtype=np.int64)


def searched(*searches: tuple[int, str]) -> _Searched:
    """A prison in which each inmate has a prison cell of his own."""
    numbers, texts = np.zeros(0, np.int64), np.zeros(0, object)
    names = np.array([f"A-{n}" for n in range(INMATES.size)], dtype=object)
    zero = np.zeros(INMATES.size, np.int64)
    none = Spans(numbers, numbers, numbers, texts, texts, numbers)
    stays = Spans(INMATES, zero, zero + 2 * NOW, names, names, zero)
    return _Searched.of(Prison("P", stays, none, none, none), names.astype(str), searches)


def test_searches_are_counted_for_any_number_of_inmates() -> None:
    found = searched((NOW, "A-1"), (NOW + DAY_US, "A-1"), (NOW, "A-4"))
    before, between = np.full(INMATES.size, NOW - DAY_US), np.full(INMATES.size, NOW + DAY_US // 2)
    assert found.times(INMATES, before).tolist() == [0, 2, 0, 0, 1]
    assert found.times(INMATES, between).tolist() == [0, 1, 0, 0, 0]


def test_what_a_search_left_grows_again() -> None:
    found = searched((NOW, "A-4"))
    left = [found.left(INMATES, NOW + days * DAY_US, 0.8)[4] for days in (0, LIFE.days)]
    assert np.allclose(left, [0.2, 1 - 0.8 / np.e])
    assert (found.left(INMATES, NOW, 0.8)[:4] == 1).all()
