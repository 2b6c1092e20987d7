"""The level of `radio`: its mix of radio cells beside the prison's and the neighbourhood's.

Both mixes are as the case teaches them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parloir.presence.candidates import Candidates
from parloir.presence.coverage import left_out, tightest
from parloir.presence.levels import radio_levels

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
MOSTLY = 0.5


def radio_codes(pairs: Candidates, chance: Floats) -> Numbers:
    """Levels of all candidates (n,), each held against what all but itself teach.

    Args:
        pairs: candidates.
        chance: that each is inside, shape (n,): how far its records teach what serves the prison.
    """
    if not pairs.stint.size:
        return np.zeros(0, dtype=np.int64)
    stints = int(pairs.stint.max()) + 1
    best = likeliest(pairs.stint, chance, stints)
    weight = np.zeros(chance.size)
    weight[best] = chance[best]
    outside = 1.0 - chance[best]
    own = tightest(pairs.own, left_out(pairs.own, weight, pairs.own_slots), weight)[1]
    around = tightest(pairs.around, left_out(pairs.around, outside, pairs.around_slots), outside)[1]
    return radio_levels(own - around[pairs.stint])


def teaching(prison: Numbers, chance: Floats) -> Booleans:
    """Candidates of prisons where whoever teaches the mix is on average more likely inside than not, (n,).

    Elsewhere neighbours would teach what serves the prison, and then look like handsets inside.

    Args:
        prison: of each candidate, shape (n,).
        chance: that each is inside, shape (n,): each teaches by as much.
    """
    taught = np.bincount(prison, chance)
    right = np.bincount(prison, chance * chance)
    return np.asarray((right >= MOSTLY * taught)[prison])


def likeliest(stint: Numbers, chance: Floats, stints: int) -> Numbers:
    """Index of each stint's likeliest candidate; the first of equals."""
    order = np.lexsort((-chance, stint))
    return order[np.searchsorted(stint[order], np.arange(stints))].astype(np.int64)
