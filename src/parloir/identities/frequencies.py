"""How rare the value is that two records agree on: a rare name weighs more than a common one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from parloir.identities.levels import Comparison

pc: Any = pyarrow.compute
MOST = 8.0
"""Bits that rarity may add or take away in one comparison."""


_FACING = {"given": "family", "family": "given", "given_key": "family_key", "family_key": "given_key"}
"""The column that a name stands against where given and family name are in each other's place."""


def shares(
    comparisons: Sequence[Comparison], columns: Callable[[Sequence[str]], pa.Table]
) -> dict[str, npt.NDArray[np.float64]]:
    """For each column that has a frequency: each record's share of the records with its value; 1 where
    null.

    Args:
        comparisons: what is compared.
        columns: gives columns of the records by name; asked for one at a time.
    """
    found = {}
    for column in sorted({name for c in comparisons for name in (c.value, c.sound) if name}):
        values: Any = columns([column])[column].combine_chunks()
        if pa.types.is_list(values.type):
            found[column] = _commonest(values)
            continue
        encoded = pc.dictionary_encode(values)
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        counts = np.bincount(codes[codes >= 0], minlength=len(encoded.dictionary) + 1)
        share = counts / max(counts.sum(), 1)
        found[column] = np.where(codes >= 0, share[codes], 1.0)
    return found


def _commonest(lists: Any) -> npt.NDArray[np.float64]:
    """Of several values, the share of the commonest: two records may agree on that one."""
    encoded = pc.dictionary_encode(pc.list_flatten(lists))
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    share = np.bincount(codes, minlength=1) / max(len(lists) - lists.null_count, 1)
    found = np.zeros(len(lists))
    np.maximum.at(found, pc.list_parent_indices(lists).to_numpy(), share[codes])
    return np.where(found > 0, found, 1.0)


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
    swapped = np.zeros(len(left), bool)
    for k, comparison in enumerate(comparisons):
        if comparison.name == "name_order":
            swapped = levels[:, k] > 0
    bits = np.zeros(levels.shape, np.float32)
    for k, comparison in enumerate(comparisons):
        level = levels[:, k]
        weight = np.asarray([level.rarity for level in comparison.levels])
        if not comparison.value or not weight.any():
            continue
        added = _added(comparison.value, (left, right), of, swapped)
        if comparison.sound:
            spelling = level == [one.name for one in comparison.levels].index("spelling")
            added = np.where(spelling, _added(comparison.sound, (left, right), of, swapped), added)
        bits[:, k] = np.where(level >= 0, weight[level.astype(np.intp)] * added, 0.0)
    return bits


def _added(
    column: str,
    pairs: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    of: dict[str, npt.NDArray[np.float64]],
    swapped: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """Bits of a value's rarity, by the commoner of the two values."""
    left, right = pairs
    share = of[column]
    said = share < 1.0
    # The mean over records is the sum of squares over values.
    mean = share[said].mean() if said.any() else 1.0
    facing = of.get(_FACING.get(column, column), share)
    here = np.maximum(share[left], np.where(swapped, facing[right], share[right]))
    return np.asarray(np.clip(np.log2(mean / here), -MOST, MOST), np.float64)
