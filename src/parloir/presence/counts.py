"""How many handsets live in each prison, with an interval."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

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
NORMAL_95 = 1.959964


def counts(prisons: list[str], prison: Numbers, chance: Floats, spread: float) -> pa.Table:
    """Counts by prison, schema `COUNTS`.

    The interval is log-normal: the variance that the posteriors leave open, half a handset for what the
    prefilter may have missed, and `spread`, by which true counts were met to differ between prisons.

    Args:
        prisons: identifiers, sorted.
        prison: index of each handset's prison, shape (n,).
        chance: its probability to be inside, shape (n,).
        spread: standard deviation on the logarithm.
    """
    n = len(prisons)
    expected = np.bincount(prison, chance, minlength=n)
    variance = np.bincount(prison, chance * (1.0 - chance), minlength=n) + 0.5
    deviation = np.sqrt(variance / np.maximum(expected, 0.5) ** 2 + spread**2)
    factor = np.exp(NORMAL_95 * deviation)
    columns = {
        "prison": prisons,
        "expected": np.round(expected, 3),
        "low": np.round(expected / factor, 3),
        "high": np.round(np.maximum(expected, 0.5) * factor, 3),
        "candidates": np.bincount(prison, minlength=n),
    }
    return pa.table(columns, schema=arrow_schema(COUNTS))
