"""Which radio cells serve each prison, learnt from the records of handsets that are probably inside.

Within one network (operator and technology) the shares of a prison's radio cells start from the geometry of
`reach` and move to what probable insiders and handsets known to be inside were served by: a jammer, a
repeater or a wall then shows by itself. A handset's own mix of radio cells is Dirichlet-multinomial round the
prison's shares when it is inside, and round the neighbourhood's, much more loosely, when it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
HALF = 0.03
"""Share of a network's connections at which a radio cell counts half for serving a prison."""
LN2 = float(np.log(2.0))


@dataclass(frozen=True)
class Mixes:
    """Records of each owner by radio cell, sorted by owner.

    Attributes:
        owner: candidate or stint, shape (n,).
        slot: index into `Slots`, shape (n,).
        count: records, at most `MOST` in all for an owner and network, shape (n,).
        group: index of (owner, network), shape (n,).
        group_owner: owner of each group, shape (groups,).
    """

    owner: Numbers
    slot: Numbers
    count: Floats
    group: NDArray[np.intp]
    group_owner: Numbers


@dataclass(frozen=True)
class Slots:
    """A table of radio cells by place, arrays of one length.

    Attributes:
        place: prison or site.
        radio_cell: identifier.
        network: number of the (place, network) within which shares add up to 1.
        expected: share to start from.
    """

    place: Numbers
    radio_cell: Numbers
    network: NDArray[np.intp]
    expected: Floats


def mixes(owner: Numbers, slot: Numbers, records: NDArray[Any], slots: Slots) -> Mixes:
    """Records (n,) of owners (n,) on slots (n,), counted together and damped to `MOST`."""
    size = max(slots.place.size, 1)
    keys, place = np.unique(owner * size + slot, return_inverse=True)
    of, at = np.divmod(keys, size)
    groups, group = np.unique(of * size + slots.network[at], return_inverse=True)
    count = np.bincount(place, records, minlength=keys.size).astype(np.float64)
    total = np.bincount(group, count)[group]
    return Mixes(of, at, count * np.minimum(1.0, MOST / np.maximum(total, 1.0)), group, groups // size)


def learn(met: Mixes, weight: Floats, slots: Slots) -> Floats:
    """Shares of each slot within its network.

    Args:
        met: records.
        weight: how far each owner counts, 0 to 1, shape (owners,).
        slots: what to start from.
    """
    counted = np.bincount(met.slot, met.count * weight[met.owner], minlength=slots.place.size)
    total = counted + PRIOR * slots.expected
    return np.asarray(total / np.bincount(slots.network, total)[slots.network], dtype=np.float64)


def left_out(met: Mixes, weight: Floats, slots: Slots) -> Floats:
    """The share (rows,) of each row's slot as all owners but the row's own teach it.

    Args:
        met: records.
        weight: how far each owner counts, 0 to 1, shape (owners,).
        slots: what to start from.
    """
    own = met.count * weight[met.owner]
    total = np.bincount(met.slot, own, minlength=slots.place.size) + PRIOR * slots.expected
    whole = np.bincount(slots.network, total)[slots.network[met.slot]]
    mine = np.bincount(met.group, own, minlength=met.group_owner.size)[met.group]
    return np.asarray(np.maximum(total[met.slot] - own, 1e-9) / (whole - mine), dtype=np.float64)


def log_evidence(met: Mixes, shares: Floats, tightness: float, owners: int) -> Floats:
    """log2 P(radio cells of the owner | share of each row's slot), Dirichlet-multinomial, shape (owners,)."""
    alpha = tightness * shares
    terms = gammaln(met.count + alpha) - gammaln(alpha)
    total = np.bincount(met.group, met.count, minlength=met.group_owner.size)
    logs = np.bincount(met.owner, terms, minlength=owners)
    logs += np.bincount(met.group_owner, gammaln(tightness) - gammaln(total + tightness), minlength=owners)
    return np.asarray(logs / LN2, dtype=np.float64)


def tightest(met: Mixes, shares: Floats, weight: Floats) -> tuple[float, Floats]:
    """The concentration under which weighted owners are most likely, and every owner's log2-evidence.

    Args:
        met: records.
        shares: of each row's slot, shape (rows,).
        weight: of each owner, shape (owners,).
    """
    tried = [log_evidence(met, shares, one, weight.size) for one in TIGHTNESS]
    best = int(np.argmax([float((weight * logs).sum()) for logs in tried]))
    return TIGHTNESS[best], tried[best]


def served_by(met: Mixes, slots: Slots, owners: int) -> Floats:
    """How well the radio cells of each owner's records serve the prison, 0 to 1, shape (owners,).

    A radio cell with the share s of its network's connections counts as s / (s + `HALF`): all that may well
    serve the prison count nearly alike, so that fading from one to the next changes little.
    """
    weight = slots.expected / (slots.expected + HALF)
    part = np.bincount(met.owner, met.count * weight[met.slot], minlength=owners)
    whole = np.bincount(met.owner, met.count, minlength=owners)
    return np.asarray(part / np.maximum(whole, 1e-9), dtype=np.float64)


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
