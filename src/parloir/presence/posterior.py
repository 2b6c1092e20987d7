"""From weights to probabilities: prisons of one site compete, each prison's share inside is estimated.

What is not known of the weights, and of how many handsets there are, is averaged over (`belief`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.presence.apart import Apart
from parloir.presence.belief import PER_INMATE, Belief, believe
from parloir.presence.likelihood import BINS, LEAST, STEP

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
INMATES = 300.0
"""Where the register tells neither inmates nor places."""
MOST = 0.3
"""Of the candidates no more than so many are expected inside."""


@dataclass(frozen=True)
class Placed:
    """Candidates by prison.

    Attributes:
        stint, prison: shape (n,), sorted by stint.
        known: whether found in that prison, shape (n,).
        expected: as `expected_inside` gives them, shape (prisons,).
        apart: how far weights may be off.
    """

    stint: Numbers
    prison: Numbers
    known: Booleans
    expected: Floats
    apart: Apart = field(default_factory=Apart)


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
    chance = chances(placed, bits, believed(placed, bits))
    many = np.maximum(np.bincount(prison, minlength=prisons), 1)
    share = np.bincount(prison, chance, minlength=prisons) / many
    return chance, np.asarray(np.clip(share, 1e-6, 0.5), dtype=np.float64)


def chances(placed: Placed, bits: Floats, belief: Belief) -> Floats:
    """P(inside this prison) of every candidate (n,), by what is held true of the case."""
    return _competing(placed.stint, bits + _added(belief.odds, placed.prison, bits))


def believed(placed: Placed, bits: Floats) -> Belief:
    """What is held true of the case; arguments as of `posterior`."""
    counted, found = _by_bin(placed, bits, np.ones(bits.size)), _by_bin(placed, bits, placed.known)
    return believe(counted, found, placed.expected, placed.apart)


def _by_bin(placed: Placed, bits: Floats, mass: Floats | Booleans) -> Floats:
    """Candidates, each by its mass, by prison and bin of weights."""
    place = np.clip(np.round((bits - LEAST) / STEP), 0, BINS - 1).astype(np.int64)
    prisons = placed.expected.size
    counted = np.bincount(placed.prison * BINS + place, mass, minlength=prisons * BINS)
    return np.asarray(counted.reshape(prisons, BINS), dtype=np.float64)


def _added(odds: Floats, prison: Numbers, bits: Floats) -> Floats:
    """Log2 odds less the weight of each candidate, between the bins."""
    at = np.clip((bits - LEAST) / STEP, 0.0, BINS - 1.001)
    low = at.astype(np.int64)
    part = at - low
    return np.asarray(odds[prison, low] * (1.0 - part) + odds[prison, low + 1] * part)


def _competing(stint: Numbers, odds: Floats) -> Floats:
    """Prisons of one site share one probability with “none of them”: o_p / (1 + Σ o_q)."""
    begins = np.flatnonzero(np.append(True, np.diff(stint) != 0)[: stint.size])
    total = np.logaddexp2(np.logaddexp2.reduceat(odds, begins), 0.0)
    sizes = np.diff(np.append(begins, stint.size))
    return np.asarray(np.exp2(odds - np.repeat(total, sizes)), dtype=np.float64)
