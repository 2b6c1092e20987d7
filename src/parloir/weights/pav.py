"""Calibration by pool-adjacent-violators: the monotone map from scores to weights that fits best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression

from parloir.weights.logistic import Booleans, Floats, balanced


@dataclass(frozen=True, slots=True)
class PavCalibration:
    """A rising curve through (score, bits), straight between the points and flat beyond; rounded to 1e-6."""

    scores: tuple[float, ...]
    bits: tuple[float, ...]

    def apply(self, scores: ArrayLike) -> Floats:
        """Calibrated weights in bits, the shape of `scores`."""
        return np.asarray(np.interp(np.asarray(scores, dtype=np.float64), self.scores, self.bits))


def fit_pav(scores: ArrayLike, truths: ArrayLike, misleading: int = 1) -> PavCalibration:
    """Fit on scores (n,) and what was true (n,), classes weighted equally.

    Args:
        scores: any real scores, higher for the proposition.
        truths: booleans.
        misleading: cases of the wrong class added beyond either end, so that no weight is infinite.

    Raises:
        InputError: one of the classes is empty.
    """
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(truths, dtype=bool)
    x = np.concatenate([x, np.full(misleading, x.max()), np.full(misleading, x.min())])
    y = np.concatenate([y, np.zeros(misleading, dtype=bool), np.ones(misleading, dtype=bool)])
    values, place = np.unique(x, return_inverse=True)
    mass = balanced(y)
    total = np.bincount(place, mass)
    fitted = isotonic_regression(np.bincount(place, mass * y) / total, weights=total).x
    keep = _corners(fitted)
    with np.errstate(divide="ignore"):
        bits = np.log2(fitted[keep]) - np.log2(1.0 - fitted[keep])
    return PavCalibration(_rounded(values[keep]), _rounded(np.clip(bits, -1000.0, 1000.0)))


def _corners(fitted: Floats) -> Booleans:
    """First and last point of each level stretch: what a straight line between points needs."""
    changes = np.diff(fitted) != 0
    return np.asarray(np.concatenate([[True], changes]) | np.concatenate([changes, [True]]))


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 6) for value in values)
