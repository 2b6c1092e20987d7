"""Machines among the devices outside, besides modems that report on the minute: only drawn worlds have them.

Alarms, lifts and meters report when something happens, day and night; routers carry a home's data and never
leave it; boxes of tagged people say all day that somebody is at home.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from parloir.simulation.events import A_DAY, Drawn, clock
from parloir.simulation.outside import ALARM, BOX, MODEM, ROUTER, Devices, die_of, shared_out
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, groups, within

RATES = {ALARM: (0.3, 30.0), MODEM: (0.3, 30.0), BOX: (4.0, 60.0), ROUTER: (12.0, 200.0)}
"""Assumed: records a day from the quietest to the busiest, evenly in the logarithm."""
PLAIN, SMART, DATA, TEXTS, BOTH = range(5)
"""What records consist of: rows of traffic.MIXES."""


def at_random(p: Parameters, d: Devices) -> Bools:
    """The prison's own modems that report at random minutes."""
    return np.asarray(
        (d.kind == MODEM) & shared_out(d, p.seed + 21, p["machines.modems_at_random"]), dtype=bool
    )


def settled(p: Parameters, d: Devices) -> Devices:
    """The same devices with the rates of machines."""
    rate = d.rate.copy()
    for kind, (low, high) in RATES.items():
        rows = np.flatnonzero(d.kind == kind)
        each = low * (high / low) ** die_of(d.where(rows), p.seed + 22)
        rate[rows] = np.round(1000 * each).astype(np.int64)
    return replace(d, rate=rate)


def mixes(p: Parameters, d: Devices) -> Ints:
    """What the records of each device consist of: PLAIN, SMART, DATA, TEXTS or BOTH."""
    usual = np.where(d.smart, SMART, PLAIN)
    one = np.array([PLAIN, DATA, TEXTS, BOTH])[(die_of(d, p.seed + 23) * 4).astype(np.int64)]
    lone = (d.kind == ALARM) | (d.kind == BOX) | at_random(p, d)
    return np.where(d.kind == ROUTER, DATA, np.where(lone, one, usual)).astype(np.int64)


def most_contacts(p: Parameters, d: Devices) -> Ints:
    """The last of its own correspondents that each device calls: machines have one or two."""
    two = shared_out(d, p.seed + 24, 0.3) & (d.kind != MODEM)
    return np.where(np.isin(d.kind, tuple(RATES)), two, 1 << 10).astype(np.int64)


def events(p: Parameters, d: Devices, rng: np.random.Generator) -> list[Drawn]:
    """Everything that machines send but the modems that report on the minute."""
    clocked = shared_out(d, p.seed + 25, p["machines.on_the_minute"])
    regular = np.flatnonzero(np.isin(d.kind, (BOX, ROUTER)) & clocked)
    every = np.maximum(1000 * A_DAY // d.rate[regular], 900)
    other = np.isin(d.kind, (BOX, ROUTER)) & ~clocked
    by_chance = np.flatnonzero((d.kind == ALARM) | at_random(p, d) | other)
    return [
        by_the_clock(d, regular, every, p.size.days, rng),
        _whenever(d, by_chance, p.size.days, rng),
    ]


def by_the_clock(d: Devices, rows: Ints, every: Ints, days: int, rng: np.random.Generator) -> Drawn:
    """A report each so many seconds, on the minute, day and night."""
    counts = days * A_DAY // every
    of = groups(counts)
    time = within(counts) * every[of] + d.index[rows][of] % 3600 + rng.integers(0, 8, of.size)
    return rows[of], time, d.home[rows][of]


def _whenever(d: Devices, rows: Ints, days: int, rng: np.random.Generator) -> Drawn:
    """At any minute; half of what a router carries when people are awake."""
    row = np.repeat(rows, rng.poisson(_daily(d, rows) * days))
    time = rng.integers(0, days * A_DAY, row.size)
    awake = np.flatnonzero((d.kind[row] == ROUTER) & (rng.random(row.size) < 0.5))
    time[awake] = time[awake] // A_DAY * A_DAY + clock("homebound", rng, awake.size)
    return row, time, d.home[row]


def _daily(d: Devices, rows: Ints) -> Floats:
    return np.asarray(d.rate[rows] / 1000, dtype=float)
