"""The random share: a stratified draw whose probabilities are known, positive and logged.

Without it only prison cells that already look rich are searched, and nothing would ever show that the
weights overlook some. Source of the weighting: Horvitz and Thompson 1952; of the sample size: Kish 1965.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

CLIP = 0.001
"""Weights take propensities below this as this: one rare draw must not outweigh a hundred others."""


@dataclass(frozen=True)
class Draw:
    """How many prison cells are drawn in each prison.

    Attributes:
        quotas: expected number by prison; their sum is `size`.
        counts: the number drawn this time, the quota rounded down or up.
        seed: of the draw.
    """

    quotas: Mapping[str, float]
    counts: Mapping[str, int]
    seed: int

    @property
    def size(self) -> int:
        """Prison cells drawn in all."""
        return sum(self.counts.values())

    def left(self, prison: str, most: int) -> int:
        """Searches left for the top; the same whatever the draw, so that propensities are known."""
        return most - math.ceil(self.quotas.get(prison, 0.0) - 1e-9)

    def choose(self, rest: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
        """Draw uniformly in each prison from the prison cells that are not its top.

        Returns:
            The rows drawn, each with its `propensity`: quota over the prison cells it was drawn from.
        """
        drawn = []
        for place, prison in enumerate(sorted(self.counts)):
            rows, generator = rest[prison], np.random.default_rng((self.seed, 1, place))
            chosen = sorted(generator.choice(len(rows), self.counts[prison], replace=False))
            drawn += [{**rows[i], "propensity": min(1.0, self.quotas[prison] / len(rows))} for i in chosen]
        return drawn


def draw_at_random(most: Mapping[str, int], searches: int, share: float, seed: int) -> Draw:
    """Share out the random searches in proportion to what each prison can do.

    Counts come from one systematic sample, so each prison's expected count is exactly its quota.

    Args:
        most: searches possible by prison.
        searches: ordered in all.
        share: of them at random.
        seed: of the draw.
    """
    prisons = sorted(p for p in most if most[p] > 0)
    total = sum(most[p] for p in prisons)
    size = round(share * min(searches, total))
    if not size:
        return Draw({}, {}, seed)
    quotas = np.array([most[p] for p in prisons]) * (size / total)
    start = np.random.default_rng((seed, 0)).random()
    steps = np.floor(np.concatenate([[0.0], np.cumsum(quotas)]) + start + 1e-9).astype(int)
    steps[-1] = steps[0] + size
    counts = np.diff(steps)
    return Draw(
        dict(zip(prisons, quotas.tolist(), strict=True)),
        dict(zip(prisons, counts.tolist(), strict=True)),
        seed,
    )


def inverse_propensities(propensities: Sequence[float], clip: float = CLIP) -> npt.NDArray[np.float64]:
    """Weights 1 / max(propensity, clip)."""
    return 1.0 / np.maximum(np.asarray(propensities, dtype=np.float64), clip)


def effective_sample_size(propensities: Sequence[float], clip: float = CLIP) -> float:
    """(Σw)² / Σw² of the clipped inverse propensities; 0 for no row."""
    weights = inverse_propensities(propensities, clip)
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.size else 0.0
