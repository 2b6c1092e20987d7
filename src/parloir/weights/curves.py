"""Data of the plots that show how weights behave: Tippett and empirical cross-entropy.

The reliability diagram's data come with `metrics.ece`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from parloir.weights.logistic import Floats
from parloir.weights.metrics import two_classes
from parloir.weights.pav import fit_pav


@dataclass(frozen=True, slots=True)
class Tippett:
    """Share of weights above each threshold, in either class (Tippett et al. 1968).

    Attributes:
        thresholds: bits, rising, shape (points,).
        true, false: shares above, shape (points,).
        misleading_true: share of true pairs below 0; misleading_false: share of false pairs above 0.
    """

    thresholds: Floats
    true: Floats
    false: Floats
    misleading_true: float
    misleading_false: float


def tippett(bits_true: ArrayLike, bits_false: ArrayLike, points: int = 200) -> Tippett:
    """The Tippett plot of weights where the proposition holds (n,) and where it does not (m,)."""
    true, false = (np.sort(one) for one in two_classes(bits_true, bits_false))
    ends = np.clip([min(true[0], false[0]), max(true[-1], false[-1])], -1000.0, 1000.0)
    thresholds = np.linspace(ends[0], ends[1], points)
    return Tippett(
        thresholds,
        1.0 - np.searchsorted(true, thresholds, side="right") / true.size,
        1.0 - np.searchsorted(false, thresholds, side="right") / false.size,
        float((true < 0).mean()),
        float((false > 0).mean()),
    )


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """Empirical cross-entropy in bits at each prior (Ramos & Gonzalez-Rodriguez 2013).

    Attributes:
        log_odds: prior log-odds, base 10, shape (points,).
        observed: of the weights as they are; at 0 it is Cllr.
        calibrated: after the best monotone recalibration; at 0 it is Cllr_min.
        neutral: of saying nothing.
    """

    log_odds: Floats
    observed: Floats
    calibrated: Floats
    neutral: Floats


def cross_entropy(bits_true: ArrayLike, bits_false: ArrayLike, points: int = 61) -> CrossEntropy:
    """The cross-entropy plot, prior odds from 1:1,000 to 1,000:1."""
    true, false = two_classes(bits_true, bits_false)
    log_odds = np.linspace(-3.0, 3.0, points)
    pav = fit_pav(
        np.concatenate([true, false]), np.repeat([True, False], [true.size, false.size]), misleading=0
    )
    best = pav.apply(true), pav.apply(false)
    return CrossEntropy(
        log_odds,
        _entropy(true, false, log_odds),
        _entropy(*best, log_odds),
        _entropy(np.zeros(1), np.zeros(1), log_odds),
    )


def _entropy(true: Floats, false: Floats, log_odds: Floats) -> Floats:
    prior = 1.0 / (1.0 + 10.0**-log_odds)
    shift = log_odds * np.log2(10.0)
    missed = np.array([np.logaddexp2(0.0, -(true + s)).mean() for s in shift])
    misled = np.array([np.logaddexp2(0.0, false + s).mean() for s in shift])
    return np.asarray(prior * missed + (1.0 - prior) * misled, dtype=np.float64)
