"""Numbers that name handsets, once the IMEIs that behave as one handset are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.identifiers import imei
from parloir.presence.pairs import SAME, Behaviour, Pairs, compare, mutual
from parloir.presence.scene import Scene

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
COMPARED = 0.2
"""Handsets less likely to be inside are not compared with others."""


@dataclass(frozen=True)
class Link:
    """Two IMEIs that behave as one handset.

    Attributes:
        first, second: candidates compared.
        imei14, other_imei14: their IMEIs, lower first.
        levels: trait → (level, bits).
    """

    first: int
    second: int
    imei14: int
    other_imei14: int
    levels: dict[str, tuple[str, float]]


@dataclass(frozen=True)
class Naming:
    """`number` names each handset of the scene, shape (handsets,); `links` say which IMEIs share one."""

    number: Numbers
    links: tuple[Link, ...]


def name_handsets(seen: Scene, chance: Floats) -> Naming:
    """Compare the handsets that may be inside the same prison, and name all.

    Args:
        seen: what was counted.
        chance: probability of each candidate, shape (candidates,).
    """
    number = _own_number(seen)
    groups = _groups(seen, chance)
    links: list[Link] = []
    for at, pairs in zip(groups, compare([_behaviour(seen, one) for one in groups]), strict=True):
        for one in mutual(pairs):
            link = _link(seen, number, (int(at[pairs.first[one]]), int(at[pairs.second[one]])), pairs, one)
            links.append(link)
    for link in links:
        number[number == link.other_imei14] = link.imei14
    return Naming(number, tuple(sorted(links, key=lambda link: (link.imei14, link.other_imei14))))


def _own_number(seen: Scene) -> Numbers:
    copies = np.array([int(name.partition("~")[2] or 1) - 1 for name in seen.handsets.names], dtype=np.int64)
    return np.asarray(seen.handsets.imei14 + copies * imei.COPY, dtype=np.int64)


def _groups(seen: Scene, chance: Floats) -> list[Numbers]:
    """Candidates to compare, one list a prison, each handset once."""
    pairs = seen.candidates
    groups = []
    for prison in range(seen.prisons.num_rows):
        mine = np.flatnonzero((pairs.prison == prison) & (chance >= COMPARED))
        _, first = np.unique(seen.stints.handset[pairs.stint[mine]], return_index=True)
        if first.size > 1:
            groups.append(mine[np.sort(first)])
    return groups


def _behaviour(seen: Scene, at: Numbers) -> Behaviour:
    handset = seen.stints.handset[seen.candidates.stint[at]]
    place = np.full(len(seen.handsets.names), -1, dtype=np.int64)
    place[handset] = np.arange(handset.size)
    stint = np.flatnonzero(place[seen.stints.handset] >= 0)
    begins, ends = (np.searchsorted(seen.rows.stint, stint, side=side) for side in ("left", "right"))
    use = np.repeat(ends - np.cumsum(ends - begins), ends - begins) + np.arange((ends - begins).sum())
    row = place[seen.stints.handset[seen.rows.stint[use]]]
    day = seen.rows.day[use].astype(np.int64)
    day -= int(day.min(initial=np.iinfo(np.int64).max))
    hours = np.zeros((handset.size, int(day.max(initial=0)) + 1, 24), dtype=bool)
    mask = seen.rows.hours[use]
    for hour in range(24):
        met = (mask >> hour) & 1 == 1
        hours[row[met], day[met], hour] = True
    return Behaviour(
        seen.handsets.imei14[handset], hours.reshape(handset.size, -1), _numbers(seen, place, handset.size)
    )


def _numbers(seen: Scene, place: Numbers, size: int) -> NDArray[np.bool_]:
    row = place[seen.correspondents.handset]
    numbers, column = np.unique(seen.correspondents.number[row >= 0], return_inverse=True)
    has = np.zeros((size, numbers.size), dtype=bool)
    has[row[row >= 0], column] = True
    return has


def _link(seen: Scene, number: Numbers, at: tuple[int, int], pairs: Pairs, one: int) -> Link:
    handset = seen.stints.handset[seen.candidates.stint[np.array(at)]]
    names = sorted(int(number[h]) for h in handset)
    levels = {
        trait.kind: (trait.levels[int(pairs.levels[one, place])], float(pairs.bits[one, place]))
        for place, trait in enumerate(SAME)
    }
    return Link(at[0], at[1], names[0], names[1], levels)
