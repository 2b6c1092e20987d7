"""Learning the model from the records themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parloir.identities import model as models
from parloir.identities.blocking import Ends
from parloir.identities.comparing import compare
from parloir.identities.frequencies import rarity
from parloir.identities.levels import Comparison
from parloir.identities.maximising import maximise
from parloir.identities.model import Evidence, Levels, Model
from parloir.identities.preparing import Prepared
from parloir.identities.remembering import Memory

Integers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
LEARN_FROM = 400_000
"""Compared pairs that learning looks at, at most."""
SAMPLE = 100_000
"""Pairs drawn at random from those that were not compared."""
LIKELIEST = 0.3
"""Highest prior that learning starts from: in tiny files half of all pairs could be expected to match."""


@dataclass(frozen=True)
class Compared:
    """Pairs with their levels.

    Attributes:
        left, right: record numbers, shape (pairs,).
        levels: shape (pairs, comparisons).
        shares: column → each record's share of the records with its value.
    """

    left: Integers
    right: Integers
    levels: Levels
    shares: dict[str, Floats]

    def evidence(self, rows: Any, comparisons: tuple[Comparison, ...], mass: float, maybe: bool) -> Evidence:
        """Some rows as evidence, each standing for `mass` pairs."""
        levels = self.levels[rows]
        rare = rarity(levels, (self.left[rows], self.right[rows]), comparisons, self.shares)
        return Evidence(levels, rare, np.full(len(levels), mass), np.full(len(levels), maybe))


def compared(
    ready: Prepared, ends: Ends, shares: dict[str, Floats], seed: int | None, kept: Memory | None = None
) -> tuple[Compared, Compared | None]:
    """The pairs to compare, compared; and with a seed, a sample of all others."""
    levels_of = kept.compare if kept else compare
    others = _others(ready, ends, np.random.default_rng(seed)) if seed is not None else None
    all_ends = [np.concatenate(both) for both in zip(ends, others, strict=True)] if others else ends
    levels = levels_of(ready.connection, (all_ends[0], all_ends[1]), ready.comparisons, ready.names)
    count = len(ends[0])
    sampled = Compared(*others, levels[count:], shares) if others else None
    return Compared(*ends, levels[:count], shares), sampled


def learn(ready: Prepared, pairs: Compared, others: Compared | None, expected: float, seed: int) -> Model:
    """Learn from the compared pairs and, where not all were compared, from a sample of the others.

    Args:
        ready: the records.
        pairs: what was compared.
        others: the sample.
        expected: share of the smaller file's records that the other is expected to hold.
        seed: of the samples.
    """
    random = np.random.default_rng(seed)
    count = len(pairs.levels)
    rows = np.arange(count)
    if count > LEARN_FROM:
        rows = np.sort(random.choice(count, LEARN_FROM, replace=False))
    parts = [pairs.evidence(rows, ready.comparisons, count / max(len(rows), 1), maybe=True)]
    if others and count < ready.all_pairs:
        mass = (ready.all_pairs - count) / max(len(others.levels), 1)
        parts.append(others.evidence(slice(None), ready.comparisons, mass, maybe=False))
    seen = models.condensed(models.joined(parts))
    strangers = {c.name: _chances(seen, k, c) for k, c in enumerate(ready.comparisons)}
    prior = min(expected * ready.smaller / max(ready.all_pairs, 1), LIKELIEST)
    return maximise(models.start(ready.comparisons, strangers, prior), ready.comparisons, seen)


def _others(ready: Prepared, ends: Ends, random: np.random.Generator) -> Ends | None:
    """Pairs at random that are not compared: they stand for all the others, if there are others."""
    if len(ends[0]) >= ready.all_pairs:
        return None
    left, right = ready.sizes
    one = random.integers(0, left, SAMPLE)
    other = random.integers(0, right or left, SAMPLE) + (left if right else 0)
    drawn = np.unique(_keys(np.minimum(one, other), np.maximum(one, other))[one != other])
    drawn = drawn[~np.isin(drawn, _keys(*ends), assume_unique=True)]
    return (drawn >> 32).astype(np.int32), (drawn & 0xFFFFFFFF).astype(np.int32)


def _keys(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """One number for each pair."""
    keys: npt.NDArray[np.int64] = (left.astype(np.int64) << 32) | right
    return keys


def _chances(seen: Evidence, k: int, comparison: Comparison) -> Floats:
    """Frequency of each level over all pairs, drawn towards what is expected."""
    counts = np.asarray([level.chance for level in comparison.levels]) * comparison.firmness
    level = seen.levels[:, k]
    said = level >= 0
    counts += np.bincount(level[said].astype(np.intp), weights=seen.mass[said], minlength=len(counts))
    chances: Floats = counts / counts.sum()
    return chances
