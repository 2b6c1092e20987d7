"""Which radio cells serve each prison, learnt from the records of handsets that are probably inside.

Within one network (operator and technology) the shares of a prison's radio cells start from the geometry of
`reach` and move to what probable insiders and handsets known to be inside were served by: a jammer, a
repeater or a wall then shows by itself. A handset's own mix of radio cells is Dirichlet-multinomial round the
prison's shares when it is inside, and round the neighbourhood's, much more loosely, when it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from parloir.places import Coverage

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

MOST = 40.0
"""Records of one stint and network that count: beyond, they repeat each other (same place, same hours)."""
PRIOR = 20.0
"""Records that the geometry is worth."""
TIGHTNESS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""Concentrations tried for the spread of single handsets round the shares."""
LN2 = float(np.log(2.0))


@dataclass(frozen=True)
class Mixes:
    """Records of each stint by radio cell, sorted by stint.

    Attributes:
        stint: index, shape (n,).
        slot: index of (prison or site, network, radio cell) in a table of `shares`, shape (n,).
        network: index of (prison or site, network), the same for all slots that add up to 1, shape (n,).
        count: records, at most `MOST` in all for a stint and network, shape (n,).
    """

    stint: Numbers
    slot: Numbers
    network: Numbers
    count: Floats


def damped(stint: Numbers, network: Numbers, count: Floats) -> Floats:
    """Counts scaled so that a stint has at most `MOST` in one network."""
    _, place = np.unique(np.stack([stint, network]), axis=1, return_inverse=True)
    total = np.bincount(place, count)[place]
    return np.asarray(count * np.minimum(1.0, MOST / np.maximum(total, 1.0)), dtype=np.float64)


def learn(mixes: Mixes, weight: Floats, expected: Floats, of_network: Numbers) -> Floats:
    """Shares of each slot within its network.

    Args:
        mixes: records.
        weight: how far each stint counts, 0 to 1, shape (stints,).
        expected: share of each slot to start from, adding up to 1 within a network, shape (slots,).
        of_network: network of each slot, shape (slots,).
    """
    counted = np.bincount(mixes.slot, mixes.count * weight[mixes.stint], minlength=expected.size)
    total = counted + PRIOR * expected
    return np.asarray(total / np.bincount(of_network, total)[of_network], dtype=np.float64)


def log_evidence(mixes: Mixes, shares: Floats, tightness: float, stints: int) -> Floats:
    """log2 P(radio cells of the stint | shares) under a Dirichlet-multinomial, shape (stints,)."""
    alpha = tightness * shares[mixes.slot]
    terms = gammaln(mixes.count + alpha) - gammaln(alpha)
    pairs, place = np.unique(np.stack([mixes.stint, mixes.network]), axis=1, return_inverse=True)
    total = np.bincount(place, mixes.count)
    logs = np.bincount(mixes.stint, terms, minlength=stints)
    logs += np.bincount(pairs[0], gammaln(tightness) - gammaln(total + tightness), minlength=stints)
    return np.asarray(logs / LN2, dtype=np.float64)


def tightest(mixes: Mixes, shares: Floats, weight: Floats) -> tuple[float, Floats]:
    """The concentration under which weighted stints are most likely, and every stint's log2-evidence."""
    tried = [log_evidence(mixes, shares, one, weight.size) for one in TIGHTNESS]
    best = int(np.argmax([float((weight * logs).sum()) for logs in tried]))
    return TIGHTNESS[best], tried[best]


def radio_bits(mixes: Mixes, inside: Floats, expected: Floats, of_network: Numbers) -> Floats:
    """Raw bits of each stint's radio cells for the prison against its neighbourhood, shape (stints,).

    Args:
        mixes: records.
        inside: probability of each stint to be inside, reached without its radio cells, shape (stints,).
        expected: starting shares, shape (slots,).
        of_network: network of each slot.
    """
    _, own = tightest(mixes, learn(mixes, inside, expected, of_network), inside)
    _, other = tightest(mixes, learn(mixes, 1.0 - inside, expected, of_network), 1.0 - inside)
    return np.asarray(own - other, dtype=np.float64)


def as_coverage(prison: str, radio_cell: Numbers, share: Floats, inside: Floats, total: Floats) -> Coverage:
    """The learnt coverage of one prison, as `places` shows it.

    Args:
        prison: its identifier.
        radio_cell: shape (n,).
        share: of a connection inside, over all networks, shape (n,).
        inside: expected records made inside, shape (n,).
        total: all records of candidates, shape (n,).
    """
    reach = inside / np.maximum(total, 1.0)
    order = np.argsort(radio_cell)
    return Coverage(
        prison,
        {int(radio_cell[i]): round(float(share[i]), 6) for i in order},
        {int(radio_cell[i]): round(float(reach[i]), 6) for i in order},
    )
