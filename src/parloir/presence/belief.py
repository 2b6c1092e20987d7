"""What is held true of a case: how far its weights are off, and how many handsets are inside each prison.

Averaged over are, for the case, a shift and a slope of all weights, how many handsets there are for each
inmate, in how many of its prisons there is none, and how unlike each other its prisons are; for each prison
a shift and a slope of its own, and its own number of handsets (`apart`, `likelihood`). How unlike prisons
are shows in the case: where the numbers that their weights fit are alike, they are held to be alike, and
each tells of the others. So what is held of a prison is as sharp as its own weights part handsets inside from
others, and a case or a prison with nobody inside ends near nought.

Handsets found in the prison say more. They are some of those inside, and each point says how the weights of
those inside spread: where it says otherwise than the found ones' do, it is held less (positive and unlabelled
cases: C. Elkan, K. Noto, Proc. KDD 2008, 213–220).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from parloir.presence.apart import Apart
from parloir.presence.likelihood import RAREST, Grid, Likelihood, bins, likelihood

Floats = NDArray[np.float64]
PER_INMATE = 0.1
"""Active IMEIs expected for each inmate; 5% (IFT, Mexico, 2018) to 22% (seizures in France) were found."""
MOST_PER_INMATE = 0.5
"""Nobody has found more than 22%; two IMEIs in some handsets, and twice as much for error."""
FOLD = 1.0
"""Standard deviation of log2 of the handsets for each inmate, between cases; finds lie within it."""
PRISON = 0.6
"""The same between prisons of one case, where these are as unlike as most; assumed."""
UNLIKE = (0.35, 0.7, 1.4)
"""How unlike prisons of a case may be, each as likely: factors of `PRISON`, and of their own shifts."""
_WAYS = tuple(product(range(len(UNLIKE)), repeat=2))
"""How unlike in their shifts, and in how many handsets they hold for each inmate."""
EMPTY = ((0.02, 0.56), (0.3, 0.3), (0.6, 0.1), (0.97, 0.04))
"""Share of a case's prisons in which nobody has a handset, and how likely that share is; assumed. A few
countries have hardly any, and a request may ask for a prison that has none; but to say of a case that nobody
is inside where weights are merely too low is worse than to name some."""
FAIR, FOUND = 0.5, 40.0
"""So much of a handset drawn at random from those inside a found one counts as, and so many at most all of
them: searches favour some places and some kinds of handsets, and finds resemble each other."""
SLOPES, SHIFTS, FOLDS = np.linspace(-1.2, 1.2, 7), np.linspace(-3.5, 3.5, 11), np.linspace(-2.5, 2.5, 11)
"""Points averaged over: log2 of slopes; shifts and rates in standard deviations."""
FARTHEST = 2.5
"""Own shifts of a prison go so many standard deviations beyond the case's."""
FREEDOM = 4.0
"""Degrees of freedom of shifts."""
SHARPEST = 0.05
"""No standard deviation is taken for less: the points averaged over lie apart."""
_EMPTY = np.array([share for share, _ in EMPTY])


@dataclass(frozen=True)
class Belief:
    """What is held true of each prison. Points are “nobody inside”, and slopes by sums of shift and odds.

    Attributes:
        odds: log2 odds of being inside, less the weight, at the middles of the bins, shape (prisons, bins).
        mass: probability of each point, shape (prisons, points).
        mean, variance: of the count at each point, shape (prisons, points).
    """

    odds: Floats
    mass: Floats
    mean: Floats
    variance: Floats

    @property
    def count(self) -> Floats:
        """Expected number inside each prison, (prisons,)."""
        return np.asarray((self.mass * self.mean).sum(axis=1), dtype=np.float64)


@dataclass(frozen=True)
class _Spread:
    """How prisons differ from their case.

    Attributes:
        slopes: of each prison's own slope given the case's, (slopes, slopes).
        shifts: of its own shift given the case's, (shifts of cases, shifts); one for each of `UNLIKE`.
        shares: of its share given the case's rate, (prisons, rates, shares); one for each of `UNLIKE`.
    """

    slopes: Floats
    shifts: tuple[Floats, ...]
    shares: tuple[Floats, ...]


def believe(counted: Floats, found: Floats, expected: Floats, apart: Apart) -> Belief:
    """Average over all that is not known.

    Args:
        counted: candidates by prison and bin of their weights, (prisons, bins).
        found: the same of those found there.
        expected: inside each prison before any weight, (prisons,).
        apart: how far weights are off.
    """
    grid, cases = _grids(apart)
    here = likelihood(counted, found * min(FAIR, FOUND / max(float(found.sum()), 1.0)), grid)
    highest = np.maximum(here.log.max(axis=(0, 2, 3)), here.empty.max(axis=(0, 2)))
    fit = np.exp(here.log - highest[:, None, None])
    none = np.exp(here.empty - highest[:, None])
    spread = _spread(counted.sum(axis=1), expected, grid, cases, apart)
    held, nobody = _held(fit, none, spread, _prior(cases, apart))
    return _belief(here, grid, held * fit, (nobody * none).sum(axis=(0, 2)))


def _grids(apart: Apart) -> tuple[Grid, Floats]:
    """Points of the prisons, and shifts of the case."""
    far = SHIFTS[-1] * apart.case_shift + FARTHEST * max(UNLIKE) * apart.prison_shift
    return Grid.over(2.0 ** (SLOPES + apart.steeper), far), SHIFTS * apart.case_shift


def _normal(far: Floats, deviation: float) -> Floats:
    """Probability of points so far from the mean, along the last axis."""
    return _mass(-0.5 * (far / max(deviation, SHARPEST)) ** 2)


def _heavy(far: Floats, scale: float) -> Floats:
    """The same by Student's t: what was never met may be farther off than what was."""
    return _mass(-0.5 * (FREEDOM + 1.0) * np.log1p((far / max(scale, SHARPEST)) ** 2 / FREEDOM))


def _mass(logs: Floats) -> Floats:
    """Probability of points by their log likelihoods, along the last axis."""
    mass = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(mass / mass.sum(axis=-1, keepdims=True), dtype=np.float64)


def _prior(cases: Floats, apart: Apart) -> Floats:
    """Of the case's slope, shift, rate and share of empty prisons."""
    parts = (
        _normal(SLOPES, apart.case_slope),
        _heavy(cases, apart.case_shift),
        _normal(FOLDS, 1.0),
        np.array([likely for _, likely in EMPTY]),
    )
    return np.asarray(np.einsum("i,j,k,l->ijkl", *parts), dtype=np.float64)


def _spread(many: Floats, expected: Floats, grid: Grid, cases: Floats, apart: Apart) -> _Spread:
    """How prisons differ, by how many candidates they have and how many are expected, (prisons,) each."""
    number = np.log2(np.maximum(many, 1.0))[:, None] - np.log2(1.0 + np.exp2(-grid.odds))
    most = np.log2(np.maximum(expected * MOST_PER_INMATE / PER_INMATE, 1e-9))
    rate = np.log2(np.maximum(expected, 1e-9))[:, None] + FOLD * FOLDS
    held = (number <= most[:, None]) | (grid.odds == RAREST)
    far = np.where(held[:, None, :], number[:, None, :] - rate[:, :, None], np.inf)
    apart_by = grid.shifts - cases[:, None]
    return _Spread(
        _normal(SLOPES - SLOPES[:, None], apart.prison_slope),
        tuple(_heavy(apart_by, unlike * apart.prison_shift) for unlike in UNLIKE),
        tuple(_normal(far, unlike * PRISON) for unlike in UNLIKE),
    )


def _held(fit: Floats, none: Floats, spread: _Spread, prior: Floats) -> tuple[Floats, Floats]:
    """What the rest of the case says of each point of each prison, and of each prison's being empty.

    Args:
        fit, none: likelihoods of each prison's points, and of nobody, by slope, prison and shift.
        spread: how prisons differ.
        prior: of the case.
    """
    by_rate = [np.matmul(fit, one.transpose(0, 2, 1)) for one in spread.shares]
    either = _either(by_rate, none, spread)
    cases = _normalised({way: np.log(one).sum(axis=1) + np.log(prior) for way, one in either.items()})
    back = [np.zeros_like(one) for one in by_rate]
    nobody = np.zeros_like(none)
    for shift, fold in _WAYS:
        rest = cases[shift, fold][:, None] / either[shift, fold]
        some = np.tensordot(spread.slopes.T, rest @ (1.0 - _EMPTY), 1)
        back[fold] += np.matmul(spread.shifts[shift].T, some)
        nobody += np.tensordot(spread.slopes.T, (rest @ _EMPTY).sum(axis=3), 1) @ spread.shifts[shift]
    held = sum(np.matmul(one, shares) for one, shares in zip(back, spread.shares, strict=True))
    return np.asarray(held, dtype=np.float64), nobody


Ways = dict[tuple[int, int], Floats]
"""An array for each of `_WAYS`."""


def _either(by_rate: list[Floats], none: Floats, spread: _Spread) -> Ways:
    """Likelihood of each prison given its case, shape (slopes, prisons, shifts, rates, shares of `EMPTY`)."""
    by_shift = [np.tensordot(spread.slopes, none @ one.T, 1) for one in spread.shifts]
    either = {}
    for shift, fold in _WAYS:
        some = np.tensordot(spread.slopes, np.matmul(spread.shifts[shift], by_rate[fold]), 1)
        both = (1.0 - _EMPTY) * some[..., None] + _EMPTY * by_shift[shift][..., None, None]
        either[shift, fold] = np.maximum(both, 1e-300)
    return either


def _normalised(logs: Ways) -> Ways:
    """Probabilities that add up to 1 over all ways."""
    highest = max(float(one.max()) for one in logs.values())
    mass = {way: np.exp(one - highest) for way, one in logs.items()}
    total = sum(float(one.sum()) for one in mass.values())
    return {way: one / total for way, one in mass.items()}


def _belief(here: Likelihood, grid: Grid, held: Floats, nobody: Floats) -> Belief:
    """Points of the same slope and sum together."""
    slopes, prisons, sums = here.mean.shape
    places = grid.places(grid.odds).ravel()
    rows = [np.bincount(places, one.ravel(), minlength=sums) for slope in held for one in slope]
    mass = np.array(rows).reshape(slopes, prisons, sums)
    chance = np.clip(np.matmul(mass, here.chance).sum(axis=0), 1e-9, 1.0 - 1e-9)
    nought = np.zeros((prisons, 1))
    points = [
        one.transpose(1, 0, 2).reshape(prisons, slopes * sums) for one in (mass, here.mean, here.variance)
    ]
    return Belief(
        np.asarray(np.log2(chance / (1.0 - chance)) - bins(), dtype=np.float64),
        np.concatenate([nobody[:, None], points[0]], axis=1),
        np.concatenate([nought, points[1]], axis=1),
        np.concatenate([nought, points[2]], axis=1),
    )
