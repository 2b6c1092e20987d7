"""How far weights of one case, and of one of its prisons, are off: as it was met on worlds left out of a fit.

Weights fitted on some worlds are too low or too high in another one (a shift of all of them, in bits) and too
flat or too steep (a slope). Prisons of one case differ in both besides, for each has its own neighbours,
walls and habits. And within one prison weights are steeper than they are over all prisons together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.weights.logistic import calibrate

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
ENOUGH = 10
"""Handsets inside, and others, of a prison that tells something."""
RIDGE = 1.0
"""Pull of a prison's own shift and slope towards nothing: few handsets may part without any overlap."""
FLATTEST = 0.1
"""Slopes of prisons are taken for no less: the logarithm of 0 would outweigh all others."""
STEEPER = 0.65
"""So much of the mean slope within prisons is taken: only prisons with many handsets inside show it, and
their weights part best. With all, half or none of it counts and probabilities of drawn worlds were worse."""


@dataclass(frozen=True)
class Apart:
    """Scales, and one mean. Worlds that are all drawn by one program understate the shifts of others.

    Attributes:
        case_shift: of the shift of all weights of a case, bits.
        case_slope: of log2 of their slope.
        prison_shift, prison_slope: of what prisons of one case differ by besides.
        steeper: mean of log2 of the slope within a prison.
    """

    case_shift: float = 1.3
    case_slope: float = 0.3
    prison_shift: float = 1.4
    prison_slope: float = 0.3
    steeper: float = 0.3

    def to_dict(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


Prisons = tuple[Numbers, Floats, Booleans]
"""Of one world's candidates, shape (n,) each: prison, bits by what was fitted on others, whether inside."""


def met_apart(worlds: Sequence[Prisons]) -> Apart:
    """Shifts and slopes that prisons would want, half of a prison's handsets against the other half.

    What both halves of a prison share is no chance: variances are covariances of the halves. Shifts are never
    below what is assumed before any fit; all is as assumed where not two worlds have two prisons that tell
    enough.
    """
    told = [np.array(list(_halves(*world))) for world in worlds]
    told = [one for one in told if len(one) >= 2]
    if len(told) < 2:
        return Apart()
    own = [(one - one.mean(axis=0)).prod(axis=1).sum(axis=0) / (len(one) - 1) for one in told]
    within = np.average(own, axis=0, weights=[len(one) - 1 for one in told])
    means = np.array([one.mean(axis=(0, 1)) for one in told])
    chance = np.mean([one.mean(axis=1).var(axis=0, ddof=1) / len(one) for one in told], axis=0)
    between = means.var(axis=0, ddof=1) - chance
    case, prison = (np.round(np.sqrt(np.maximum(one, 0.0)), 6).tolist() for one in (between, within))
    shifts = max(case[0], Apart.case_shift), max(prison[0], Apart.prison_shift)
    return Apart(shifts[0], case[1], shifts[1], prison[1], round(STEEPER * float(means[:, 1].mean()), 6))


def _halves(prison: Numbers, bits: Floats, inside: Booleans) -> Iterator[list[list[float]]]:
    """Of each prison that tells enough: shift and log2 of the slope of either half, shape (2, 2)."""
    for place in np.unique(prison):
        sides = [np.flatnonzero((prison == place) & (inside == side)) for side in (True, False)]
        if min(one.size for one in sides) >= ENOUGH:
            halves = [np.concatenate([one[part::2] for one in sides]) for part in (0, 1)]
            found = [calibrate(bits[half], inside[half], ridge=RIDGE) for half in halves]
            yield [[one.offset, float(np.log2(max(one.slope, FLATTEST)))] for one in found]
