"""Visits and calls on the prison's own telephones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.parameters import Parameters
from parloir.simulation.population import Population
from parloir.simulation.streams import Ints, groups, stream
from parloir.simulation.times import DAY, END, HOUR, MINUTE, SECOND, local


@dataclass(frozen=True)
class Visits:
    """Visits held, sorted by inmate and time; `tie` is a row of the ties."""

    tie: Ints
    inmate: Ints
    prison: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True)
class OfficialCalls:
    """Lawful calls, sorted by inmate and time."""

    tie: Ints
    inmate: Ints
    prison: Ints
    start: Ints
    seconds: Ints


def where_inmates_were(world: Population, inmate: Ints, time: Ints) -> tuple[Ints, Ints]:
    """Prison and prison cell of inmates at times; −1 when not inside."""
    stays = world.stays
    key = stays.inmate * (1 << 32) + np.maximum(stays.start, 0) // SECOND
    place = np.searchsorted(key, inmate * (1 << 32) + time // SECOND, side="right") - 1
    place = np.maximum(place, 0)
    right = (stays.inmate[place] == inmate) & (stays.start[place] <= time) & (time < stays.end[place])
    return np.where(right, stays.prison[place], -1), np.where(right, stays.prison_cell[place], -1)


def hold_visits(p: Parameters, world: Population, society: Society) -> Visits:
    """Visits from Wednesday to Sunday, 9 to 17, of 30 to 60 minutes, spread over the ties that visit."""
    rng = stream(p.seed, "visits")
    rows = np.flatnonzero(society.ties.visits)
    start = END - p["world.history_days"] * DAY
    owner = society.ties.inmate[rows]
    months = (np.minimum(world.released[owner], END) - np.maximum(world.committed[owner], start)) / (
        30.44 * DAY
    )
    companions = np.bincount(owner, minlength=world.inmates)[owner]
    rate = p["people.visits_per_month"] / companions * rng.gamma(2.0, 0.5, rows.size)
    tie = rows[groups(rng.poisson(np.maximum(months, 0) * rate))]
    inmate = society.ties.inmate[tie]
    low, high = np.maximum(world.committed[inmate], start), np.minimum(world.released[inmate], END)
    day = (low + rng.random(tie.size) * (high - low)).astype(np.int64) // DAY
    day += np.where((day + 3) % 7 < 2, rng.integers(2, 5, tie.size), 0)
    begin = day * DAY + 7 * HOUR + rng.integers(0, 32, tie.size) * 15 * MINUTE
    prison, _ = where_inmates_were(world, inmate, begin)
    kept = (prison >= 0) & (begin < END)
    order = np.lexsort((begin[kept], inmate[kept]))
    begin = begin[kept][order]
    length = rng.choice([30, 45, 60], begin.size, p=[0.3, 0.5, 0.2]) * MINUTE
    return Visits(tie[kept][order], inmate[kept][order], prison[kept][order], begin, begin + length)


def place_calls(p: Parameters, world: Population, society: Society) -> OfficialCalls:
    """Lawful calls during the days of the network records, 8 to 19 o'clock."""
    rng = stream(p.seed, "official calls")
    rows = np.flatnonzero(society.ties.approved)
    start = END - p.size.days * DAY
    owner = society.ties.inmate[rows]
    weeks = (np.minimum(world.released[owner], END) - np.maximum(world.committed[owner], start)) / (7 * DAY)
    companions = np.bincount(owner, minlength=world.inmates)[owner]
    rate = p["people.official_calls_per_week"] / companions * rng.gamma(1.0, 1.0, rows.size)
    tie = rows[groups(rng.poisson(np.maximum(weeks, 0) * rate))]
    inmate = society.ties.inmate[tie]
    low, high = np.maximum(world.committed[inmate], start), np.minimum(world.released[inmate], END)
    when = (low + rng.random(tie.size) * (high - low)).astype(np.int64)
    hour = (local(when) // HOUR) % 24
    when += np.where(
        (hour < 8) | (hour > 18), (8 - hour) % 24 * HOUR + rng.integers(0, 10 * HOUR, tie.size), 0
    )
    prison, _ = where_inmates_were(world, inmate, when)
    kept = (prison >= 0) & (when < END)
    order = np.lexsort((when[kept], inmate[kept]))
    seconds = np.ceil(rng.lognormal(5.2, 0.9, order.size)).astype(np.int64)
    return OfficialCalls(
        tie[kept][order],
        inmate[kept][order],
        prison[kept][order],
        when[kept][order],
        np.minimum(seconds, 1200),
    )
