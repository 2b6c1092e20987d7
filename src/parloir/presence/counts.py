"""How many handsets live in each prison, with an interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import norm

from parloir.presence.belief import Belief
from parloir.tables.schema import INTEGER, REAL, TEXT, Column, arrow_schema

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

COUNTS = (
    Column("prison", TEXT, "prison"),
    Column("expected", REAL, "expected number of handsets used inside during the period, 1e-3 steps"),
    Column("low", REAL, "lower end of the 95% interval, a whole number"),
    Column("high", REAL, "upper end of the 95% interval, a whole number"),
    Column("candidates", INTEGER, "handsets that passed the prefilter at this prison"),
)
TAIL = 0.025
MISSED = 0.5
"""Variance for what the prefilter may have missed, handsets squared."""


def counts(prisons: list[str], prison: Numbers, chance: Floats, belief: Belief) -> pa.Table:
    """Counts by prison, schema `COUNTS`.

    Args:
        prisons: identifiers, sorted.
        prison: index of each handset's prison, shape (n,).
        chance: its probability to be inside, shape (n,).
        belief: what is not known of the weights, and of how many there are, in terms of candidates.
    """
    n = len(prisons)
    expected = np.bincount(prison, chance, minlength=n)
    low, high = intervals(belief)
    scale = expected / np.maximum(belief.count, 1e-9)
    columns = {
        "prison": prisons,
        "expected": np.round(expected, 3),
        "low": np.minimum(_whole(low * scale), np.floor(expected)),
        "high": np.maximum(_whole(high * scale), np.ceil(expected)),
        "candidates": np.bincount(prison, minlength=n),
    }
    return pa.table(columns, schema=arrow_schema(COUNTS))


def intervals(belief: Belief) -> tuple[Floats, Floats]:
    """Quantiles of each prison's count, 2.5% and 97.5%, shape (prisons,), of the mixture of normal ones."""
    deviation = np.sqrt(belief.variance + MISSED)
    ends = []
    for tail in (TAIL, 1.0 - TAIL):
        low = np.full(belief.mean.shape[0], norm.ppf(tail) * MISSED**0.5 - 1.0)
        high = (belief.mean + 3.0 * deviation).max(axis=1)
        for _ in range(40):  # halving
            middle = 0.5 * (low + high)
            below = (belief.mass * ndtr((middle[:, None] - belief.mean) / deviation)).sum(axis=1)
            low, high = np.where(below < tail, middle, low), np.where(below < tail, high, middle)
        ends.append(np.maximum(high, 0.0))
    return ends[0], ends[1]


def _whole(quantile: Floats) -> Floats:
    """The whole number of which half a unit either way holds it."""
    return np.asarray(np.maximum(np.ceil(quantile - 0.5), 0.0), dtype=np.float64)
