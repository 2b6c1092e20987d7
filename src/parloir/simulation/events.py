"""An event on somebody's handset, before the network sees it; and the hours at which people make them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from parloir.simulation.streams import Bools, Floats, Ints
from parloir.simulation.times import DAY, HOUR, offset_min, MINUTE

KINDS = ("call_out", "call_in", "text_out", "text_in", "data", "signalling")
KIND = {name: index for index, name in enumerate(KINDS)}


@dataclass(frozen=True)
class Events:
    """Events as columns of one length.

    Attributes:
        time: microseconds UTC; duration: seconds.
        kind: index of KINDS.
        imei, imsi, number: identities; correspondent −1 where there is none.
        operator, layer: indexes. layer 0 is 2G.
        prison: index of the prison whose wing it comes from.
        wing: spot within that prison.
        source: handset, or device of the outside.
    """

    time: Ints
    duration: Ints
    kind: Ints
    imei: Ints
    imsi: Ints
    number: Ints
    correspondent: Ints
    operator: Ints
    layer: Ints
    prison: Ints
    wing: Ints
    source: Ints

    def where(self, chosen: Bools | Ints) -> Events:
        """Some of them."""
        return Events(*(getattr(self, f.name)[chosen] for f in fields(self)))


_HOURS: dict[str, list[float]] = {
    # Assumed shapes, one weight an hour from midnight. Inmates: lock-up evenings and nights.
    "inmate": [7, 5, 3, 2, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 6, 8, 9, 10, 11, 11, 9],
    "anybody": [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1.5, 4, 6, 6.5, 6.5, 6.5, 7, 6, 6, 6, 6.5, 8, 8.5, 8, 7, 6, 4, 2],
    "homebound": [2, 1.5, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6, 6, 5, 6, 6, 6, 7, 8, 8, 8, 7, 6, 4],
    "night owl": [7, 6, 5, 3, 2, 1, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 9],
    "working": [0, 0, 0, 0, 0, 0, 0.5, 2, 7, 8, 8, 8, 9, 7, 8, 8, 7, 5, 1, 0, 0, 0, 0, 0],
    "machine": [1] * 24,
}


def profile_hours(name: str, rng: np.random.Generator, count: int) -> Floats:
    """Hours of the day on the wall, [0, 24), by a profile."""
    weight = np.array(_HOURS[name])
    edges = np.concatenate([[0.0], np.cumsum(weight / weight.sum())])
    return np.interp(rng.random(count), edges, np.arange(25.0))


def clock(day: Ints, hours: Floats, rng: np.random.Generator) -> Ints:
    """The time on a day (any time of it) at an hour on the wall."""
    shift = offset_min(day) * MINUTE
    midnight = (day + shift) // DAY * DAY - shift
    jitter = rng.integers(0, MINUTE, day.size)
    return midnight + (hours * HOUR).astype(np.int64) + jitter
