"""Numbers that name handsets, once the IMEIs that behave as one handset are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.identifiers import imei
from parloir.presence.engines import for_duckdb, query
from parloir.presence.pairs import Behaviour, Pairs, compare, imei_levels, mutual, told
from parloir.presence.scene import Scene
from parloir.presence.together import Doings, Met, Mix, alike, by_turns, calls, in_touch, minutes, numbers

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
COMPARED = 0.2
"""Handsets less likely to be inside are not compared with others."""
DAYS_APART = 2
"""Two that changed prison so many days apart did so together: a second IMEI is not in use every day."""
TELLS = 2.0
"""Fewer times together expected by chance show nothing."""
NUMBERS = 4
"""Who was in touch with fewer numbers need have none in common even with himself."""
RARE, SEVERAL = 0.75, 2.0
"""So much in common, as `together.numbers` counts it, is a rare number, and several."""
FEW_OF_THEM, MOST_OF_THEM = 0.15, 0.4
"""Below the one share of the fewer's numbers several are no more than a rare number or two; from the other
on they are most of the numbers."""
AT_A_TIME = 1_000_000
"""Records of handsets compared that are held at a time."""
DOINGS = ("place", "second", "talk_s", "imsi", "number")


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


def name_handsets(connection: duckdb.DuckDBPyConnection, seen: Scene, chance: Floats) -> Naming:
    """Compare the handsets that may be inside the same prison, and name all.

    Args:
        connection: with the view network_records.
        seen: what was counted.
        chance: probability of each candidate, shape (candidates,).
    """
    number = _own_number(seen)
    groups = _groups(seen, chance)
    doings = _doings(connection, seen, groups)
    called = np.sort(seen.correspondents.number)
    behaviours = [_behaviour(seen, one, does, called) for one, does in zip(groups, doings, strict=True)]
    links: list[Link] = []
    for at, pairs in zip(groups, compare(behaviours), strict=True):
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
    """Candidates to compare, one list a prison, each handset once; copies of an IMEI are no one's second."""
    pairs = seen.candidates
    handset = seen.stints.handset[pairs.stint]
    _, at, copies = np.unique(seen.handsets.imei14, return_inverse=True, return_counts=True)
    likely = (chance >= COMPARED) & (copies[at] == 1)[handset]
    groups = []
    for prison in range(seen.prisons.num_rows):
        mine = np.flatnonzero((pairs.prison == prison) & likely)
        _, first = np.unique(handset[mine], return_index=True)
        if first.size > 1:
            groups.append(mine[np.sort(first)])
    return groups


def _handsets(seen: Scene, at: Numbers) -> Numbers:
    return np.asarray(seen.stints.handset[seen.candidates.stint[at]], dtype=np.int64)


def _doings(connection: duckdb.DuckDBPyConnection, seen: Scene, groups: list[Numbers]) -> Iterator[Doings]:
    """What the handsets of each group did from their first to their last record inside any prison."""
    many = len(seen.handsets.names)
    first, last = np.full(many, np.iinfo(np.int64).max), np.zeros(many, dtype=np.int64)
    np.minimum.at(first, seen.stints.handset, seen.seen.from_us)
    np.maximum.at(last, seen.stints.handset, seen.seen.to_us)
    records = np.bincount(seen.stints.handset, seen.seen.records, minlength=many).astype(np.float64)
    for batch in _batches([_handsets(seen, one) for one in groups], records):
        handset = np.unique(np.concatenate(batch))
        compared = {
            "imei14": seen.handsets.imei14[handset],
            "place": handset,
            "from_us": first[handset],
            "to_us": last[handset],
        }
        columns = _read(connection, pa.table(compared))
        yield from (_of_group(columns, np.sort(one), one) for one in batch)


def _read(connection: duckdb.DuckDBPyConnection, compared: pa.Table) -> list[Numbers]:
    """Columns `DOINGS` of the records of handsets from one time to another."""
    connection.register("compared", compared)
    rows = connection.execute(for_duckdb(query("compared"))).to_arrow_table()
    connection.unregister("compared")
    return [rows[name].to_numpy() for name in DOINGS]


def _batches(groups: list[Numbers], records: Floats) -> Iterator[list[Numbers]]:
    """Groups in their order, about `AT_A_TIME` records in each batch: all records are read once for each."""
    size = np.array([records[one].sum() for one in groups])
    number = ((np.cumsum(size) - size) // AT_A_TIME).astype(np.int64)
    for one in np.unique(number):
        yield [groups[at] for at in np.flatnonzero(number == one)]


def _of_group(columns: list[Numbers], known: Numbers, handset: Numbers) -> Doings:
    use = np.flatnonzero(np.isin(columns[0], known))
    place = np.argsort(handset)[np.searchsorted(known, columns[0][use])]
    return Doings(place.astype(np.int64), *(column[use] for column in columns[1:]))


def _behaviour(seen: Scene, at: Numbers, does: Doings, called: Numbers) -> Behaviour:
    """Compare one group; `called` has each number as often as handsets of the case called it, sorted."""
    handset = _handsets(seen, at)
    n = handset.size
    first, second = np.triu_indices(n, 1)
    place = np.full(len(seen.handsets.names), -1, dtype=np.int64)
    place[handset] = np.arange(n)
    row = place[seen.correspondents.handset]
    use = np.flatnonzero(row >= 0)
    number = seen.correspondents.number[use]
    many = np.searchsorted(called, number, side="right") - np.searchsorted(called, number)
    met = Met(row[use], number, many.astype(np.int64), len(seen.handsets.names))
    beside = minutes(does, n)
    columns = (
        _in_common(met, by_turns(does, n)),
        in_touch(does, met, n).astype(np.float64),
        beside.days,
        np.where(beside.chance >= TELLS, beside.lift, np.nan),
        np.nan_to_num(alike(_mix(seen, at), n), nan=2.0),
        _moves(seen, handset),
    )
    imeis = seen.handsets.imei14[handset]
    numbered = imei_levels(imeis[first], imeis[second]).astype(np.float64)
    values = np.column_stack([numbered, *(column[first, second] for column in columns)])
    return Behaviour.of(values, calls(does, n))


def _in_common(met: Met, turns: Numbers) -> Floats:
    """Level of the numbers and SIMs in common: a SIM in both tells more than the numbers that go with it."""
    rare, share = numbers(met, len(turns))
    level = np.select(
        [rare < 1e-9, rare < RARE, (rare < SEVERAL) | (share < FEW_OF_THEM), share < MOST_OF_THEM],
        [0.0, 1.0, 2.0, 3.0],
        4.0,
    )
    own = np.bincount(met.of, minlength=len(turns))
    little = np.minimum(own[:, None], own[None, :]) < NUMBERS
    return np.where(turns > 1, 6.0, np.where(turns > 0, 5.0, np.where(little & (level < 1), np.nan, level)))


def _mix(seen: Scene, at: Numbers) -> Mix:
    """Records of the candidates by radio cell of their prison."""
    own, slots = seen.candidates.own, seen.candidates.own_slots
    place = np.full(seen.candidates.stint.size, -1, dtype=np.int64)
    place[at] = np.arange(at.size)
    use = np.flatnonzero(place[own.owner] >= 0)
    slot = own.slot[use]
    return Mix(place[own.owner[use]], slots.radio_cell[slot], slots.network[slot], own.count[use])


def _moves(seen: Scene, handset: Numbers) -> Floats:
    """0 neither changed prison, 1 both did together, 2 one alone or on another day; shape (n, n)."""
    stints = seen.stints
    at = np.flatnonzero(np.diff(stints.handset) == 0)
    place = np.full(len(seen.handsets.names), -1, dtype=np.int64)
    place[handset] = np.arange(handset.size)
    at = at[place[stints.handset[at]] >= 0]
    who, day = place[stints.handset[at]], stints.first[at + 1]
    level = np.zeros((handset.size, handset.size))
    level[who, :], level[:, who] = 2.0, 2.0
    way = stints.site[at] * (int(stints.site.max(initial=0)) + 1) + stints.site[at + 1]
    one, other = np.nonzero(
        (way[:, None] == way[None, :]) & (np.abs(day[:, None] - day[None, :]) <= DAYS_APART)
    )
    level[who[one], who[other]] = 1.0
    return level


def _link(seen: Scene, number: Numbers, at: tuple[int, int], pairs: Pairs, one: int) -> Link:
    names = sorted(int(number[h]) for h in _handsets(seen, np.array(at)))
    return Link(at[0], at[1], names[0], names[1], told(pairs, one))
