"""From weights to probabilities: prisons of one site compete, each prison's share inside is estimated."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
STEPS = 100
PER_INMATE = 0.1
"""Active IMEIs expected for each inmate; 5% (IFT, Mexico, 2018) to 22% (seizures in France) were found."""
MOST_PER_INMATE = 0.4
"""Nobody has found more; a third as much again as the most for error, two IMEIs in some handsets."""
INMATES = 300.0
"""Where the register tells neither inmates nor places."""
MOST = 0.3
"""Of the candidates no more than so many are expected inside."""
CASE, PRISON = 10.0, 8.0
"""Handsets that the expectation is worth: for the whole case, and for how a prison differs from the others.
So a case is never taken for empty, or full, on the word of a few weights."""


def expected_inside(prisons: pa.Table, prison: Numbers) -> Floats:
    """Handsets expected inside each prison (prisons,), before any weight; 0 where there is no candidate.

    Args:
        prisons: canonical.
        prison: of each candidate, shape (n,).
    """
    rows = prisons.select(["inmates", "capacity"]).to_pylist()
    inmates = np.array([row["inmates"] or row["capacity"] or INMATES for row in rows], dtype=np.float64)
    return np.asarray(np.minimum(PER_INMATE * inmates, MOST * np.bincount(prison, minlength=len(rows))))


def posterior(stint: Numbers, prison: Numbers, bits: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """P(inside this prison) of every candidate (n,), and the share of each prison's candidates (prisons,).

    Shares are expected handsets times a factor of the case, times one of the prison, both with a Gamma
    distribution round 1: small prisons lean on the others, and all on what is expected.

    Args:
        stint, prison: of each candidate, shape (n,), sorted by stint.
        bits: unbounded weights against the alternative, shape (n,).
        expected: as `expected_inside` gives them.
    """
    many = np.maximum(np.bincount(prison, minlength=expected.size), 1)
    share = np.clip(expected / many, 1e-6, MOST)
    chance = np.zeros(stint.size)
    for _ in range(STEPS):
        after = _given(stint, prison, bits, share)
        moved = float(np.abs(after - chance).max(initial=0.0))
        chance = after
        own = np.asarray(np.bincount(prison, chance, minlength=expected.size), dtype=np.float64)
        share = _shares(own, expected, many)
        if moved < 1e-7:
            break
    return chance, share


def _shares(own: Floats, expected: Floats, many: NDArray[np.intp]) -> Floats:
    case = (own.sum() + CASE) / (expected.sum() + CASE)
    here = (own + PRISON) / (case * expected + PRISON)
    most = np.minimum(expected * MOST_PER_INMATE / PER_INMATE, 0.5 * many)
    share = np.clip(np.minimum(expected * case * here, most) / many, 1e-6, 0.5)
    return np.asarray(share, dtype=np.float64)


def _given(stint: Numbers, prison: Numbers, bits: Floats, prior: Floats) -> Floats:
    """π_p 2^W_p / (π_0 + Σ π_q 2^W_q) over the prisons q of the stint's site."""
    if not stint.size:
        return np.zeros(0)
    share = prior[prison]
    begins = np.flatnonzero(np.append(True, np.diff(stint) != 0))
    none = np.log2(np.maximum(1.0 - np.add.reduceat(share, begins), 1e-9))
    logs = np.log2(share) + bits
    total = np.logaddexp2(np.logaddexp2.reduceat(logs, begins), none)
    sizes = np.diff(np.append(begins, stint.size))
    return np.asarray(np.exp2(logs - np.repeat(total, sizes)), dtype=np.float64)
