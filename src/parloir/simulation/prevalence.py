"""How many handsets each prison holds beside the mean of all: as many by default, none where drawn so."""

from __future__ import annotations

import numpy as np

from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Floats, stream

MOST = 5.0
"""No prison holds more than so many times the mean."""


def beside_the_mean(p: Parameters, prisons: int) -> Floats:
    """A factor for each prison: log-normal about 1, and 0 where nobody has a handset."""
    rng = stream(p.seed, "prevalence of prisons")
    spread = p["handsets.prevalence_spread"]
    factor = np.minimum(np.exp(spread * rng.standard_normal(prisons) - spread * spread / 2), MOST)
    empty = rng.random(prisons) < p["handsets.empty_prisons"]
    return np.where(empty | (p["handsets.nobody"] > 0.5), 0.0, factor)


def closed(p: Parameters, prisons: int) -> frozenset[int]:
    """Prisons into which no handset comes, by index."""
    return frozenset(np.flatnonzero(beside_the_mean(p, prisons) == 0).tolist())
