"""Tables of weights: what each level of a kind of evidence weighs, counted from known cases.

Smoothing. Let m be a level's share among all rows and n of N rows of a class have it. Its share in the class
is taken as m (n + a) / (N m + a): a pseudo-observations say that the level means nothing. For levels equally
frequent this is the symmetric Dirichlet prior; for rare ones it is gentler: a level that the class was too
small to show weighs nothing, where a flat pseudo-count would make it weigh thousands.

A joint table takes, in place of m, the product of its kinds' own shares in that class: cells with few rows
fall back on the sum of the single weights, cells with many say what they show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parloir.errors import InputError
from parloir.weights.logistic import Floats

BOTH = " × "
"""Joins the levels of a joint table."""


@dataclass(frozen=True, slots=True)
class Component:
    """Weights in bits of the levels of one kind of evidence (or of several joined), rounded to 1e-6."""

    kind: str
    bits: Mapping[str, float]

    def weigh(self, levels: ArrayLike) -> Floats:
        """Bits (n,) of levels (n,); a level never met weighs nothing."""
        distinct, place = np.unique(np.asarray(levels, dtype=np.str_), return_inverse=True)
        table = np.array([self.bits.get(str(level), 0.0) for level in distinct], dtype=np.float64)
        return np.asarray(table[place], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cases:
    """Known cases to count from.

    Attributes:
        truths: whether the proposition holds, shape (n,); or its probability, 0 to 1.
        mass: weight of each row, shape (n,), or None for 1.
        smoothing: the a of the module's formula.
    """

    truths: ArrayLike
    mass: ArrayLike | None = None
    smoothing: float = 0.5

    def masses(self) -> tuple[Floats, Floats]:
        """Mass of each row in the class where the proposition holds, and in the other."""
        held = np.asarray(self.truths, dtype=np.float64)
        mass = np.ones(held.size) if self.mass is None else np.asarray(self.mass, dtype=np.float64)
        if not (mass * held).sum() > 0 or not (mass * (1.0 - held)).sum() > 0:
            raise InputError("weights cannot be counted from one class", do="give known cases of both kinds")
        return mass * held, mass * (1.0 - held)


def fit_component(kind: str, levels: ArrayLike, cases: Cases) -> Component:
    """Count one kind of evidence.

    Args:
        kind: its name.
        levels: shape (n,), text.
        cases: truths (n,).
    """
    names, place = np.unique(np.asarray(levels, dtype=np.str_), return_inverse=True)
    shares = [_shares(place, mass, cases) for mass in cases.masses()]
    return _table(kind, names, np.log2(shares[0] / shares[1]))


def fit_joint(kind: str, levels: Sequence[ArrayLike], cases: Cases) -> Component:
    """Count structurally linked kinds together; levels of the table are joined by `BOTH`.

    Args:
        kind: name of the table.
        levels: one array (n,) for each kind, text.
        cases: truths (n,).
    """
    singles = [np.unique(np.asarray(one, dtype=np.str_), return_inverse=True) for one in levels]
    joined = join_levels(levels)
    names, first, place = np.unique(joined, return_index=True, return_inverse=True)
    bits = []
    for mass in cases.masses():
        expected = np.ones(names.size)
        for _, single in singles:
            expected = expected * _shares(single, mass, cases)[single[first]]
        counts = np.bincount(place, mass, minlength=names.size)
        bits.append(np.log2(_smooth(expected, counts, cases.smoothing)))
    return _table(kind, names, bits[0] - bits[1])


def join_levels(levels: Sequence[ArrayLike]) -> NDArray[np.str_]:
    """Levels of several kinds (n,) each to levels of their joint table (n,)."""
    joined = np.asarray(levels[0], dtype=np.str_)
    for one in levels[1:]:
        joined = np.char.add(np.char.add(joined, BOTH), np.asarray(one, dtype=np.str_))
    return joined


def _shares(place: NDArray[np.intp], mass: Floats, cases: Cases) -> Floats:
    true, false = cases.masses()
    pooled = np.bincount(place, true + false) / (true + false).sum()
    shares = _smooth(pooled, np.bincount(place, mass, minlength=pooled.size), cases.smoothing)
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _smooth(expected: Floats, counts: ArrayLike, smoothing: float) -> Floats:
    met = np.asarray(counts, dtype=np.float64)
    return np.asarray(expected * (met + smoothing) / (met.sum() * expected + smoothing), dtype=np.float64)


def _table(kind: str, names: NDArray[np.str_], bits: Floats) -> Component:
    return Component(kind, {str(name): round(float(b), 6) for name, b in zip(names, bits, strict=True)})
