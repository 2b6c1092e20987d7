"""Calibration of what is stated and cost of weights, as every trial measures them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parloir.weights.metrics import Calibration, Interval, Resampling, cllr, cllr_min, ece

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
STATED = 0.01
"""Probabilities below are not counted among those stated."""
DRAWS = 40
"""Of outcomes, for the ECE of probabilities that are right."""


@dataclass(frozen=True, slots=True)
class Stated:
    """How stated probabilities fared.

    Attributes:
        met: ECE, n, slope, log-loss gained over the prior, and the reliability diagram.
        floor: the ECE to be expected of so many such probabilities if every one of them is right.
    """

    met: Calibration
    floor: float


def stated(probability: Floats, true: Bools, prior: Floats | None = None) -> Stated | None:
    """Calibration of probabilities (n,); None where there are none.

    Args:
        prior: stated before the evidence (n,); by default the share that is true.
    """
    if not probability.size:
        return None
    random = np.random.default_rng(0)
    drawn = [ece(probability, random.random(probability.size) < probability).ece for _ in range(DRAWS)]
    return Stated(ece(probability, true, prior=prior), float(np.mean(drawn)))


def likeliest(probability: Floats, device: Numbers) -> Bools:
    """One row of each device: its highest probability, the first of equals."""
    chosen = np.zeros(probability.size, dtype=bool)
    if not probability.size:
        return chosen
    order = np.argsort(device, kind="stable")  # at once where devices stand together already
    first = np.flatnonzero(np.append(True, np.diff(device[order]) != 0))
    length = np.diff(np.append(first, order.size))
    best = np.repeat(np.maximum.reduceat(probability[order], first), length)
    equals = np.flatnonzero(probability[order] == best)
    chosen[order[equals[np.searchsorted(equals, first)]]] = True
    return chosen


@dataclass(frozen=True, slots=True)
class Cost:
    """What weights cost, all pairs, both classes weighted equally.

    Attributes:
        cllr: log-likelihood-ratio cost in bits, with its interval from drawing devices.
        cllr_min: after the best monotone recalibration.
        loss: what calibration costs, Cllr − Cllr_min.
    """

    cllr: Interval
    cllr_min: float
    loss: float


def cost(bits: Floats, true: Bools, device: Numbers, resampling: Resampling | None = None) -> Cost | None:
    """Cost of weights (n,), with the interval of drawing whole devices; None where one class is empty.

    Args:
        device: number of each row's device, from 0 on.
    """
    if true.all() or not true.any():  # of none both hold
        return None
    settings = resampling or Resampling()
    lost = np.logaddexp2(0.0, np.where(true, -bits, bits))
    sums = np.array([np.bincount(device, lost * side) for side in (true, ~true)])
    counts = np.array([np.bincount(device, side) for side in (true, ~true)])
    random, size = np.random.default_rng(settings.seed), counts.shape[1]
    values = []
    for _ in range(settings.draws):
        drawn = np.bincount(random.integers(0, size, size), minlength=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            values.append(float(((sums @ drawn) / (counts @ drawn)).mean()))
    tail = (1 - settings.level) / 2
    low, high = np.nanquantile(values, [tail, 1 - tail])
    value, least = cllr(bits[true], bits[~true]), cllr_min(bits[true], bits[~true])
    return Cost(Interval(value, float(low), float(high)), least, value - least)
