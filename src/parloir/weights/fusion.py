"""Several component weights made one without counting dependent evidence twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from parloir.errors import InputError
from parloir.weights.logistic import LN2, Booleans, Floats, balanced, newton

ADJUSTMENT = "dependence adjustment"
"""The kind of evidence under which findings hold what fusing takes from, or gives to, the plain sum."""


MOST = 1.0
"""No component counts for more than it weighs."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """weight = offset + Σ coefficient · component, in bits; parameters rounded to 1e-6.

    The waterfall shows each component as it is, and `adjustment` as a bar of its own.
    """

    kinds: tuple[str, ...]
    offset: float
    coefficients: tuple[float, ...]

    def apply(self, components: ArrayLike) -> Floats:
        """Fused weights (n,) of component weights (n, kinds), in bits."""
        return np.asarray(self.offset + _matrix(components) @ np.asarray(self.coefficients), dtype=np.float64)

    def adjustment(self, components: ArrayLike) -> Floats:
        """The bar “dependence adjustment” (n,): fused weight less the sum of the components; either sign."""
        return np.asarray(self.apply(components) - _matrix(components).sum(axis=1), dtype=np.float64)


def naive(kinds: Sequence[str]) -> Fusion:
    """Plain addition, as if all components were independent."""
    return Fusion(tuple(kinds), 0.0, (1.0,) * len(kinds))


def fit_fusion(kinds: Sequence[str], components: ArrayLike, truths: ArrayLike, ridge: float = 1.0) -> Fusion:
    """Class-balanced logistic regression on component weights.

    Args:
        kinds: names of the components.
        components: bits, shape (n, kinds).
        truths: shape (n,).
        ridge: pull of every coefficient towards 0, in rows of the rarer class, so that scarce data say
            little; the offset is free.
    """
    x, y = _matrix(components), np.asarray(truths, dtype=bool)
    mass = balanced(y)
    design = np.column_stack([np.ones(y.size), x * LN2])
    rarer = min(int(y.sum()), int((~y).sum()))
    penalty = np.concatenate([[0.0], np.full(x.shape[1], ridge * y.size / (2.0 * rarer))])
    beta = newton(design, y, mass, penalty)
    return Fusion(tuple(kinds), round(float(beta[0] / LN2), 6), tuple(round(float(b), 6) for b in beta[1:]))


@dataclass(frozen=True, slots=True)
class Bounded:
    """log2 odds = offset + Σ bounded · component + Σ free · column, with no bounded coefficient below 0."""

    offset: float
    bounded: Floats
    free: Floats


def fit_bounded(
    components: ArrayLike, columns: ArrayLike, truths: ArrayLike, mass: Floats, ridge: tuple[float, float]
) -> Bounded:
    """Logistic regression on components that count for no more than they weigh, and on free columns.

    Args:
        components: bits, shape (n, k); their coefficients lie between 0 and `MOST`.
        columns: anything else, shape (n, m); their coefficients are free.
        truths: shape (n,).
        mass: weight of each row, adding up to 1; half of it on either class for weights without a prior.
        ridge: pull of the coefficients towards 0, of the components and of the columns; the offset is free.
    """
    x, z, y = _matrix(components), _matrix(columns), np.asarray(truths, dtype=bool)
    design = np.column_stack([np.ones(y.size), x * LN2, z * LN2])
    pulls = np.concatenate([[0.0], np.full(x.shape[1], ridge[0]), np.full(z.shape[1], ridge[1])])

    def loss(beta: Floats) -> tuple[float, Floats]:
        score = design @ beta
        fitted = 1.0 / (1.0 + np.exp(-np.clip(score, -500.0, 500.0)))
        cost = float((mass * (np.logaddexp(0.0, score) - y * score)).sum() + (pulls * beta**2).sum() / 2.0)
        return cost, design.T @ (mass * (fitted - y)) + pulls * beta

    bounds = [(None, None), *[(0.0, MOST)] * x.shape[1], *[(None, None)] * z.shape[1]]
    begin = np.concatenate([[0.0], np.full(x.shape[1], 0.5), np.zeros(z.shape[1])])
    beta = minimize(loss, begin, jac=True, bounds=bounds, method="L-BFGS-B").x
    offset, bounded, free = np.split(beta, [1, 1 + x.shape[1]])
    return Bounded(float(offset[0] / LN2), np.asarray(bounded), np.asarray(free))


def fold_of(groups: ArrayLike, folds: int) -> NDArray[np.intp]:
    """A fold (n,) for each row so that no group is in two; groups dealt out by size, largest first."""
    _, place, sizes = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    load = np.zeros(folds, dtype=np.int64)
    dealt = np.empty(sizes.size, dtype=np.intp)
    for group in np.argsort(-sizes, kind="stable"):
        dealt[group] = load.argmin()
        load[dealt[group]] += sizes[group]
    return dealt[place]


@dataclass(frozen=True, slots=True)
class CrossFit:
    """Weights (n,) that no row's own group had a part in, and the fusion fitted on all rows."""

    bits: Floats
    fusion: Fusion


def cross_fit(
    kinds: Sequence[str], components: ArrayLike, truths: ArrayLike, groups: ArrayLike, folds: int = 5
) -> CrossFit:
    """Fit on all groups but one fold, apply to that fold, in turn.

    Args:
        kinds: names of the components.
        components: bits, shape (n, kinds).
        truths: shape (n,).
        groups: shape (n,), for instance the prison; never in both fit and test.
        folds: at most; no more than there are groups.

    Raises:
        InputError: fewer than two groups, or a fold whose remainder lacks a class.
    """
    x, y = _matrix(components), np.asarray(truths, dtype=bool)
    parts = min(folds, np.unique(np.asarray(groups)).size)
    if parts < 2:
        raise InputError("one group cannot be both fitted and tested", do="give rows of two groups or more")
    fold = fold_of(groups, parts)
    bits = np.zeros(y.size)
    for part in range(parts):
        held: Booleans = fold == part
        bits[held] = fit_fusion(kinds, x[~held], y[~held]).apply(x[held])
    return CrossFit(bits, fit_fusion(kinds, x, y))


def _matrix(components: ArrayLike) -> Floats:
    return np.atleast_2d(np.asarray(components, dtype=np.float64))
