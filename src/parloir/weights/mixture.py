"""Latent classes with levels as observations, fitted by EM, the classes' shares varying between groups.

Every kind of evidence is a categorical variable; within a class the kinds are independent (linked kinds enter
as one joint variable). Known cases restrict the classes that a row may belong to: a seized item may be only in
the class of the proposition (positive and unlabelled learning: what was not found is not known to be absent).

Groups (prisons) have class shares drawn from one Dirichlet distribution, so small groups lean on the others.
Tables have Dirichlet priors in pseudo-cases, which carry what is expected or what was fitted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
UNSEEN = -1
"""Code of a level that is not known: it neither counts nor weighs."""


@dataclass(frozen=True)
class Observations:
    """What the mixture is fitted to.

    Attributes:
        codes: level of each kind, shape (n, kinds), integers from 0, or `UNSEEN`.
        groups: shape (n,), integers from 0.
        allowed: which classes a row may belong to, shape (n, classes), booleans.
        counted: whether a row's level enters the tables, shape (n, kinds), booleans.
    """

    codes: NDArray[np.int64]
    groups: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    counted: NDArray[np.bool_]


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture.

    Attributes:
        priors: for each kind the pseudo-cases of its parts, shape (classes, levels of the part) each; a single
            kind is its own only part.
        tables: P(level | class) for each kind, shape (classes, levels); a joint table's levels are those of its
            parts multiplied out, the last part running fastest.
        carried: cases fitted elsewhere that the counts are added to, shape (classes, levels) for each kind.
        expected: P(class) before any observation, shape (classes,).
        shares: P(class) in each group, shape (groups, classes).
        concentration: of the Dirichlet distribution of shares, in cases.
    """

    priors: tuple[tuple[Floats, ...], ...]
    tables: tuple[Floats, ...]
    carried: tuple[Floats, ...]
    expected: Floats
    shares: Floats
    concentration: float


@dataclass(frozen=True)
class Expectation:
    """What is expected before any observation.

    Attributes:
        priors: pseudo-cases of the parts of each kind, all above 0; see `Mixture`.
        carried: cases of each kind fitted elsewhere, shape (classes, levels); may be 0.
        shares: P(class), shape (classes,).
        concentration: how like each other the groups are, in cases.
    """

    priors: tuple[tuple[Floats, ...], ...]
    carried: tuple[Floats, ...]
    shares: Floats
    concentration: float = 10.0


def start(expectation: Expectation, groups: int) -> Mixture:
    """The mixture of so many groups before any observation."""
    tables = [_table(*one) for one in zip(expectation.priors, expectation.carried, strict=True)]
    return Mixture(
        expectation.priors,
        tuple(tables),
        expectation.carried,
        expectation.shares,
        np.tile(expectation.shares, (groups, 1)),
        expectation.concentration,
    )


def log_likelihoods(mixture: Mixture, codes: NDArray[np.int64]) -> Floats:
    """log2 P(level | class) of every row and kind, shape (n, kinds, classes); 0 where unseen."""
    parts = [
        np.where((codes[:, kind] >= 0)[:, None], np.log2(table).T[np.maximum(codes[:, kind], 0)], 0.0)
        for kind, table in enumerate(mixture.tables)
    ]
    return np.stack(parts, axis=1)


def responsibilities(mixture: Mixture, seen: Observations) -> tuple[Floats, float]:
    """P(class | row), shape (n, classes), and the mean log2-likelihood of a row."""
    logs = log_likelihoods(mixture, seen.codes).sum(axis=1) + np.log2(mixture.shares[seen.groups])
    logs = np.where(seen.allowed, logs, -np.inf)
    total = np.logaddexp2.reduce(logs, axis=1, keepdims=True)
    return np.exp2(logs - total), float(total.mean()) if total.size else 0.0


def fit(mixture: Mixture, seen: Observations, steps: int = 200, tolerance: float = 1e-6) -> Mixture:
    """Expectation and maximisation in turn until the likelihood stands still.

    Args:
        mixture: from `start`, or fitted before.
        seen: the observations.
        steps: at most.
        tolerance: least gain of the mean log2-likelihood of a row.
    """
    before = -np.inf
    for _ in range(steps):
        belongs, likelihood = responsibilities(mixture, seen)
        mixture = _maximised(mixture, seen, belongs)
        if likelihood - before < tolerance:
            break
        before = likelihood
    return mixture


def _maximised(mixture: Mixture, seen: Observations, belongs: Floats) -> Mixture:
    tables = []
    for kind, parts in enumerate(mixture.priors):
        use = (seen.codes[:, kind] >= 0) & seen.counted[:, kind]
        counts = [np.bincount(seen.codes[use, kind], one[use], minlength=_levels(parts)) for one in belongs.T]
        tables.append(_table(parts, mixture.carried[kind] + np.stack(counts)))
    return replace(mixture, tables=tuple(tables), shares=_shares(mixture, seen, belongs))


def _levels(parts: tuple[Floats, ...]) -> int:
    return int(np.prod([part.shape[1] for part in parts]))


def _table(parts: tuple[Floats, ...], counts: Floats) -> Floats:
    """P(level | class) from counts; a joint table leans on the product of its parts' own tables.

    So cells with few cases fall back on independent parts, and only well-filled cells say more than that.
    """
    shape = tuple(part.shape[1] for part in parts)
    cells = counts.reshape(-1, *shape)
    product = np.ones((len(counts), 1))
    for place, prior in enumerate(parts):
        others = tuple(axis for axis in range(1, len(shape) + 1) if axis != place + 1)
        single = prior + cells.sum(axis=others)
        single = single / single.sum(axis=1, keepdims=True)
        product = (product[:, :, None] * single[:, None, :]).reshape(len(counts), -1)
    if len(parts) == 1:
        return product
    table = parts[0].sum(axis=1, keepdims=True) * product + counts
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


def _shares(mixture: Mixture, seen: Observations, belongs: Floats) -> Floats:
    groups, classes = mixture.shares.shape
    counts = np.zeros((groups, classes))
    np.add.at(counts, seen.groups, belongs)
    common = counts.sum(axis=0) + mixture.concentration * mixture.expected
    common = common / common.sum()
    weighted = counts + mixture.concentration * common
    return np.asarray(weighted / weighted.sum(axis=1, keepdims=True), dtype=np.float64)
