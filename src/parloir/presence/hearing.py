"""The sum, with coverage learnt in turn with it."""

from __future__ import annotations

import numpy as np

from parloir.presence.candidates import Candidates
from parloir.presence.levels import UNSEEN
from parloir.presence.plain import Seen, Sum, Summed, add_up
from parloir.presence.posterior import posterior
from parloir.presence.radio import radio_codes, teaching

ROUNDS = 2
"""Of coverage and weights in turn; more rounds move next to nothing."""


def hear(met: Seen, pairs: Candidates, fitted: Sum) -> Summed:
    """Weigh candidates by their levels and, where it can be learnt, by their mix of radio cells.

    Args:
        met: levels, `radio` unseen.
        pairs: the same candidates, with their records by radio cell.
        fitted: what levels weigh.
    """
    summed = add_up(met, fitted)
    for _ in range(ROUNDS):
        chance = posterior(summed.seen.placed, summed.bits)[0]
        sure = np.where(met.known, 1.0, chance)
        codes = np.where(teaching(met.prison, sure), radio_codes(pairs, sure), UNSEEN)
        summed = add_up(met.having("radio", codes), fitted)
    return summed
