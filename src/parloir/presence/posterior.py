"""From weights to probabilities: prisons of one site compete, each prison's share inside is estimated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parloir.presence.classes import INSIDE
from parloir.presence.parameters import Parameters

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
STEPS = 50


def posterior(stint: Numbers, prison: Numbers, bits: Floats, parameters: Parameters) -> Floats:
    """P(inside this prison) of every candidate (n,).

    Args:
        stint, prison: of each candidate, shape (n,), sorted by stint.
        bits: unbounded weights against the alternative, shape (n,).
        parameters: expected share of insiders and how alike prisons are.
    """
    prior = np.full(int(prison.max(initial=-1)) + 1, parameters.shares[INSIDE])
    chance = _given(stint, prison, bits, prior)
    for _ in range(STEPS):
        prior = _shares(prison, chance, parameters)
        after = _given(stint, prison, bits, prior)
        moved = float(np.abs(after - chance).max(initial=0.0))
        chance = after
        if moved < 1e-7:
            break
    return chance


def prior_of(stint: Numbers, prison: Numbers, bits: Floats, parameters: Parameters) -> Floats:
    """Estimated share of insiders among the candidates of each prison, shape (prisons,)."""
    return _shares(prison, posterior(stint, prison, bits, parameters), parameters)


def _shares(prison: Numbers, chance: Floats, parameters: Parameters) -> Floats:
    """Shares drawn from one Beta distribution: small prisons lean on the others."""
    weight = parameters.concentration
    own, count = np.bincount(prison, chance), np.bincount(prison)
    common = (chance.sum() + weight * parameters.shares[INSIDE]) / (chance.size + weight)
    return np.asarray((own + weight * common) / (count + weight), dtype=np.float64)


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
