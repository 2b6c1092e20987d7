"""How good weights and probabilities are: Cllr, Cllr_min, ECE, intervals.

Definitions are those that every figure of the project is held to: Cllr over all pairs with the two classes
weighted equally, its least value by pool-adjacent-violators; ECE in bins of equal mass, with the slope and
the gain over the prior beside it, because a small ECE alone can be had by saying nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression

from parloir.errors import InputError
from parloir.weights.logistic import newton

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]
TINY = 1e-12
"""Probabilities are kept this far from 0 and 1 when a logarithm is taken of a stated probability."""


def cllr(bits_true: ArrayLike, bits_false: ArrayLike) -> float:
    """Log-likelihood-ratio cost in bits (Brümmer & du Preez 2006): 0 perfect, 1 no information.

    Args:
        bits_true: weights where the proposition holds, shape (n,).
        bits_false: weights where the alternative holds, shape (m,).

    Raises:
        InputError: one of the classes is empty.
    """
    true, false = two_classes(bits_true, bits_false)
    return float((np.logaddexp2(0.0, -true).mean() + np.logaddexp2(0.0, false).mean()) / 2.0)


def cllr_min(bits_true: ArrayLike, bits_false: ArrayLike) -> float:
    """Cllr after the best monotone recalibration: what is lost to discrimination alone."""
    true, false = two_classes(bits_true, bits_false)
    values, mass_true, mass_false = masses(true, false)
    posterior = isotonic_regression(mass_true / (mass_true + mass_false), weights=mass_true + mass_false).x
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(mass_true > 0, -mass_true * np.log2(posterior), 0.0)
        lost += np.where(mass_false > 0, -mass_false * np.log2(1.0 - posterior), 0.0)
    return float(lost.sum() / 2.0) if values.size else 1.0


def two_classes(bits_true: ArrayLike, bits_false: ArrayLike) -> tuple[Floats, Floats]:
    """Weights where the proposition holds, and where it does not, as flat arrays.

    Raises:
        InputError: one of the classes is empty.
    """
    true, false = np.ravel(np.asarray(bits_true, np.float64)), np.ravel(np.asarray(bits_false, np.float64))
    if not true.size or not false.size:
        raise InputError(
            f"{true.size} true and {false.size} false pairs give no Cllr", do="give at least one of each"
        )
    return true, false


def masses(true: Floats, false: Floats) -> tuple[Floats, Floats, Floats]:
    """Distinct scores in rising order, and each one's share of either class (both sum to 1)."""
    values, place = np.unique(np.concatenate([true, false]), return_inverse=True)
    in_true = np.bincount(place[: true.size], minlength=values.size) / true.size
    in_false = np.bincount(place[true.size :], minlength=values.size) / false.size
    return values, in_true, in_false


@dataclass(frozen=True, slots=True)
class Calibration:
    """How stated probabilities fared.

    Attributes:
        ece: mean distance between stated and met frequency over bins, weighted by their size.
        n: how many probabilities.
        slope: of the outcome's log-odds on the stated log-odds; 1 is right, below 1 overstated; NaN where
            outcomes or probabilities do not vary.
        log_loss_gain: bits for each probability gained over stating the prior.
        stated, met, count: per bin, rising; the reliability diagram.
    """

    ece: float
    n: int
    slope: float
    log_loss_gain: float
    stated: Floats
    met: Floats
    count: NDArray[np.int64]


def ece(
    probabilities: ArrayLike, outcomes: ArrayLike, bins: int = 15, prior: ArrayLike | None = None
) -> Calibration:
    """Expected calibration error over bins of equal mass; equal probabilities stay in one bin.

    Args:
        probabilities: stated, shape (n,), 0 to 1.
        outcomes: what was true, shape (n,), booleans.
        bins: how many.
        prior: probability stated before the evidence, (n,) or one for all; default the share that was true.

    Raises:
        InputError: nothing to measure, or shapes that differ.
    """
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(outcomes, dtype=bool)
    if p.size == 0 or p.shape != y.shape:
        raise InputError(
            f"{p.size} probabilities and {y.size} outcomes cannot be compared", do="give one outcome for each"
        )
    place, count = _equal_mass(p, bins)
    stated, met = np.bincount(place, p) / count, np.bincount(place, y) / count
    before = y.mean() if prior is None else prior
    gain = log_loss(np.broadcast_to(np.asarray(before, dtype=np.float64), p.shape), y) - log_loss(p, y)
    error = float((count * np.abs(stated - met)).sum() / p.size)
    return Calibration(error, p.size, calibration_slope(p, y), gain, stated, met, count)


def log_loss(probabilities: Floats, outcomes: NDArray[np.bool_]) -> float:
    """Mean −log2 of the probability given to what happened."""
    said = np.where(outcomes, probabilities, 1.0 - probabilities)
    return float(-np.log2(np.clip(said, TINY, 1.0)).mean())


def calibration_slope(probabilities: Floats, outcomes: NDArray[np.bool_]) -> float:
    """Slope of a logistic regression of the outcome on the stated log-odds (Cox 1958)."""
    p = np.clip(probabilities, TINY, 1.0 - TINY)
    design = np.column_stack([np.ones(p.size), np.log(p / (1.0 - p))])
    if outcomes.all() or not outcomes.any() or np.ptp(design[:, 1]) == 0:
        return float("nan")
    return float(newton(design, outcomes, np.ones(p.size), np.full(2, 1e-9))[1])


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap interval round a value."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Resampling:
    """How a bootstrap is drawn: so many draws, two-sided at `level`, repeatable by `seed`."""

    draws: int = 1000
    level: float = 0.95
    seed: int = 0


def bootstrap(
    statistic: Callable[[Indexes], float], groups: ArrayLike, resampling: Resampling | None = None
) -> Interval:
    """Percentile interval, whole groups (handsets, prisons) drawn with replacement.

    Args:
        statistic: value for an array of row indexes; may repeat rows; NaN draws are left out.
        groups: what each row belongs to, shape (n,).
        resampling: draws, level, seed.
    """
    settings = resampling or Resampling()
    _, place = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(place, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(place))[:-1])
    random = np.random.default_rng(settings.seed)
    drawn = [
        statistic(np.concatenate([members[g] for g in random.integers(0, len(members), len(members))]))
        for _ in range(settings.draws)
    ]
    tail = (1.0 - settings.level) / 2.0
    low, high = np.nanquantile(drawn, [tail, 1.0 - tail])
    return Interval(statistic(np.arange(place.size)), float(low), float(high))


def _equal_mass(p: Floats, bins: int) -> tuple[Indexes, NDArray[np.int64]]:
    """The bin of each probability and the bins' sizes; a value's bin is where the middle of its mass lies."""
    _, place, sizes = np.unique(p, return_inverse=True, return_counts=True)
    middle = (np.cumsum(sizes) - sizes / 2.0) / p.size
    wanted = np.minimum((middle * bins).astype(np.intp), bins - 1)
    _, dense = np.unique(wanted, return_inverse=True)
    binned = dense[place]
    return binned, np.bincount(binned)
