"""From weights to probabilities: prisons of one site compete, each prison's share inside is estimated.

Weights that were fitted on some worlds are off in another one: all too low or too high by some bits, and
too flat or too steep. How far was met when worlds were left out of the fit (`OFF`, `STEEP`). What is held
true of a case is therefore an average: over shifts and slopes of the weights, and over how many handsets
there are for each inmate. Given a shift and a slope the weights themselves tell how many handsets fit them;
that number must be one that prisons have (`PER_INMATE`, `FOLD`). So a case with nobody inside ends low, one
whose weights are all too low is raised, and the interval of a count holds what is not known of either.

Handsets found in the prison say more. They are some of those inside, and what is held of the weights says
how the weights of those inside spread: where it says otherwise than the found ones' do, it is held less
(positive and unlabelled cases: C. Elkan, K. Noto, Proc. KDD 2008, 213–220).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
PER_INMATE = 0.1
"""Active IMEIs expected for each inmate; 5% (IFT, Mexico, 2018) to 22% (seizures in France) were found."""
MOST_PER_INMATE = 0.5
"""Nobody has found more than 22%; two IMEIs in some handsets, and twice as much for error."""
INMATES = 300.0
"""Where the register tells neither inmates nor places."""
MOST = 0.3
"""Of the candidates no more than so many are expected inside."""
FOLD = 1.0
"""Standard deviation of log2 of the handsets for each inmate, between cases; finds lie within it."""
OFF = 1.3
"""Standard deviation of the shift of all weights of a case, bits: 1.0 between drawn worlds left out of the
fit (`Parameters.apart`), and somewhat more where nothing was drawn."""
STEEP = 0.25
"""The same of log2 of their slope, as it was between drawn worlds left out."""
PRISON = 6.0
"""Handsets that the case's rate is worth in each of its prisons."""
FAIR, FOUND = 0.5, 20.0
"""So much of a handset drawn at random from those inside a found one counts as, and so many at most all of
them: searches favour some places and some kinds of handsets, and finds resemble each other."""
SHIFTS, SLOPES, FOLDS = np.linspace(-2.0, 2.0, 9), np.array([-1.2, 0.0, 1.2]), np.linspace(-2.5, 2.5, 13)
"""Points averaged over, in standard deviations."""
STEPS = 8
LEAST, STEP, BINS = -32.0, 0.5, 129
"""Weights are counted in bins of so many bits."""


@dataclass(frozen=True)
class Placed:
    """Candidates by prison.

    Attributes:
        stint, prison: shape (n,), sorted by stint.
        known: whether found in that prison, shape (n,).
        expected: as `expected_inside` gives them, shape (prisons,).
    """

    stint: Numbers
    prison: Numbers
    known: Booleans
    expected: Floats


@dataclass(frozen=True)
class Belief:
    """What is held true of a case.

    Attributes:
        odds: log2 odds of being inside, less the weight, at the ends of the bins, shape (prisons, bins).
        mass: probability of each point averaged over, shape (points,).
        mean, variance: of each prison's count at each point, shape (points, prisons).
    """

    odds: Floats
    mass: Floats
    mean: Floats
    variance: Floats


def expected_inside(prisons: pa.Table, prison: Numbers) -> Floats:
    """Handsets expected inside each prison (prisons,), before any weight; 0 where there is no candidate.

    Args:
        prisons: canonical.
        prison: of each candidate, shape (n,).
    """
    rows = prisons.select(["inmates", "capacity"]).to_pylist()
    inmates = np.array([row["inmates"] or row["capacity"] or INMATES for row in rows], dtype=np.float64)
    return np.asarray(np.minimum(PER_INMATE * inmates, MOST * np.bincount(prison, minlength=len(rows))))


def posterior(placed: Placed, bits: Floats) -> tuple[Floats, Floats]:
    """P(inside this prison) of every candidate (n,), and the share of each prison's candidates (prisons,).

    Args:
        placed: candidates.
        bits: unbounded weights against the alternative, shape (n,).
    """
    prison, prisons = placed.prison, placed.expected.size
    if not prison.size:
        return np.zeros(0), np.zeros(prisons)
    chance = _competing(placed.stint, bits + _added(believed(placed, bits).odds, prison, bits))
    many = np.maximum(np.bincount(prison, minlength=prisons), 1)
    share = np.bincount(prison, chance, minlength=prisons) / many
    return chance, np.asarray(np.clip(share, 1e-6, 0.5), dtype=np.float64)


def believed(placed: Placed, bits: Floats) -> Belief:
    """Average over shifts, slopes and rates; arguments as of `posterior`."""
    counted = _by_bin(placed, bits, np.ones(bits.size))
    found = _by_bin(placed, bits, placed.known)
    found *= min(FAIR, FOUND / max(float(found.sum()), 1.0))
    grid = [(shift, slope) for slope in SLOPES for shift in SHIFTS]
    points = [_points((counted, found), placed.expected, shift, slope) for shift, slope in grid]
    logs = np.concatenate([one[0] for one in points])
    mass = np.exp(logs - logs.max())
    mass /= mass.sum()
    chance = sum(
        np.tensordot(part, one[3], 1) for part, one in zip(np.split(mass, len(points)), points, strict=True)
    )
    chance = np.clip(np.asarray(chance), 1e-9, 1.0 - 1e-9)
    odds = np.asarray(np.log2(chance / (1.0 - chance)) - _bins(), dtype=np.float64)
    mean, variance = (np.concatenate([one[place] for one in points]) for place in (1, 2))
    return Belief(odds, mass, mean, variance)


def _by_bin(placed: Placed, bits: Floats, mass: Floats | Booleans) -> Floats:
    """Candidates, each by its mass, by prison and bin of weights."""
    place = np.clip(np.round((bits - LEAST) / STEP), 0, BINS - 1).astype(np.int64)
    prisons = placed.expected.size
    counted = np.bincount(placed.prison * BINS + place, mass, minlength=prisons * BINS)
    return np.asarray(counted.reshape(prisons, BINS), dtype=np.float64)


def _bins() -> Floats:
    return np.asarray(LEAST + STEP * np.arange(BINS), dtype=np.float64)


def _points(
    of: tuple[Floats, Floats], expected: Floats, shift: float, slope: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """For each rate: log of its mass, means and variances of the counts, chance of each prison's bins.

    Args:
        of: all candidates, and found ones, by prison and bin.
        expected: by prison.
        shift, slope: in standard deviations.
    """
    counted, found = of
    weights = 2.0 ** (STEEP * slope) * _bins() + OFF * shift
    many = np.maximum(counted.sum(axis=1), 1.0)
    rate = np.minimum(expected * 2.0 ** (FOLD * FOLDS[:, None]), 0.6 * many)
    most = np.minimum(expected * MOST_PER_INMATE / PER_INMATE, 0.5 * many)
    own = rate
    for _ in range(STEPS):
        factor = (own + PRISON) / (rate + PRISON)
        share = np.clip(np.minimum(rate * factor, most) / many, 1e-6, 0.5)[:, :, None]
        chance = 1.0 / (1.0 + (1.0 - share) / share * np.exp2(-np.clip(weights, -99.0, 99.0)))
        own = (counted * chance).sum(axis=2)
    fit = (counted * np.log(1.0 - share + share * np.exp2(np.clip(weights, -99.0, 99.0)))).sum(axis=(1, 2))
    fit += np.where(expected > 0, PRISON * (np.log(factor) - factor + 1.0), 0.0).sum(axis=1)
    logs = fit - fit.max() - 0.5 * (FOLDS**2 + shift**2 + slope**2)
    logs += (found * np.log(chance)).sum(axis=(1, 2)) - np.log(np.maximum(own, 1e-9)) @ found.sum(axis=1)
    variance = np.asarray((counted * chance * (1.0 - chance)).sum(axis=2), dtype=np.float64)
    return (
        np.asarray(logs, dtype=np.float64),
        np.asarray(own, dtype=np.float64),
        variance,
        np.asarray(chance, dtype=np.float64),
    )


def _added(odds: Floats, prison: Numbers, bits: Floats) -> Floats:
    """Log2 odds less the weight of each candidate, between the bins."""
    at = np.clip((bits - LEAST) / STEP, 0.0, BINS - 1.001)
    low = at.astype(np.int64)
    part = at - low
    return np.asarray(odds[prison, low] * (1.0 - part) + odds[prison, low + 1] * part)


def _competing(stint: Numbers, odds: Floats) -> Floats:
    """Prisons of one site share one probability with “none of them”: o_p / (1 + Σ o_q)."""
    begins = np.flatnonzero(np.append(True, np.diff(stint) != 0))
    total = np.logaddexp2(np.logaddexp2.reduceat(odds, begins), 0.0)
    sizes = np.diff(np.append(begins, stint.size))
    return np.asarray(np.exp2(odds - np.repeat(total, sizes)), dtype=np.float64)
