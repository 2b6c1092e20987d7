"""How rare the value is that two records agree on: a rare name weighs more than a common one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from parloir.identities.comparisons import Comparison

pc: Any = pyarrow.compute
MOST = 8.0
"""Bits that rarity may add or take away in one comparison."""


def shares(records: pa.Table, comparisons: Sequence[Comparison]) -> dict[str, npt.NDArray[np.float64]]:
    """For each column that has a frequency: each record's share of the records with its value; 1 where
    null."""
    found = {}
    for column in sorted({c.value for c in comparisons if c.value}):
        encoded = pc.dictionary_encode(records[column].combine_chunks())
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        counts = np.bincount(codes[codes >= 0], minlength=len(encoded.dictionary) + 1)
        share = counts / max(counts.sum(), 1)
        found[column] = np.where(codes >= 0, share[codes], 1.0)
    return found


def rarity(
    levels: npt.NDArray[np.int8],
    pairs: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    comparisons: Sequence[Comparison],
    of: dict[str, npt.NDArray[np.float64]],
) -> npt.NDArray[np.float32]:
    """Bits to add for each pair and comparison: log2(mean chance of such an agreement / chance for this
    value).

    The mean over pairs that agree by chance, each value weighted by its square, is the sum of squared
    shares; the commoner of two values counts where they differ.
    """
    left, right = pairs
    bits = np.zeros(levels.shape, np.float32)
    for k, comparison in enumerate(comparisons):
        weight = np.asarray([level.rarity for level in comparison.levels])
        if not comparison.value or not weight.any():
            continue
        share = of[comparison.value]
        said = share < 1.0
        mean = (
            share[said].mean() if said.any() else 1.0
        )  # the mean over records is the sum of squares over values
        here = np.maximum(share[left], share[right])
        added = np.clip(np.log2(mean / here), -MOST, MOST)
        level = levels[:, k]
        bits[:, k] = np.where(level >= 0, weight[level.astype(np.intp)] * added, 0.0)
    return bits
