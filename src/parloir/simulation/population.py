"""Prisons, prison cells, inmates and where each of them was, as arrays of one world."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from parloir.places import Prison, prisons_of_france
from parloir.simulation.names import draw
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, distinct_codes, groups, stream
from parloir.simulation.times import DAY, END, HOUR

FOREVER = END + 3650 * DAY
"""Ends that lie beyond the world: still inside."""


@dataclass(frozen=True)
class PrisonCells:
    """Prison cells: prison (index), number, building, floor, beds, and the radio spot of its wing."""

    prison: Ints
    number: Ints
    building: Ints
    floor: Ints
    places: Ints

    def name(self, prison_cell: int) -> str:
        """As the registers write it."""
        building, floor, number = (int(of[prison_cell]) for of in (self.building, self.floor, self.number))
        return f"{chr(65 + building)}-{floor}-{number:03d}"


@dataclass(frozen=True)
class Stays:
    """Inmates' times in prison cells, sorted by inmate and time."""

    inmate: Ints
    prison: Ints
    prison_cell: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True)
class Absences:
    """Inmates' times away; reason is an index of `REASONS`."""

    inmate: Ints
    reason: Ints
    start: Ints
    end: Ints


REASONS = ("extraction judiciaire", "extraction médicale", "quartier disciplinaire", "permission de sortir")


@dataclass(frozen=True)
class Population:
    """Everybody inside during the history.

    Attributes:
        prisons: the prisons, their index is `prison` everywhere.
        codes: identifier of each prison.
        present: inmates that each prison holds at the end of the records, as published.
        inmate_code: identifier of each inmate, drawn at random.
        family, given: indexes of names.
        birth: days since 1970.
        committed, released: times; FOREVER while inside.
    """

    prisons: tuple[Prison, ...]
    codes: tuple[str, ...]
    present: Ints
    prison_cells: PrisonCells
    inmate_code: Ints
    family: Ints
    given: Ints
    birth: Ints
    committed: Ints
    released: Ints
    stays: Stays
    absences: Absences

    @property
    def inmates(self) -> int:
        """How many inmates passed through."""
        return int(self.inmate_code.size)

    def start(self) -> int:
        """First time of the history."""
        return int(self.stays.start.min())


def populate(p: Parameters) -> Population:
    """Fill the chosen prisons and let a year pass: committals, releases, transfers, moves, absences."""
    prisons, present = choose_prisons(p)
    prison_cells = build_prison_cells(p, present, prisons)
    rng = stream(p.seed, "population")
    last, committed, released = _careers(p, present, rng)
    stays = _house(p, present, prison_cells, (last, committed, released))
    family, given = draw(rng, last.size)
    return Population(
        prisons=prisons,
        codes=tuple(f"E{i:03d}" for i in 1 + rng.permutation(len(prisons))),
        present=present,
        prison_cells=prison_cells,
        inmate_code=distinct_codes(rng, last.size, 100_000, max(1_000_000, 20 * last.size)),
        family=family,
        given=given,
        birth=-rng.integers(-8 * 365, 32 * 365, last.size) - 500,
        committed=committed,
        released=released,
        stays=stays,
        absences=_absences(p, (committed, released), rng),
    )


def choose_prisons(p: Parameters) -> tuple[tuple[Prison, ...], Ints]:
    """The prisons of this size and how many inmates each holds; smaller worlds take them at random."""
    every = prisons_of_france()
    rng = stream(p.seed, "prisons")
    wanted = min(p.size.prisons, len(every))
    pool = np.array(
        [i for i, q in enumerate(every) if wanted == len(every) or 150 <= (q.inmates or 0) <= 1500]
    )
    if wanted > pool.size:
        pool = np.arange(len(every))
    chosen = np.sort(rng.choice(pool, wanted, replace=False))
    prisons = tuple(every[int(i)] for i in chosen)
    # A prison that publishes no number of inmates holds nobody, or the published total would not come out.
    inmates = np.array([q.inmates or 0 for q in prisons], dtype=np.int64)
    return prisons, _scaled(inmates, p.size.inmates) if p.size.inmates else inmates


def _scaled(inmates: Ints, total: int) -> Ints:
    """So many inmates in all, in the same proportions: by the largest remainders."""
    exact = inmates * total / inmates.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def build_prison_cells(p: Parameters, present: Ints, prisons: tuple[Prison, ...]) -> PrisonCells:
    """Prison cells with more beds in a crowded prison, enough for a tenth more inmates than are present."""
    crowding = np.array([n / max(q.capacity or n, 1) for n, q in zip(present.tolist(), prisons, strict=True)])
    wanted = np.round(p["prisons.beds_if_full"] * crowding)
    beds = np.clip(wanted, 1, round(p["prisons.beds_most"])).astype(np.int64)
    counts = np.ceil(1.12 * present / beds).astype(np.int64) + 2
    prison = groups(counts)
    order = np.arange(prison.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return PrisonCells(
        prison=prison,
        number=order % 40 + 1,
        building=order // 160 % 26,
        floor=order // 40 % 4,
        places=beds[prison],
    )


def _careers(p: Parameters, present: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Last prison, committal and release of everybody inside at some time; stays are exponential.

    Drawn backwards from the end, where each prison holds exactly its published number: in a steady state the
    time
    since committal of those inside, and the stay of those who leave, are exponential with the same mean.
    """
    mean = p["prisons.stay_months"] * 30.44 * DAY
    start = END - p["world.history_days"] * DAY
    left = rng.poisson(present * (END - start) / mean)
    stock, flow = groups(present), groups(left)
    released = np.concatenate([np.full(stock.size, FOREVER), rng.uniform(start, END, flow.size)])
    committed = np.minimum(released, END) - np.maximum(rng.exponential(mean, released.size), 3 * HOUR)
    order = rng.permutation(released.size)
    return (
        np.concatenate([stock, flow])[order],
        committed[order].astype(np.int64),
        released[order].astype(np.int64),
    )


def _house(
    p: Parameters, present: Ints, prison_cells: PrisonCells, careers: tuple[Ints, Ints, Ints]
) -> Stays:
    """Give every inmate a bed, event by event: a prison cell holds no more people than it has beds."""
    _, committed, released = careers
    start = int(END - p["world.history_days"] * DAY)
    entry, moves = _moves(p, present, careers)
    free = _free_beds(prison_cells, present.size)
    rows: list[tuple[int, int, int, int, int]] = []
    inside: dict[int, tuple[int, int, int]] = {}
    dice = stream(p.seed, "beds").random(4 * (entry.size + len(moves)) + 16).tolist()
    heap = [(max(int(c), start), 1, i, int(e)) for i, (c, e) in enumerate(zip(committed, entry, strict=True))]
    heap += [(t, 2, i, to) for t, i, to in moves]
    heap += [(int(r), 0, i, -1) for i, r in enumerate(released) if r < END]
    heapq.heapify(heap)
    for time, kind, inmate, to in _in_order(heap):
        if kind == 2 and inmate not in inside:
            continue
        if kind != 1:
            prison, prison_cell, since = inside.pop(inmate)
            rows.append((inmate, prison, prison_cell, since, time))
            free[prison].append(prison_cell)
        if kind:
            prison = to if to >= 0 else prison
            inside[inmate] = (
                prison,
                _take(free[prison], dice),
                time if time > start else int(committed[inmate]),
            )
    rows += [(i, prison, prison_cell, since, FOREVER) for i, (prison, prison_cell, since) in inside.items()]
    columns = np.array(sorted(rows), dtype=np.int64).T
    order = np.lexsort((columns[3], columns[0]))
    return Stays(*(column[order] for column in columns))


def _in_order(heap: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    return [heapq.heappop(heap) for _ in range(len(heap))]


def _take(beds: list[int], dice: list[float]) -> int:
    """A free bed at random; in a full prison a mattress on the floor of the last prison cell."""
    at = int(dice.pop() * len(beds))
    if len(beds) == 1:
        return beds[0]
    beds[at], beds[-1] = beds[-1], beds[at]
    return beds.pop()


def _free_beds(prison_cells: PrisonCells, prisons: int) -> list[list[int]]:
    beds: list[list[int]] = [[] for _ in range(prisons)]
    for prison_cell, (prison, places) in enumerate(
        zip(prison_cells.prison.tolist(), prison_cells.places.tolist(), strict=True)
    ):
        beds[prison].extend([prison_cell] * places)
    return beds


def _moves(
    p: Parameters, present: Ints, careers: tuple[Ints, Ints, Ints]
) -> tuple[Ints, list[tuple[int, int, int]]]:
    """First prison of each inmate; time, inmate and prison of every transfer, −1 for a move within the
    prison."""
    last, committed, released = careers
    rng = stream(p.seed, "moves")
    low = np.maximum(committed, END - int(p["world.history_days"]) * DAY)
    span = np.maximum(np.minimum(released, END) - low, 0)
    rates = (
        p["prisons.transfers_per_place_year"] if (present > 0).sum() > 1 else 0.0,
        p["prisons.prison_cell_changes_per_year"],
    )
    drawn = [groups(rng.poisson(span / (365 * DAY) * rate)) for rate in rates]
    who = np.concatenate(drawn)
    away = np.arange(who.size) < drawn[0].size
    when = low[who] + (rng.random(who.size) * span[who]).astype(np.int64)
    by_day = when // DAY * DAY + rng.integers(5 * HOUR, 14 * HOUR, who.size)
    when = np.where((by_day > low[who] + HOUR) & (by_day < (low + span)[who] - HOUR), by_day, when)
    order = np.lexsort((~away, when, who))
    who, when, away = who[order], when[order], away[order]
    again = np.zeros(who.size, dtype=bool)
    again[1:] = (who[1:] == who[:-1]) & (when[1:] == when[:-1])
    kept = ~again & (when > low[who]) & (when < (low + span)[who])
    who, when, away = who[kept], when[kept], away[kept]
    entry, to = _backwards(p, present, last, (who, away), rng)
    return entry, sorted(zip(when.tolist(), who.tolist(), to.tolist(), strict=True))


def _backwards(
    p: Parameters, present: Ints, last: Ints, moves: tuple[Ints, Bools], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """First prison of each inmate and where each move led, so that the last transfer leads to the last
    prison.

    `moves` are inmates and whether it is a transfer, by inmate and time.
    """
    who, away = moves
    to = np.full(who.size, -1, dtype=np.int64)
    entry = last.copy()
    rows = np.flatnonzero(away)[::-1]
    while rows.size:
        inmate, first = np.unique(who[rows], return_index=True)
        to[rows[first]] = entry[inmate]
        entry[inmate] = _origins(p, entry[inmate], present, rng)
        rows = np.delete(rows, first)
    return entry, to


def _origins(p: Parameters, home: Ints, present: Ints, rng: np.random.Generator) -> Ints:
    """Prisons from which people are moved, larger ones more often, mostly of the same region."""
    prisons, _ = choose_prisons(p)
    regions = np.unique([q.region for q in prisons], return_inverse=True)[1]
    weight: Floats = present / present.sum()
    came = rng.choice(present.size, home.size, p=weight)
    for turn in range(40):
        abroad = (regions[came] != regions[home]) & (
            rng.random(home.size) < p["prisons.transfer_same_region"]
        )
        redo = (came == home) | (abroad & (turn < 4))
        came = np.where(redo, rng.choice(present.size, home.size, p=weight), came)
    # Where one prison holds nearly everybody, those still left come from the next one that is not empty.
    others = np.flatnonzero(present > 0)
    beside = others[(np.searchsorted(others, home) + 1) % others.size]
    return np.where(came == home, beside, came).astype(np.int64)


def _absences(p: Parameters, inside: tuple[Ints, Ints], rng: np.random.Generator) -> Absences:
    """Court and hospital for a day, the disciplinary block for one to twenty days, leave for two."""
    start = END - p["world.history_days"] * DAY
    low, high = np.maximum(inside[0], start), np.minimum(inside[1], END)
    years = np.maximum(high - low, 0) / (365 * DAY)
    who = groups(rng.poisson(years * p["prisons.absences_per_year"]))
    reason = rng.choice(4, who.size, p=[0.42, 0.26, 0.22, 0.10])
    begin = (low[who] + rng.random(who.size) * (high - low)[who]).astype(np.int64) // DAY * DAY
    begin += np.where(reason == 2, rng.integers(0, 24, who.size), rng.integers(5, 9, who.size)) * HOUR
    hours = np.choose(
        reason,
        [
            rng.integers(6, 13, who.size),
            rng.integers(4, 60, who.size),
            rng.integers(24, 480, who.size),
            rng.integers(24, 60, who.size),
        ],
    )
    end = begin + hours * HOUR
    keep = (begin > low[who]) & (end < high[who])
    order = np.lexsort((begin[keep], who[keep]))
    return Absences(*(column[keep][order] for column in (who, reason, begin, end)))
