"""Two IMEIs that behave as one handset: a device with two SIM slots has two IMEIs and is counted once.

Only handsets that may be inside the same prison are compared. What unrelated pairs look like is counted among
all pairs of the same prison; what one handset's two IMEIs look like is assumed (`SAME`), for hardly any
seizure report names both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.weights.bits import probability

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
SERIALS = 1_000_000
LINKED = 0.9
"""Posterior above which two IMEIs are counted as one handset."""
TURNS = 5
"""Rounds of telling related pairs from unrelated ones; they settle in three."""
TWO_IMEIS = 0.3
"""Share of handsets with two active IMEIs; assumed."""


@dataclass(frozen=True)
class Trait:
    """One thing compared: its levels, their upper ends, and P(level | one handset), assumed."""

    kind: str
    levels: tuple[str, ...]
    ends: tuple[float, ...]
    same: tuple[float, ...]


SAME = (
    Trait(
        "imei",
        ("serial numbers follow each other", "same run", "same type", "different types"),
        (2.5, 1_000.5, float(SERIALS)),
        (0.70, 0.07, 0.08, 0.15),
    ),
    Trait(
        "hours together",
        ("under 2%", "2 to 10%", "10 to 25%", "25 to 45%", "45% and more"),
        (0.02, 0.10, 0.25, 0.45),
        (0.05, 0.13, 0.27, 0.30, 0.25),
    ),
    Trait(
        "numbers together",
        ("none", "up to 15%", "up to 40%", "over 40%"),
        (1e-9, 0.15, 0.40),
        (0.3, 0.2, 0.25, 0.25),
    ),
    Trait(
        "days together",
        ("under 30%", "30 to 60%", "60 to 85%", "85% and more"),
        (0.3, 0.6, 0.85),
        (0.04, 0.16, 0.35, 0.45),
    ),
)
"""`days together` and the other shares are of the handset that has fewer."""


@dataclass(frozen=True)
class Behaviour:
    """What is compared of n handsets of one prison.

    Attributes:
        imei14: shape (n,).
        hours: whether it had a record in each hour of the period, shape (n, hours).
        numbers: whether it communicated with each number, shape (n, numbers).
    """

    imei14: Numbers
    hours: NDArray[np.bool_]
    numbers: NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Compared pairs, arrays of one length.

    Attributes:
        first, second: indexes into the handsets compared, first below second.
        levels: level of each trait, shape (n, traits).
        bits: weight of each trait, shape (n, traits).
        probability: that the two are one handset.
    """

    first: Numbers
    second: Numbers
    levels: Numbers
    bits: Floats
    probability: Floats


def compare(groups: list[Behaviour]) -> list[Pairs]:
    """Weigh all pairs within each prison.

    What unrelated pairs look like is counted over all prisons together, each pair with its chance of being
    unrelated: else the pairs that are one handset would speak against themselves.
    """
    if not groups:
        return []
    codes = [_levels(group) for group in groups]
    whole = np.concatenate([code for _, _, code in codes])
    sizes = [group.imei14.size for group in groups]
    prior = np.repeat(
        [min(0.5, TWO_IMEIS / max(size - 1, 1)) for size in sizes], [len(code) for _, _, code in codes]
    )
    chance = np.zeros(len(whole))
    for _ in range(TURNS):
        tables = [_weights(trait, whole[:, place], 1.0 - chance) for place, trait in enumerate(SAME)]
        bits = np.stack([tables[k][whole[:, k]] for k in range(len(SAME))], axis=1)
        chance = probability(prior, bits.sum(axis=1))
    ends = np.cumsum([len(code) for _, _, code in codes])[:-1]
    parts = zip(codes, np.split(bits, ends), np.split(chance, ends), strict=True)
    return [Pairs(first, second, code, own, sure) for (first, second, code), own, sure in parts]


def mutual(pairs: Pairs) -> list[int]:
    """Indexes of linked pairs, best first, no handset in two: pairs never become chains."""
    taken: set[int] = set()
    linked = []
    for at in np.argsort(-pairs.bits.sum(axis=1), kind="stable"):
        both = {int(pairs.first[at]), int(pairs.second[at])}
        if pairs.probability[at] >= LINKED and not both & taken:
            taken |= both
            linked.append(int(at))
    return linked


def _levels(group: Behaviour) -> tuple[Numbers, Numbers, Numbers]:
    first, second = (one.astype(np.int64) for one in np.triu_indices(group.imei14.size, 1))
    days = np.asarray(group.hours.reshape(len(group.hours), -1, 24).any(axis=2), dtype=np.bool_)
    apart = np.abs(group.imei14[first] - group.imei14[second]).astype(np.float64)
    same_type = group.imei14[first] // SERIALS == group.imei14[second] // SERIALS
    values = (
        np.where(same_type, apart, 2.0 * SERIALS),
        _overlap(group.hours)[first, second],
        _overlap(group.numbers)[first, second],
        _overlap(days)[first, second],
    )
    codes = [np.digitize(value, trait.ends) for trait, value in zip(SAME, values, strict=True)]
    return first, second, np.stack(codes, axis=1).astype(np.int64)


def _overlap(has: NDArray[np.bool_]) -> Floats:
    """Share in common, of the one that has fewer; 0 where it has none."""
    if not has.shape[1]:
        return np.zeros((len(has), len(has)))
    dense = has.astype(np.float32)
    own = dense.sum(axis=1)
    fewer = np.minimum(own[:, None], own[None, :])
    return np.asarray((dense @ dense.T) / np.maximum(fewer, 1.0), dtype=np.float64)


def _weights(trait: Trait, codes: Numbers, unrelated: Floats) -> Floats:
    """Bits of each level: assumed for one handset, counted (plus one case as assumed flat) for two."""
    flat = np.full(len(trait.levels), 1.0 / len(trait.levels))
    counts = np.bincount(codes, unrelated, minlength=len(trait.levels)) + flat
    bits = np.log2(np.array(trait.same)) - np.log2(counts / counts.sum())
    return np.asarray(np.round(bits, 6), dtype=np.float64)
