"""Searches of the past year: where teams looked, what they found, and what they wrote down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.handsets import Handsets, Uses
from parloir.simulation.occupants import Occupants
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Population
from parloir.simulation.streams import Bools, Ints, distinct_codes, stream
from parloir.simulation.times import DAY, END, HOUR

ITEMS = ("handset", "sim", "cash", "accessory", "drugs", "nothing")


@dataclass(frozen=True)
class Items:
    """Items of the search reports, sorted by search.

    Attributes:
        search: number of the search. seizure: number of the item.
        prison: index; prison_cell: −1 in a common room.
        found: time.
        item: index of ITEMS. handset: index, −1 for anything else.
        inmate: named as holder, −1 for nobody.
        imei_read: whether the report has the IMEI.
        seal: number on the seal of the item.
    """

    search: Ints
    seizure: Ints
    prison: Ints
    prison_cell: Ints
    found: Ints
    item: Ints
    handset: Ints
    inmate: Ints
    imei_read: Bools
    seal: Ints


@dataclass(frozen=True)
class Hiding:
    """Where each handset lay at a time: its prison, prison cell (−1 common room) and holder; −1 when
    nowhere."""

    prison: Ints
    prison_cell: Ints
    holder: Ints


def hidden(world: Population, lives: tuple[Handsets, Uses], times: Ints, seed: int) -> Hiding:
    """Where every handset was at its own time of `times`, by its way of hiding."""
    handsets, uses = lives
    occupants = Occupants(world, stream(seed, "hiding"))
    rows = np.flatnonzero(uses.role == 0)
    first = np.searchsorted(uses.handset[rows], np.arange(handsets.count + 1))
    prison, prison_cell, holder = (np.full(handsets.count, -1, dtype=np.int64) for _ in range(3))
    for handset, time in enumerate(times.tolist()):
        for row in rows[first[handset] : first[handset + 1]].tolist():
            if uses.start[row] <= time < uses.end[row]:
                prison[handset], holder[handset] = uses.prison[row], uses.inmate[row]
                prison_cell[handset] = _prison_cell(
                    occupants, handsets, handset, (int(uses.inmate[row]), int(uses.prison[row]), time)
                )
    return Hiding(prison, prison_cell, holder)


def _prison_cell(occupants: Occupants, handsets: Handsets, handset: int, at: tuple[int, int, int]) -> int:
    holder, prison, time = at
    hiding = int(handsets.hiding[handset])
    if hiding == 2:
        return -1
    if hiding == 1:
        others = occupants.neighbours(prison, holder, time, 1)
        where = occupants.prison_cell(others[0], time) if others else None
        return -1 if where is None else where
    own = occupants.prison_cell(holder, time)
    return -1 if own is None else own


def search_history(p: Parameters, world: Population, lives: tuple[Handsets, Uses]) -> Items:
    """Searches that ended a handset's life, and the others, most of which found nothing."""
    rng = stream(p.seed, "searches")
    handsets = lives[0]
    seized = np.flatnonzero(handsets.seized & (handsets.end > END - p["world.history_days"] * DAY))
    where = hidden(world, lives, handsets.end - 1, p.seed)
    seized = seized[where.prison[seized] >= 0]
    named = _named(p, world, where, (seized, handsets.end[seized] - 1), rng)
    empty = _empty(p, world, lives, round(seized.size * (p["searches.searches_per_find"] - 1)), rng)
    prison = np.concatenate([where.prison[seized], empty[0]])
    prison_cell = np.concatenate([where.prison_cell[seized], empty[1]])
    found = np.concatenate([handsets.end[seized], empty[2]]) // (60 * 1_000_000) * 60 * 1_000_000
    handset = np.concatenate([seized, np.full(empty[0].size, -1)])
    item = np.where(handset >= 0, 0, 5)
    inmate = np.concatenate([named, np.full(empty[0].size, -1)])
    return _with_others(p, (prison, prison_cell, found, item, handset, inmate), rng)


def _named(
    p: Parameters, world: Population, where: Hiding, at: tuple[Ints, Ints], rng: np.random.Generator
) -> Ints:
    """Whom a report names as holder: nobody, the holder, or wrongly a cell-mate."""
    seized, times = at
    occupants = Occupants(world, stream(p.seed, "named"))
    named = np.where(rng.random(seized.size) < p["searches.named_holder"], where.holder[seized], -1)
    for row in np.flatnonzero(
        (named >= 0) & (rng.random(seized.size) < p.error("searches.named_wrongly"))
    ).tolist():
        mates = occupants.cell_mates(int(named[row]), int(times[row]))
        named[row] = mates[0] if mates else named[row]
    return named


def _empty(
    p: Parameters, world: Population, lives: tuple[Handsets, Uses], count: int, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Searches at random that found no handset: of those where one lay, only the share that a search
    misses."""
    stays = world.stays
    start = END - int(p["world.history_days"]) * DAY
    row = rng.integers(0, stays.inmate.size, count * 4)
    time = start + (rng.random(row.size) * (END - start)).astype(np.int64) // DAY * DAY
    time = time // DAY * DAY + 4 * HOUR + rng.integers(0, 8, row.size) * HOUR
    kept = (stays.start[row] <= time) & (time < stays.end[row])
    row, time = row[kept][:count], time[kept][:count]
    holding = _holding(world, lives, stays.prison_cell[row], time)
    kept = ~holding | (rng.random(row.size) > p["searches.find_rate"])
    return stays.prison[row][kept], stays.prison_cell[row][kept], time[kept]


def _holding(world: Population, lives: tuple[Handsets, Uses], prison_cell: Ints, time: Ints) -> Bools:
    """Whether a handset lay with an inmate of the prison cell (its own holders' cells)."""
    handsets, uses = lives
    owners = np.flatnonzero((uses.role == 0) & (handsets.hiding[uses.handset] == 0))
    by_inmate: dict[int, list[tuple[int, int]]] = {}
    for row in owners.tolist():
        by_inmate.setdefault(int(uses.inmate[row]), []).append((int(uses.start[row]), int(uses.end[row])))
    occupants = Occupants(world, stream(0, "holding"))
    return np.array(
        [
            any(a <= t < b for i in occupants.in_prison_cell(c, -1, t) for a, b in by_inmate.get(i, ()))
            for c, t in zip(prison_cell.tolist(), time.tolist(), strict=True)
        ],
        dtype=bool,
    )


def _with_others(
    p: Parameters, rows: tuple[Ints, Ints, Ints, Ints, Ints, Ints], rng: np.random.Generator
) -> Items:
    """SIMs, cash, chargers and drugs turn up beside handsets and without them; searches get their numbers."""
    prison, prison_cell, found, item, handset, inmate = rows
    search = distinct_codes(rng, prison.size, 100_000, 100_000 + 12 * prison.size + 1000)
    more = np.flatnonzero(rng.random(prison.size) < np.where(item == 0, 0.55, 0.16))
    kinds = rng.choice([1, 2, 3, 4], more.size, p=[0.2, 0.1, 0.4, 0.3])
    instead = np.isin(np.arange(prison.size), more) & (item == 5)
    item = np.where(instead, 0, item)
    item[more] = np.where(instead[more], kinds, item[more])
    beside = more[~instead[more]]
    index = np.concatenate([np.arange(prison.size), beside])
    kind = np.concatenate([item, kinds[~instead[more]]])
    order = np.lexsort((rng.random(index.size), search[index]))
    index, kind = index[order], kind[order]
    is_handset = kind == 0
    return Items(
        search=search[index],
        seizure=distinct_codes(rng, index.size, 500_000, 500_000 + 12 * index.size + 1000),
        prison=prison[index],
        prison_cell=prison_cell[index],
        found=found[index],
        item=kind,
        handset=np.where(is_handset, handset[index], -1),
        inmate=np.where(is_handset, inmate[index], -1),
        imei_read=rng.random(index.size) >= p.missing("searches.imei_unread"),
        seal=distinct_codes(rng, index.size, 100_000, max(1_000_000, 12 * index.size)),
    )
