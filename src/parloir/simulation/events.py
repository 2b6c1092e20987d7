"""An event on somebody's handset as the network sees it, and the hours at which people make them.

Times are whole seconds since the first midnight of the records, on the wall in Paris: the day is `time //
86400`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from parloir.simulation.streams import Bools, Ints

KINDS = ("call_out", "call_in", "text_out", "text_in", "data", "signalling")
KIND = {name: index for index, name in enumerate(KINDS)}
A_DAY = 86_400
_FINE = 4_096
Drawn = tuple[Ints, Ints, Ints]
"""Device (row), time (seconds) and spot of events outside, arrays of one length."""


@dataclass(frozen=True)
class Events:
    """Events as columns of one length.

    Attributes:
        time, duration: seconds.
        kind: index of KINDS.
        imei, imsi, number: identities; correspondent −1 where there is none.
        operator, layer: indexes; layer 0 is 2G.
        spot: where in the area.
        radio_cell, radio_cell_end: rows of the area's sites, at start and end.
        inside: made on a contraband handset.
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
    spot: Ints
    radio_cell: Ints
    radio_cell_end: Ints
    inside: Bools

    @property
    def count(self) -> int:
        """How many."""
        return int(self.time.size)

    def where(self, chosen: Bools | Ints) -> Events:
        """Some of them."""
        return Events(*(getattr(self, f.name)[chosen] for f in fields(self)))


def joined(parts: list[Events]) -> Events:
    """Several in one."""
    return Events(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Events)))


PROFILES: dict[str, list[float]] = {
    # Assumed shapes, one weight an hour from midnight. Inmates: lock-up evenings and nights.
    "inmate": [7, 5, 3, 2, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 6, 8, 9, 10, 11, 11, 9],
    "anybody": [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1.5, 4, 6, 6.5, 6.5, 6.5, 7, 6, 6, 6, 6.5, 8, 8.5, 8, 7, 6, 4, 2],
    "homebound": [2, 1.5, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6, 6, 5, 6, 6, 6, 7, 8, 8, 8, 7, 6, 4],
    "night owl": [7, 6, 5, 3, 2, 1, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 9],
    "working": [0, 0, 0, 0, 0, 0, 0.5, 2, 7, 8, 8, 8, 9, 7, 8, 8, 7, 5, 1, 0, 0, 0, 0, 0],
}


@cache
def _seconds() -> Ints:
    """Second of the day by profile and quantile, shape (profiles, _FINE)."""
    rows = []
    for weight in PROFILES.values():
        edges = np.concatenate([[0.0], np.cumsum(np.array(weight) / sum(weight))])
        rows.append(np.interp((np.arange(_FINE) + 0.5) / _FINE, edges, np.arange(25.0)) * 3600)
    return np.array(rows).astype(np.int64)


def clock(profile: Ints | str, rng: np.random.Generator, count: int) -> Ints:
    """Seconds of the day, drawn from a profile or from one for each row."""
    row = list(PROFILES).index(profile) if isinstance(profile, str) else profile
    fine = rng.integers(0, _FINE, count, dtype=np.uint16)
    jitter = rng.integers(0, 60, count, dtype=np.uint8)
    return np.asarray(np.minimum(_seconds()[row, fine] + jitter, A_DAY - 1), dtype=np.int64)
