"""Machines keep no time of the day, or too much order; people do neither."""

import numpy as np
import pytest

from parloir.presence.regular import rhythm, unevenness

DAYS = 30


def mask(hours: np.ndarray) -> int:
    return int(sum(1 << int(hour) for hour in np.unique(hours)))


def days(chances: np.ndarray, many: int, seed: int) -> np.ndarray:
    """Hours of activity of `DAYS` days with so many records each, drawn with these chances of each hour."""
    random = np.random.default_rng(seed)
    return np.array([mask(random.choice(24, many, p=chances / chances.sum())) for _ in range(DAYS)])


def told(chances: np.ndarray, many: int) -> np.ndarray:
    owner = np.repeat(np.arange(40), DAYS)
    return rhythm(np.concatenate([days(chances, many, seed) for seed in range(40)]), owner, 40)


def test_a_machine_at_random_minutes_is_active_round_the_clock():
    assert np.quantile(told(np.ones(24), 8), 0.9) < 0.1
    assert np.quantile(told(np.ones(24), 3), 0.9) < 0.2


def test_who_sleeps_is_not():
    awake = np.where((np.arange(24) >= 1) & (np.arange(24) < 7), 0.1, 1.0)
    assert np.quantile(told(awake, 8), 0.1) > 0.2
    evenings = np.where(np.arange(24) >= 20, 1.0, 0.01)
    assert told(evenings, 8).min() > 0.5


def test_one_hour_alone_is_all_at_one_time():
    assert rhythm(np.full(30, 1 << 5), np.zeros(30, dtype=np.int64), 1)[0] == pytest.approx(1.0)


def test_few_hours_tell_nothing():
    assert np.isnan(rhythm(np.full(23, 1 << 5), np.zeros(23, dtype=np.int64), 2)).all()


def test_as_many_every_day_is_less_uneven_than_chance():
    random = np.random.default_rng(2)
    records = np.concatenate([np.full(20, 24.0), random.poisson(24.0, 20), random.poisson(24.0, 20) * 2.0])
    fixed, lot, people = unevenness(records, np.repeat(np.arange(3), 20), 3)
    assert fixed < 0.01 < lot
    assert people > 0.99


def test_few_days_or_records_tell_nothing_of_days():
    few = unevenness(np.full(4, 24.0), np.zeros(4, dtype=np.int64), 1)
    thin = unevenness(np.ones(30), np.zeros(30, dtype=np.int64), 1)
    assert np.isnan(few).all()
    assert np.isnan(thin).all()
