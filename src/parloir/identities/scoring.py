"""From levels to weights: one pure function of stored levels and rounded parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.identities import model as models
from parloir.identities.learning import Compared, Integers
from parloir.identities.levels import Comparison
from parloir.identities.model import Evidence, Levels, Model
from parloir.weights.bits import to_millibits

Millibits = npt.NDArray[np.int64]
CHUNK = 250_000
"""Pairs weighed at a time."""
BARS = ("alternative", "pseudonym")
"""Parts of a weight that belong to no field."""


@dataclass(frozen=True)
class Scored:
    """Pairs that reached the threshold, in the order of `Compared`.

    Attributes:
        rows: their places there.
        parts: millibits of each comparison, then of each of `BARS`; shape (pairs, comparisons + 2).
        relatives: P(relatives | levels, two people); shape (pairs,).
    """

    rows: npt.NDArray[np.intp]
    parts: Millibits
    relatives: npt.NDArray[np.float64]

    @property
    def total(self) -> Millibits:
        """The weight of each pair: the sum of its parts."""
        summed: Millibits = self.parts.sum(axis=1)
        return summed


def weigh_levels(
    model: Model, comparisons: tuple[Comparison, ...], seen: Evidence
) -> tuple[Millibits, npt.NDArray[np.float64]]:
    """Millibits of each part of each pair's weight, and P(relatives | levels, two people)."""
    bits = models.bits(model, comparisons, seen)
    bars = np.stack([bits.alternative, bits.pseudonym], axis=1)
    return to_millibits(np.concatenate([bits.fields, bars], axis=1)), bits.relatives


def probability(model: Model, millibits: Millibits) -> npt.NDArray[np.float64]:
    """Posterior of one person, from the prior learnt, in steps of 1e-6."""
    prior = models.prior(model)
    log_odds = millibits / 1000.0 + np.log2(prior / (1.0 - prior))
    stated: npt.NDArray[np.float64] = np.round(1.0 / (1.0 + np.exp2(-np.clip(log_odds, -60, 60))), 6)
    return stated


def score(model: Model, comparisons: tuple[Comparison, ...], pairs: Compared, threshold: float) -> Scored:
    """Weigh all pairs and keep those of at least a probability."""
    rows, parts, relatives = [], [], []
    for begin in range(0, len(pairs.levels), CHUNK):
        here = slice(begin, begin + CHUNK)
        seen = pairs.evidence(here, comparisons, 1.0, maybe=True)
        weighed, kin = weigh_levels(model, comparisons, seen)
        # A pair of which nothing is said has the prior for its probability, and is no finding.
        likely = probability(model, weighed.sum(axis=1)) >= threshold
        kept = np.flatnonzero(likely & (seen.levels >= 0).any(axis=1))
        rows.append(kept + begin)
        parts.append(weighed[kept])
        relatives.append(kin[kept])
    if not rows:
        return Scored(
            np.zeros(0, np.intp), np.zeros((0, len(comparisons) + len(BARS)), np.int64), np.zeros(0)
        )
    return Scored(np.concatenate(rows), np.concatenate(parts), np.concatenate(relatives))


def levels_in_words(comparison: Comparison, levels: Levels) -> pa.Array[Any]:
    """The stored name of each level; null where nothing is said."""
    names: Any = pa.array([*(level.name for level in comparison.levels), None], pa.string())
    found: pa.Array[Any] = names.take(
        pa.array(np.where(levels < 0, len(comparison.levels), levels).astype(np.int64))
    )
    return found


def ends(pairs: Compared, scored: Scored) -> tuple[Integers, Integers]:
    """Record numbers of the pairs kept."""
    return pairs.left[scored.rows], pairs.right[scored.rows]
