"""Which SIMs of one IMEI are in one handset: copies of an IMEI are told apart by SIMs that never mix.

Makers and forgers give many handsets one IMEI. What shows it: the IMEI at two places at once; two of its SIMs
in use at once; SIMs that each keep to their own prison while the IMEI seems to go from prison to prison and
back. A handset that is moved carries its SIMs along, or has the same correspondents after the move: it
stays whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from parloir.places import distance_m

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
REACH_M = 30_000.0
"""Two radio cells that a handset can be served by at one place are no farther apart than this."""
SPEED_MS = 60.0
"""Nobody moves faster: 216 km/h."""
LEAST_TIMES = 3
"""What happens less often is taken for a wrong clock or a freak of radio."""
KEPT = 0.9
"""A SIM keeps to a site when no less of its records on any site's radio cells are there."""
MOST = 100
"""Handsets of one IMEI that are told apart."""
NUMBERS = 3
"""A SIM with fewer numbers need have none in common with another of the same hand."""
SAME_DAYS = 3
"""Two SIMs in use on so many same days are not one after the other."""


@dataclass(frozen=True)
class Used:
    """Where one IMEI was used, arrays of one length; rows of `days.sql`.

    Attributes:
        imsi: SIM, 0 where not told; day: local, since 1970; first_us: first record of the row.
        site: that the radio cell serves, -1 for none.
        latitude, longitude: of the radio cell, NaN where not known.
        records: how many.
    """

    imsi: Numbers
    day: Numbers
    first_us: Numbers
    site: Numbers
    latitude: Floats
    longitude: Floats
    records: Numbers


@dataclass(frozen=True)
class Homes:
    """Where each SIM is most at home, arrays of one length sorted by SIM.

    Attributes:
        imsi: SIM.
        site: that most of its records on any site's radio cells are at, -1 for none.
        kept: whether it keeps to that site.
        latitude, longitude: of the radio cell it was most at.
        records: how many it has.
    """

    imsi: Numbers
    site: Numbers
    kept: NDArray[np.bool_]
    latitude: Floats
    longitude: Floats
    records: Numbers

    @classmethod
    def of(cls, used: Used) -> Homes:
        """Of all SIMs that are told."""
        sims = np.unique(used.imsi[used.imsi > 0])
        rows = [_home(used, np.flatnonzero(used.imsi == sim)) for sim in sims]
        site, kept, latitude, longitude, records = zip(*rows, strict=True) if rows else ((),) * 5
        return cls(
            sims,
            np.array(site, dtype=np.int64),
            np.array(kept, dtype=bool),
            np.array(latitude, dtype=np.float64),
            np.array(longitude, dtype=np.float64),
            np.array(records, dtype=np.int64),
        )


def _home(used: Used, own: Numbers | NDArray[np.intp]) -> tuple[int, bool, float, float, int]:
    placed = own[np.isfinite(used.latitude[own])]
    main = placed[np.argmax(used.records[placed])] if placed.size else own[0]
    on = own[used.site[own] >= 0]
    sites, at = np.unique(used.site[on], return_inverse=True)
    many = np.bincount(at, used.records[on], minlength=sites.size)
    best = int(np.argmax(many)) if sites.size else -1
    kept = bool(sites.size) and many[best] >= KEPT * many.sum()
    return (
        int(sites[best]) if sites.size else -1,
        kept,
        float(used.latitude[main]),
        float(used.longitude[main]),
        int(used.records[own].sum()),
    )


def turns(used: Used, homes: Homes) -> int:
    """How often the IMEI went from one site to another, where each SIM keeps to its own; else 0.

    Once for each site but the first is what a handset does that is moved and given a new SIM.
    """
    at_sites = homes.site >= 0
    if not homes.kept[at_sites].all() or np.unique(homes.site[at_sites]).size < 2:
        return 0
    place = np.minimum(np.searchsorted(homes.imsi, used.imsi), homes.imsi.size - 1)
    own = (homes.imsi[place] == used.imsi) & (used.site >= 0) & (used.site == homes.site[place])
    order = np.argsort(used.first_us[own], kind="stable")
    return int(np.count_nonzero(np.diff(used.site[own][order])))


def strangers(people: Mapping[int, frozenset[int]], groups: Mapping[int, int]) -> bool:
    """Whether no number is common to SIMs of different groups (SIM → group)."""
    whose: dict[int, int] = {}
    for sim, numbers in people.items():
        for number in numbers:
            if sim in groups and whose.setdefault(number, groups[sim]) != groups[sim]:
                return False
    return True


def split(used: Used, homes: Homes, people: Mapping[int, frozenset[int]], at_once: bool) -> Numbers:
    """The handset, from 0, of each row: SIMs at home at one place are in one.

    Args:
        used: rows of one IMEI that has copies.
        homes: of its SIMs.
        people: SIM → numbers that it was in touch with, without those of many.
        at_once: whether nothing but SIMs in use at once shows the copies: then those with people in common
            are in one handset wherever they are, and those of one place in two when they are in use on the
            same days and nobody is common to both.
    """
    fits = partial(_of_one_hand, used, homes, _circles(homes, people)) if at_once else partial(_near, homes)
    groups: list[list[int]] = []
    for sim in np.lexsort((homes.imsi, -homes.records)).tolist():
        fitting = [group for group in groups if fits(group, sim)]
        if fitting:
            fitting[0].append(sim)
        else:
            groups.append([sim])
    number = np.zeros(homes.imsi.size, dtype=np.int64)
    for at, group in enumerate(sorted(groups, key=min)):
        number[group] = min(at, MOST - 1)
    return _rows(used, homes, number)


def _near(homes: Homes, group: list[int], sim: int) -> bool:
    return _one_place(homes, group[0], sim)


def _of_one_hand(used: Used, homes: Homes, circle: list[int], group: list[int], sim: int) -> bool:
    """Whether a SIM has people in common with a group's, or is near and not shown to be another's."""
    if any(circle[sim] == circle[one] >= 0 for one in group):
        return True
    return _near(homes, group, sim) and not any(_apart(used, homes, circle, one, sim) for one in group)


def _one_place(homes: Homes, one: int, other: int) -> bool:
    if homes.site[one] >= 0 and homes.site[other] >= 0:
        return bool(homes.site[one] == homes.site[other])
    # Not <=: a SIM whose place is not known (NaN) shows no second place.
    return not _metres(homes, one, other) > REACH_M


def _metres(homes: Homes, one: int, other: int) -> float:
    here, there = ((float(homes.latitude[at]), float(homes.longitude[at])) for at in (one, other))
    return float(distance_m(*here, *there))


def _circles(homes: Homes, people: Mapping[int, frozenset[int]]) -> list[int]:
    """The circle of people of each SIM: numbers in common, be it over a third SIM, make one; -1 for few."""
    circle = list(range(homes.imsi.size))
    first: dict[int, int] = {}
    for at, sim in enumerate(homes.imsi.tolist()):
        for number in people.get(sim, frozenset()):
            one, other = circle[first.setdefault(number, at)], circle[at]
            circle = [min(one, other) if of in (one, other) else of for of in circle]
    alone = [circle.count(of) == 1 for of in circle]
    few = [len(people.get(sim, frozenset())) < NUMBERS for sim in homes.imsi.tolist()]
    return [-1 if one and little else of for of, one, little in zip(circle, alone, few, strict=True)]


def _apart(used: Used, homes: Homes, circle: list[int], one: int, other: int) -> bool:
    days = [np.unique(used.day[used.imsi == homes.imsi[sim]]) for sim in (one, other)]
    known = circle[one] >= 0 and circle[other] >= 0 and circle[one] != circle[other]
    return known and np.intersect1d(days[0], days[1]).size >= SAME_DAYS


def _rows(used: Used, homes: Homes, number: Numbers) -> Numbers:
    """The handset of each row; rows without a SIM go with the nearest."""
    place = np.minimum(np.searchsorted(homes.imsi, used.imsi), max(homes.imsi.size - 1, 0))
    if not homes.imsi.size:
        return np.zeros(used.imsi.size, dtype=np.int64)
    result = number[place]
    for at in np.flatnonzero(homes.imsi[place] != used.imsi):
        metres = distance_m(
            np.full(number.size, used.latitude[at]), np.full(number.size, used.longitude[at]),
            homes.latitude, homes.longitude,
        )  # fmt: skip
        result[at] = number[int(np.argmin(np.nan_to_num(metres, nan=np.inf)))]
    return result
