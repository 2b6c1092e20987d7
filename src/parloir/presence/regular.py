"""What machines do and people do not: the same round the clock, and as much every day.

People sleep, inside too, and their days differ. A machine that reports at random minutes keeps no time of the
hour (`features.Features.beat`), but no time of the day either.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
HOURS = 24
"""Fewer hours with a record do not show whether they gather at one time of the day."""
DAYS, RECORDS = 5, 2.0
"""Active days, and records on each, below which chance alone may make days alike."""
_HANDS = np.exp(2j * np.pi * np.arange(24) / 24.0)


def rhythm(hours: Numbers, owner: Numbers, owners: int) -> Floats:
    """How far the hours with a record gather at one time of the day: 0 round the clock, 1 one hour alone.

    The length of the mean of the hours' directions on a dial, less what so many hours have by chance.

    Args:
        hours: of each day (n,): bit h is set when a record began in local hour h.
        owner: of each day, shape (n,).
        owners: how many.

    Returns:
        Shape (owners,); NaN for fewer than `HOURS` hours.
    """
    hand = np.zeros(owners, dtype=np.complex128)
    many = np.zeros(owners)
    for hour, direction in enumerate(_HANDS):
        count = np.bincount(owner, (hours >> hour) & 1, minlength=owners)
        hand += count * direction
        many += count
    pairs = np.maximum(many * (many - 1.0), 1.0)
    length = np.sqrt(np.maximum(np.abs(hand) ** 2 - many, 0.0) / pairs)
    return np.where(many >= HOURS, length, np.nan)


def unevenness(records: Floats, owner: Numbers, owners: int) -> Floats:
    """Chance that days would differ less, were each record's day drawn by lot, shape (owners,).

    The index of dispersion (Fisher): near 0 for a machine, near 1 for people. NaN for few days or records.

    Args:
        records: on each active day, shape (n,).
        owner: of each day, shape (n,).
        owners: how many.
    """
    days = np.bincount(owner, minlength=owners).astype(np.float64)
    mean = np.bincount(owner, records, minlength=owners) / np.maximum(days, 1.0)
    apart = np.bincount(owner, (records - mean[owner]) ** 2, minlength=owners) / np.maximum(mean, 1e-9)
    chance = chi2.cdf(apart, np.maximum(days - 1.0, 1.0))
    return np.where((days >= DAYS) & (mean >= RECORDS), chance, np.nan)
