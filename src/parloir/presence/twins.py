"""A handset with two SIM slots has two IMEIs, and makers give them serial numbers that follow each other.

So an IMEI next to that of a handset that is probably inside the same prison has a prior of its own. How many
neighbours there would be by chance is counted among the candidates themselves: where a batch was bought
together, its serial numbers lie close and say less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parloir.presence.pairs import TWO_IMEIS
from parloir.presence.register import SERIALS
from parloir.presence.scene import Scene

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
NEXT = 2
"""Serial numbers of one handset lie no farther apart than this."""
RUN = 5_000
"""Over so many serial numbers on either side it is counted how close the candidates' lie."""
FOLLOW = 0.7
"""Share of handsets with two IMEIs whose numbers follow each other; assumed."""


def twin_bits(seen: Scene, chance: Floats, prior: Floats) -> Floats:
    """What the neighbour in the number says of each candidate: (candidates,) bits, 0 without a neighbour.

    Args:
        seen: what was counted.
        chance: probability of each candidate without this evidence.
        prior: of each candidate.
    """
    pairs, stints = seen.candidates, seen.stints
    imei14 = seen.handsets.imei14[stints.handset[pairs.stint]]
    first, last = stints.first[pairs.stint], stints.last[pairs.stint]
    raised = np.zeros(imei14.size)
    for prison in np.unique(pairs.prison):
        mine = np.flatnonzero(pairs.prison == prison)
        mine = mine[np.argsort(imei14[mine], kind="stable")]
        _raise(raised, mine, (imei14[mine], first[mine], last[mine]), chance)
    after = raised + (1.0 - raised) * prior
    bits = np.log2(after / (1.0 - after)) - np.log2(prior / (1.0 - prior))
    return np.asarray(np.where(raised > 0.0, np.round(bits, 6), 0.0), dtype=np.float64)


def _raise(raised: Floats, mine: Numbers, of: tuple[Numbers, Numbers, Numbers], chance: Floats) -> None:
    """Set the probability that each candidate of one prison is the other IMEI of a handset inside."""
    imei14, first, last = of
    linked = TWO_IMEIS * FOLLOW / (TWO_IMEIS * FOLLOW + by_chance(imei14))
    for step in range(1, 2 * NEXT + 2):  # one handset may be there in two stretches
        one, other = np.arange(imei14.size - step), np.arange(step, imei14.size)
        apart = imei14[other] - imei14[one]
        near = (apart > 0) & (apart <= NEXT) & (imei14[one] // SERIALS == imei14[other] // SERIALS)
        near &= (first[one] <= last[other]) & (first[other] <= last[one])
        for a, b in ((one[near], other[near]), (other[near], one[near])):
            np.maximum.at(raised, mine[b], linked[a] * chance[mine[a]])


def by_chance(imei14: Numbers) -> Floats:
    """How many strangers' numbers are expected within `NEXT` of each sorted IMEI14 (n,)."""
    base = imei14 // SERIALS * SERIALS
    known = np.unique(imei14)
    whole = np.searchsorted(known, base + SERIALS) - np.searchsorted(known, base)
    low, high = np.maximum(imei14 - RUN, base), np.minimum(imei14 + RUN + 1, base + SERIALS)
    close = np.searchsorted(known, high) - np.searchsorted(known, low)
    nearest = np.searchsorted(known, imei14 + NEXT + 1) - np.searchsorted(known, imei14 - NEXT)
    rate = np.maximum((close - nearest) / (high - low), whole / SERIALS)
    return np.asarray(2.0 * NEXT * rate, dtype=np.float64)
