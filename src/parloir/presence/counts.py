"""How many handsets live in each prison, with an interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import norm

from parloir.presence.posterior import Belief
from parloir.tables.schema import INTEGER, REAL, TEXT, Column, arrow_schema

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

COUNTS = (
    Column("prison", TEXT, "prison"),
    Column("expected", REAL, "expected number of handsets used inside during the period, 1e-3 steps"),
    Column("low", REAL, "lower end of the 95% interval"),
    Column("high", REAL, "upper end of the 95% interval"),
    Column("candidates", INTEGER, "handsets that passed the prefilter at this prison"),
)
TAIL = 0.025
MISSED = 0.5
"""Variance for what the prefilter may have missed, handsets squared."""


def counts(prisons: list[str], prison: Numbers, chance: Floats, belief: Belief, spread: float) -> pa.Table:
    """Counts by prison, schema `COUNTS`.

    Args:
        prisons: identifiers, sorted.
        prison: index of each handset's prison, shape (n,).
        chance: its probability to be inside, shape (n,).
        belief: what is not known of the weights, and of how many there are, in terms of candidates.
        spread: by which true counts were met to differ between prisons besides, as a share.
    """
    n = len(prisons)
    expected = np.bincount(prison, chance, minlength=n)
    low, high = intervals(belief, spread)
    scale = expected / np.maximum(belief.mass @ belief.mean, 1e-9)
    columns = {
        "prison": prisons,
        "expected": np.round(expected, 3),
        "low": np.round(np.minimum(low * scale, expected), 3),
        "high": np.round(np.maximum(high * scale, expected), 3),
        "candidates": np.bincount(prison, minlength=n),
    }
    return pa.table(columns, schema=arrow_schema(COUNTS))


def intervals(belief: Belief, spread: float) -> tuple[Floats, Floats]:
    """Ends of the 95% interval of each prison's count, shape (prisons,), from the mixture of normal ones."""
    deviation = np.sqrt(belief.variance + MISSED + (spread * belief.mean) ** 2)
    ends = []
    for tail in (TAIL, 1.0 - TAIL):
        far = norm.ppf(tail)
        low = np.minimum(belief.mean + far * deviation, 0.0).min(axis=0) - 1.0
        high = (belief.mean + 3.0 * deviation).max(axis=0)
        for _ in range(40):  # halving
            middle = 0.5 * (low + high)
            below = belief.mass @ norm.cdf((middle - belief.mean) / deviation)
            low, high = np.where(below < tail, middle, low), np.where(below < tail, high, middle)
        ends.append(np.maximum(high, 0.0))
    return ends[0], ends[1]
