"""Where the stays of inmates in one prison begin and end, transfers within it left out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US

Integers = npt.NDArray[np.int64]


def edges(inmate: Integers, edge: Integers, other: Integers) -> Integers:
    """`edge` where no `other` edge of the same inmate lies within a day of it, else 0.

    Args:
        inmate: of each stay.
        edge: its start (or end), microseconds UTC.
        other: its end (or start).
    """
    order = np.lexsort((other, inmate))
    result = edge.copy()
    # One sort key a row: inmate, then time, so that a binary search answers for all rows at once.
    low, high = _key_range(inmate[order], other[order], inmate, edge)
    result[high > low] = 0
    return result


def _key_range(
    inmate: Integers, moments: Integers, wanted: Integers, edge: Integers
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Range of rows of the wanted inmate whose moment lies within a day of the edge."""
    width = 1 << 41  # more days-in-seconds than any register spans
    scaled = inmate * width + np.clip(moments // 1_000_000, 0, width - 1)
    target = wanted * width + np.clip(edge // 1_000_000, 0, width - 1)
    day = DAY_US // 1_000_000
    low = np.maximum(target - day, wanted * width)
    high = np.minimum(target + day, (wanted + 1) * width - 1)
    return np.searchsorted(scaled, low), np.searchsorted(scaled, high, "right")
