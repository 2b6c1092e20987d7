"""How far a weight may go in a report: empirical lower and upper bounds.

Vergeer, van Es, de Jongh, Alberink & Stoel, Numerical likelihood ratios outputted by LR systems are often
based on extrapolation: when to stop extrapolating? Science & Justice 56 (2016) 482-491. A weight is carried
as far as decisions by the system cost no more than decisions without it, with one misleading case of each
kind added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from parloir.weights.bits import Bounds
from parloir.weights.logistic import Floats
from parloir.weights.metrics import two_classes

STEP = 0.01
"""Resolution of the bounds in bits."""


def elub(bits_true: ArrayLike, bits_false: ArrayLike, misleading: int = 1, step: float = STEP) -> Bounds:
    """The bounds that n true and m false weights can carry.

    Sorting takes most of the time: a million weights need well under a second.

    Args:
        bits_true: weights where the proposition holds, shape (n,).
        bits_false: weights where the alternative holds, shape (m,).
        misleading: cases added to each class on the wrong side of every threshold.
        step: resolution in bits.

    Raises:
        InputError: one of the classes is empty.
    """
    true, false = (np.sort(np.clip(one, -30.0, 30.0)) for one in two_classes(bits_true, bits_false))
    thresholds = _thresholds(true, false, step)
    useful = normalised_cost(true, false, thresholds, misleading) <= 1.0
    below = thresholds[(thresholds <= 0) & ~useful]
    above = thresholds[(thresholds >= 0) & ~useful]
    low = float(np.max(below + step, initial=thresholds[0]))
    high = float(np.min(above - step, initial=thresholds[-1]))
    return Bounds(round(min(low, 0.0), 6), round(max(high, 0.0), 6))


def normalised_cost(true: Floats, false: Floats, thresholds: Floats, misleading: int) -> Floats:
    """Cost of deciding at each threshold, as a share of the cost without the system (sorted weights)."""
    missed = (np.searchsorted(true, thresholds, side="right") + misleading) / (true.size + misleading)
    taken = false.size - np.searchsorted(false, thresholds, side="right") + misleading
    cost = missed + np.exp2(thresholds) * taken / (false.size + misleading)
    return np.asarray(cost / np.where(thresholds < 0, np.exp2(thresholds), 1.0), dtype=np.float64)


def _thresholds(true: Floats, false: Floats, step: float) -> Floats:
    """A grid through 0, no wider than the scores or than the number of cases can support."""
    low = max(min(true[0], false[0]), -np.log2(true.size + 1))
    high = min(max(true[-1], false[-1]), np.log2(false.size + 1))
    steps = np.arange(min(0, int(np.floor(low / step))), max(0, int(np.floor(high / step)) + 1) + 1)
    return np.asarray(steps * step, dtype=np.float64)
