"""Stints: stretches of days that a handset spends on the radio cells of one site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
LEAST_DAYS = 2
"""Active days that make a stint; a briefer sojourn is a visit or a passage."""


@dataclass(frozen=True, slots=True)
class Stints:
    """Arrays of one length, sorted by handset and first day.

    Attributes:
        handset: index of the handset.
        site: site.
        first, last: local days since 1970.
    """

    handset: Numbers
    site: Numbers
    first: Numbers
    last: Numbers

    @property
    def size(self) -> int:
        """How many."""
        return int(self.handset.size)

    def of_rows(self, handset: Numbers, day: Numbers) -> Numbers:
        """The stint that each (handset, day) falls into, -1 for none."""
        if not self.size:
            return np.full(handset.size, -1, dtype=np.int64)
        base = int(self.first.min()) - 1
        width = max(int(self.last.max()), int(day.max(initial=0))) - base + 2
        starts = self.handset * width + self.first - base
        at = np.searchsorted(starts, handset * width + np.maximum(day - base, 0), side="right") - 1
        one = np.maximum(at, 0)
        inside = (at >= 0) & (self.handset[one] == handset) & (day <= self.last[one])
        return np.where(inside, at, -1)


def find(handset: Numbers, day: Numbers, site: Numbers, records: Numbers) -> Stints:
    """Stints from rows of days; rows off every site have site -1.

    A day belongs to the site with most records. Runs of days at one site are stints when at least
    `LEAST_DAYS` of them are active; what is briefer is dropped, and the runs on either side become one.
    """
    on = site >= 0
    h, d, s = _main_sites(handset[on], day[on], site[on], records[on])
    h, d, s = _without_short_runs(h, d, s)
    if not h.size:
        return Stints(h, s, d, d)
    begins = _begins(h, s)
    ends = np.append(begins[1:], h.size) - 1
    return Stints(h[begins], s[begins], d[begins], d[ends])


def _main_sites(handset: Numbers, day: Numbers, site: Numbers, records: Numbers) -> tuple[Numbers, ...]:
    base, sites = int(day.min(initial=0)), int(site.max(initial=0)) + 1
    days = int(day.max(initial=0)) - base + 1
    keys, place = np.unique((handset * days + day - base) * sites + site, return_inverse=True)
    total = np.bincount(place, records, minlength=keys.size)
    rest, s = np.divmod(keys, sites)
    h, d = np.divmod(rest, days)
    order = np.lexsort((s, -total, d, h))
    h, d, s = h[order], d[order] + base, s[order]
    first = np.append(True, (np.diff(h) != 0) | (np.diff(d) != 0))[: h.size]
    return h[first], d[first], s[first]


def _without_short_runs(handset: Numbers, day: Numbers, site: Numbers) -> tuple[Numbers, ...]:
    begins = _begins(handset, site)
    lengths = np.diff(np.append(begins, handset.size))
    keep = np.repeat(lengths >= LEAST_DAYS, lengths)
    return handset[keep], day[keep], site[keep]


def _begins(handset: Numbers, site: Numbers) -> NDArray[np.intp]:
    changed = (np.diff(handset) != 0) | (np.diff(site) != 0)
    return np.flatnonzero(np.append(True, changed)[: handset.size])
