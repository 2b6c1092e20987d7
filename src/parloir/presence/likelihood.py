"""What the weights of each prison's candidates say of how many are inside, if weights were off by so much.

If a share s of a prison's candidates is inside and others' weights spread as g, the weights w of all spread
as g · (1 − s + s · 2^(a + k·w)), where a and k are how far they are off. Nothing is assumed of g but that
2^(a + k·w) is 1 on average over it, as a likelihood ratio is. Maximised over all such g, the log likelihood
of s is Σ log(1 − s + s·t) less its maximum over s, where t = 2^(a + k·w) (empirical likelihood of a mixture
with an exponential tilt: J. Qin, Ann. Stat. 27 (1999) 1368–1384; A. B. Owen, Empirical Likelihood, 2001). The
maximum may lie below 0: then weights are lower than they would be if nobody were inside, and off by more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
LEAST, STEP, BINS = -32.0, 0.5, 129
"""Weights are counted in bins of so many bits."""
FINE, COARSE = 0.25, 0.5
"""Steps of log2 odds of the share, and of shifts."""
RAREST, COMMONEST = -15.0, 8.0
"""Log2 odds of the share; more than half is tried for the maximum alone."""
BELOW = 2.0 ** -np.arange(2, 16, 2)
"""Shares below 0 that are tried for the maximum."""


@dataclass(frozen=True)
class Grid:
    """Points at which the likelihood is computed.

    Attributes:
        slopes: (slopes,). shifts: (shifts,), bits.
        odds: log2 odds of the share, to one half, (shares,).
    """

    slopes: Floats
    shifts: Floats
    odds: Floats

    @classmethod
    def over(cls, slopes: Floats, farthest: float) -> Grid:
        """Shifts as far as that either way."""
        ends = np.ceil(farthest / COARSE) * COARSE
        return cls(slopes, np.arange(-ends, ends + 0.1, COARSE), np.arange(RAREST, 0.1, FINE))

    @property
    def sums(self) -> Floats:
        """Every sum of a shift and a share's odds, (sums,): a candidate's chance depends on it alone."""
        return np.arange(self.shifts[0] + RAREST, self.shifts[-1] + COMMONEST + 0.1, FINE)

    def places(self, odds: Floats) -> Numbers:
        """Where the sum of each shift and each of the odds stands among the sums, (shifts, odds)."""
        both = self.shifts[:, None] + odds
        return np.asarray(np.round((both - self.sums[0]) / FINE), dtype=np.int64)


@dataclass(frozen=True)
class Likelihood:
    """Of each slope, prison, shift and share.

    Attributes:
        log: shape (slopes, prisons, shifts, shares).
        empty: the same where nobody is inside, (slopes, prisons, shifts).
        chance: of a candidate at each sum to be inside, by bin, (slopes, sums, bins).
        mean, variance: of the number inside at each sum, (slopes, prisons, sums).
    """

    log: Floats
    empty: Floats
    chance: Floats
    mean: Floats
    variance: Floats


def bins() -> Floats:
    """Bits at the middle of each bin."""
    return np.asarray(LEAST + STEP * np.arange(BINS), dtype=np.float64)


def likelihood(counted: Floats, found: Floats, grid: Grid) -> Likelihood:
    """Of all points of a grid.

    Args:
        counted: candidates by prison and bin, (prisons, bins).
        found: the same of those found in the prison, as far as they count.
    """
    each = [_of_slope(counted, found, grid, float(slope)) for slope in grid.slopes]
    return Likelihood(*(np.stack(part) for part in zip(*each, strict=True)))


def _of_slope(counted: Floats, found: Floats, grid: Grid, slope: float) -> tuple[Floats, ...]:
    """One slope's part of each array of the likelihood."""
    odds = grid.sums[:, None] + slope * bins()
    chance = 1.0 / (1.0 + np.exp2(-np.clip(odds, -300.0, 300.0)))
    mean, variance = counted @ chance.T, counted @ (chance * (1.0 - chance)).T
    every = np.arange(RAREST, COMMONEST + 0.1, FINE)
    log = (counted @ (np.log(2.0) * np.logaddexp2(0.0, odds)).T)[:, grid.places(every)]
    log -= (counted.sum(axis=1)[:, None] * np.log1p(np.exp2(every)))[:, None, :]
    most = np.maximum(log.max(axis=2), _below(counted, grid, slope))
    told = found @ np.log(chance).T - found.sum(axis=1)[:, None] * np.log(np.maximum(mean, 1e-9))
    log = log[:, :, : grid.odds.size] - most[:, :, None] + told[:, grid.places(grid.odds)]
    empty = np.where(found.sum(axis=1)[:, None] > 0.0, -np.inf, -most)
    return log, empty, chance, mean, variance


def _below(counted: Floats, grid: Grid, slope: float) -> Floats:
    """The greatest log likelihood of a share of 0 or below, (prisons, shifts)."""
    ratio = np.exp2(np.clip(grid.shifts[:, None] + slope * bins(), -200.0, 60.0)) - 1.0
    left = 1.0 - BELOW[:, None, None] * ratio
    log = np.where(left > 0.0, np.log(np.maximum(left, 1e-300)), -1e6).reshape(-1, BINS)
    tried = (counted @ log.T).reshape(counted.shape[0], BELOW.size, grid.shifts.size)
    return np.asarray(np.maximum(tried.max(axis=1), 0.0), dtype=np.float64)
