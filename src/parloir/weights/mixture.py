"""Latent classes with levels as observations, fitted by EM, the classes' shares varying between groups.

Every kind of evidence is a categorical variable; within a class the kinds are independent (linked kinds enter
as one joint variable). Known cases restrict the classes that a row may belong to: a seized item may be only
in the class of the proposition (positive and unlabelled learning: what was not found is not known to be
absent).

Groups (prisons) have class shares drawn from one Dirichlet distribution, so small groups lean on the others.
Tables have Dirichlet priors in pseudo-cases, which carry what is expected or what was fitted elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
        mass: how many rows each stands for, shape (n,).
        most: the largest share that a class can have in a group, shape (groups, classes).
    """

    codes: NDArray[np.int64]
    groups: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    mass: Floats
    most: Floats

    def some(self, rows: NDArray[np.intp], mass: Floats) -> Observations:
        """Some rows (m,), each standing for so many (m,)."""
        return Observations(
            self.codes[rows], self.groups[rows], self.allowed[rows], self.counted[rows], mass, self.most
        )


@dataclass(frozen=True)
class Mixture:
    """A fitted mixture.

    Attributes:
        priors: for each kind the pseudo-cases of its parts, shape (classes, levels of the part) each; a
            single kind is its own only part.
        tables: P(level | class) for each kind, shape (classes, levels); a joint table's levels are those of
            its parts multiplied out, the last part running fastest.
        expected: P(class) before any observation, shape (classes,).
        shares: P(class) in each group, shape (groups, classes).
        concentration: of the Dirichlet distribution of shares, in cases.
    """

    priors: tuple[tuple[Floats, ...], ...]
    tables: tuple[Floats, ...]
    expected: Floats
    shares: Floats
    concentration: float


@dataclass(frozen=True)
class Expectation:
    """What is expected before any observation.

    Attributes:
        priors: pseudo-cases of the parts of each kind, all above 0; see `Mixture`.
        shares: P(class), shape (classes,).
        concentration: how like each other the groups are, in cases.
    """

    priors: tuple[tuple[Floats, ...], ...]
    shares: Floats
    concentration: float = 10.0


def start(expectation: Expectation, groups: int) -> Mixture:
    """The mixture of so many groups before any observation."""
    tables = [_table(parts, np.zeros((len(parts[0]), _levels(parts)))) for parts in expectation.priors]
    return Mixture(
        expectation.priors,
        tuple(tables),
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
    return _responsibilities(mixture, seen, _indicators(mixture, seen.codes))


def fit(
    mixture: Mixture, seen: Observations, trust: Floats, steps: int = 200, tolerance: float = 1e-6
) -> Mixture:
    """Expectation and maximisation in turn until the likelihood stands still.

    Args:
        mixture: from `start`, or fitted before.
        seen: the observations.
        trust: how far rows that are not known count in the tables of each class, 0 to 1, shape (classes,). A
            rare class must not be led away by the many rows that are a little like it.
        steps: at most.
        tolerance: least gain of the mean log2-likelihood of a row.
    """
    levels = _indicators(mixture, seen.codes)
    counted = _indicators(mixture, np.where(seen.counted, seen.codes, UNSEEN))
    known = seen.allowed.sum(axis=1) == 1
    weight = seen.mass[:, None] * np.where(known[:, None], 1.0, trust)
    before = -np.inf
    for _ in range(steps):
        belongs, likelihood = _responsibilities(mixture, seen, levels)
        counts = counted.T @ (belongs * weight)
        mixture = replace(mixture, tables=_tables(mixture, counts), shares=_shares(mixture, seen, belongs))
        if likelihood - before < tolerance:
            break
        before = likelihood
    return mixture


def _indicators(mixture: Mixture, codes: NDArray[np.int64]) -> csr_array:
    """Which level of which kind each row has: a sparse matrix of ones, shape (n, levels of all kinds)."""
    ends = np.cumsum([table.shape[1] for table in mixture.tables])
    starts = np.concatenate([[0], ends[:-1]])
    use = codes >= 0
    columns = (codes + starts)[use]
    rows = np.concatenate([[0], np.cumsum(use.sum(axis=1))])
    return csr_array((np.ones(columns.size), columns, rows), shape=(len(codes), int(ends[-1])))


def _responsibilities(mixture: Mixture, seen: Observations, levels: csr_array) -> tuple[Floats, float]:
    logs = levels @ np.log2(np.concatenate(mixture.tables, axis=1)).T + np.log2(mixture.shares)[seen.groups]
    logs = np.where(seen.allowed, logs, -np.inf)
    best = logs.max(axis=1, keepdims=True)
    odds = np.exp2(logs - best)
    total = odds.sum(axis=1, keepdims=True)
    likelihood = float(((best + np.log2(total))[:, 0] * seen.mass).sum() / max(seen.mass.sum(), 1.0))
    return odds / total, likelihood


def _tables(mixture: Mixture, counts: Floats) -> tuple[Floats, ...]:
    """Tables from counts of all levels (levels of all kinds, classes)."""
    ends = np.cumsum([table.shape[1] for table in mixture.tables])[:-1]
    parts = np.split(counts.T, ends, axis=1)
    return tuple(_table(prior, part) for prior, part in zip(mixture.priors, parts, strict=True))


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
    groups = len(mixture.shares)
    counts = np.stack(
        [np.bincount(seen.groups, one * seen.mass, minlength=groups) for one in belongs.T], axis=1
    )
    common = counts.sum(axis=0) + mixture.concentration * mixture.expected
    common = common / common.sum()
    weighted = counts + mixture.concentration * common
    shares = np.minimum(weighted / weighted.sum(axis=1, keepdims=True), seen.most)
    free = shares < seen.most
    rest = 1.0 - np.where(free, 0.0, shares).sum(axis=1, keepdims=True)
    scale = rest / np.maximum(np.where(free, shares, 0.0).sum(axis=1, keepdims=True), 1e-12)
    return np.asarray(np.where(free, shares * scale, shares), dtype=np.float64)
