"""Whom a handset talks to, as evidence that it is inside: an inmate's people are called from where he is.

Counted are, of the numbers by which the people of one inmate of that prison are known, those that the
handset was in touch with: the most of any inmate. Neighbours know some of these people, too, and relatives
come to visit with handsets of their own. So how often the other devices in reach show each level is counted
in the case, with a start that reckons with relatives who live near; how often handsets inside show it is
learnt beside it.

Source: A. P. Dempster, N. M. Laird, D. B. Rubin, J. R. Statist. Soc. B 39 (1977) 1–38.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parloir.presence.posterior import Placed, posterior
from parloir.presence.scene import Scene

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
NAME = "people"
LEVELS = (
    "none of an inmate's people",
    "one number of an inmate's people",
    "two numbers of one inmate's people",
    "three or more numbers of one inmate's people",
    "its own number is that of an inmate's people",
)
OWN = len(LEVELS) - 1
INSIDE = np.array([0.45, 0.33, 0.13, 0.085, 0.005])
"""Assumed: share of handsets inside at each level."""
OTHERS = np.array([0.97, 0.015, 0.003, 0.002, 0.01])
"""Assumed: the same of others; some of them are relatives."""
INSIDE_WORTH, OTHERS_WORTH = 40.0, 200.0
"""Assumed: handsets that these shares are worth, for each of `SIZES`."""
SIZES = (4, 10, 25)
"""Distinct numbers of a handset from which on it may show more: strata."""
COMMON, COMMON_COUNT = 0.02, 8
"""A number that so large a share of all handsets talks to, and so many of them, is a taxi's or a lawyer's."""
ROUNDS = 4
"""Shares and probabilities are found in turn; more rounds move next to nothing."""


@dataclass(frozen=True)
class Called:
    """What the candidates show of it, and what that weighs.

    Attributes:
        level: of each candidate, -1 for one that talks to nobody, or where nobody's people are known,
            shape (candidates,).
        met: numbers of one inmate's people it was in touch with, (candidates,).
        bits: (candidates,).
    """

    level: Numbers
    met: Numbers
    bits: Floats

    @classmethod
    def unseen(cls, candidates: int) -> Called:
        """Where no registers were given."""
        none = np.zeros(candidates, dtype=np.int64)
        return cls(none - 1, none, np.zeros(candidates))


def called(
    connection: duckdb.DuckDBPyConnection, seen: Scene, people: pa.Table | None, so_far: tuple[Placed, Floats]
) -> Called:
    """Weigh whom the candidates talk to.

    Args:
        connection: with the view network_records.
        seen: what was counted.
        people: prison, inmate, number: those of everybody's people, or None.
        so_far: candidates, and the weight of all other evidence on each.
    """
    pairs = seen.candidates
    if people is None or not people.num_rows or not pairs.stint.size:
        return Called.unseen(pairs.stint.size)
    met = most_met(seen, people)
    talks = seen.seen.correspondents[pairs.stint]
    named = set(people["prison"].unique().to_pylist())
    known = np.array([name in named for name in seen.prison_names], dtype=bool)
    level = np.where((talks > 0) & known[pairs.prison], np.minimum(met, OWN - 1), -1)
    imei14 = seen.handsets.imei14[seen.stints.handset[pairs.stint]]
    level[np.isin(imei14, _own_numbers(connection, people)) & (level >= 0)] = OWN
    stratum = np.digitize(talks, SIZES)
    return Called(level, met, weigh_levels((level, stratum), *so_far))


def weigh_levels(code: tuple[Numbers, Numbers], placed: Placed, own: Floats) -> Floats:
    """Bits of each candidate's level, by expectation and maximisation.

    Args:
        code: level, -1 where unseen, and stratum of each candidate.
        placed: candidates.
        own: weight of all other evidence.
    """
    level, stratum = code
    shown, size = level >= 0, len(SIZES) + 1
    key = (stratum * len(LEVELS) + np.maximum(level, 0))[shown]
    bits = np.zeros(level.size)
    table = np.tile(np.log2(INSIDE / OTHERS), size)
    for _ in range(ROUNDS):
        bits[shown] = table[key]
        chance = posterior(placed, own + bits)[0][shown]
        inside = _shares(key, chance, INSIDE * INSIDE_WORTH)
        others = _shares(key, 1.0 - chance, OTHERS * OTHERS_WORTH)
        table = np.log2(inside) - np.log2(others)
    bits[shown] = table[key]
    return np.round(bits, 6)


def _shares(key: Numbers, mass: Floats, start: Floats) -> Floats:
    """Share of each level within its stratum, strata one after another."""
    counts = np.bincount(key, mass, minlength=start.size * (len(SIZES) + 1)).reshape(-1, start.size) + start
    return np.asarray((counts / counts.sum(axis=1, keepdims=True)).ravel())


def most_met(seen: Scene, people: pa.Table) -> Numbers:
    """How many numbers of one inmate's people each candidate was in touch with, the most of any inmate."""
    pairs, names = seen.candidates, {name: place for place, name in enumerate(seen.prison_names)}
    number, prison, inmate = _coded(people, names)
    handset, talked = _distinct(seen, number)
    first, last = np.searchsorted(number, talked), np.searchsorted(number, talked, "right")
    rows = np.repeat(first, last - first) + _within(last - first)
    whose = np.repeat(handset, last - first) * (int(inmate.max(initial=0)) + 1) + inmate[rows]
    keys, place, count = np.unique(whose * len(names) + prison[rows], return_index=True, return_counts=True)
    owner = np.repeat(handset, last - first)[place] * len(names) + keys % len(names)
    asked = seen.stints.handset[pairs.stint].astype(np.int64) * len(names) + pairs.prison
    order = np.lexsort((-count, owner))
    best, top = np.unique(owner[order], return_index=True)
    at = np.minimum(np.searchsorted(best, asked), max(best.size - 1, 0))
    there = best[at] == asked if best.size else np.zeros(asked.size, dtype=bool)
    return np.where(there, count[order][top][at] if best.size else 0, 0).astype(np.int64)


def _coded(people: pa.Table, names: dict[str, int]) -> tuple[Numbers, Numbers, Numbers]:
    """Number, prison and inmate of each row as integers, sorted by number."""
    inmate = people["inmate"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    prison = np.array([names.get(str(name), -1) for name in people["prison"].to_pylist()], dtype=np.int64)
    number = people["number"].to_numpy().astype(np.int64)
    kept = np.flatnonzero(prison >= 0)
    order = kept[np.argsort(number[kept], kind="stable")]
    return number[order], prison[order], inmate[order]


def _distinct(seen: Scene, known: Numbers) -> tuple[Numbers, Numbers]:
    """Handset and number of those pairs whose number is anybody's, common ones left out, each once."""
    talked = seen.correspondents
    mine = pc.is_in(pa.array(talked.number), value_set=pa.array(np.unique(known))).to_numpy(False)
    numbers, place = np.unique(talked.number[mine], return_inverse=True)
    both = np.unique(talked.handset[mine].astype(np.int64) * max(numbers.size, 1) + place)
    handset, column = np.divmod(both, max(numbers.size, 1))
    many = np.bincount(column, minlength=numbers.size)
    common = (many >= COMMON_COUNT) & (many >= COMMON * len(seen.handsets.names))
    kept = ~common[column]
    return handset[kept], numbers[column[kept]]


def _within(sizes: Numbers) -> Numbers:
    """0, 1, … within each group of so many."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _own_numbers(connection: duckdb.DuckDBPyConnection, people: pa.Table) -> Numbers:
    """IMEIs that were used with a number of an inmate's people."""
    connection.register("people", people)
    found = connection.execute(
        "SELECT DISTINCT imei14 FROM network_records"
        " WHERE imei14 IS NOT NULL AND number IN (SELECT number FROM people) ORDER BY imei14"
    ).fetchnumpy()
    connection.unregister("people")
    return np.asarray(found["imei14"], dtype=np.int64)
