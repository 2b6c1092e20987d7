"""People near a prison whom only drawn worlds have: patients, those who work by night, drivers, builders.

Each has a spot near the prison and another one; a plan says when he is near.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from parloir.simulation.events import A_DAY, PROFILES, Drawn, clock
from parloir.simulation.outside import (
    BUILDER,
    DRIVER,
    NIGHT_WORKER,
    NURSE,
    OUT_OF_AREA,
    PATIENT,
    RESIDENT,
    STAFF,
    Devices,
    Neighbourhood,
    die_of,
    shared_out,
)
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import FAR, TOWN, WARDS, WINGS, near_first, ward_spots
from parloir.simulation.streams import Bools, Floats, Ints, mix
from parloir.simulation.times import weekday_of_first

HOUR = 3600
PLANNED = (PATIENT, NURSE, NIGHT_WORKER, DRIVER, BUILDER)
PLACES = {NIGHT_WORKER: 4, DRIVER: 2, BUILDER: 2}
"""Assumed: at how many spots near a prison people of a kind are."""
HOURS = {PATIENT: ("anybody", "homebound", "inmate"), DRIVER: ("night owl", "anybody", "inmate")}
"""Assumed: profiles of hours, each of an equal share; those of everybody else are everybody's."""
NEXT_DOOR = 4
"""Spots nearest to the prison, where staff live who live next door."""


def settled(p: Parameters, near: Neighbourhood, d: Devices) -> Devices:
    """The same devices where these people are near the prison, and residents who work far off or at home."""
    spots, base = near.area.spots, len(near.area.prisons) * (WINGS + 1)
    die, home, work = mix(d.index, p.seed + 31), d.home.copy(), d.work.copy()
    ward = (d.kind == PATIENT) | (d.kind == NURSE)
    home = np.where(ward, ward_spots(p, near.area.prisons, spots)[d.place, die % WARDS], home)
    for kind, count in PLACES.items():
        home = np.where(
            d.kind == kind, base + mix(d.place * 64 + kind * 8 + die % count, p.seed) % TOWN, home
        )
    next_door = (d.kind == STAFF) & shared_out(d, p.seed + 32, p["neighbours.staff_next_door"])
    order = np.stack([near_first(spots, prison) for prison in near.area.prisons])
    home = np.where(next_door, order[d.place, die % NEXT_DOOR], home)
    far = (d.kind == RESIDENT) & (work == OUT_OF_AREA) & shared_out(d, p.seed + 33, p["neighbours.far_work"])
    work = np.where(far, base + TOWN + die % FAR, work)
    stays = (d.kind == RESIDENT) & shared_out(d, p.seed + 34, p["neighbours.work_at_home"])
    return replace(d, home=home, work=np.where(stays, home, work))


def sociable(p: Parameters, d: Devices) -> Floats:
    """How many people each device is in touch with, beside most; from a seventh to four times as many."""
    spread = p["neighbours.contacts_spread"]
    two = -2 * np.log(die_of(d, p.seed + 41))
    normal = np.sqrt(two) * np.cos(2 * np.pi * die_of(d, p.seed + 42))
    return np.asarray(np.clip(np.exp(spread * normal), 1 / 7, 4.0), dtype=float)


def on_eight_hours(phase: Ints, time: Ints) -> Bools:
    """Whether somebody is on a shift of eight hours, two days off in seven, another shift each week."""
    since = time - 6 * HOUR
    day, part = since // A_DAY, since % A_DAY // (8 * HOUR)
    return np.asarray((part == (phase + day // 7) % 3) & ((day + phase) % 7 >= 2), dtype=bool)


def events(p: Parameters, d: Devices, rng: np.random.Generator) -> list[Drawn]:
    """Their events, near the prison or at their other place."""
    rows = np.flatnonzero(np.isin(d.kind, PLANNED))
    row = np.repeat(rows, rng.poisson(d.rate[rows] / 1000 * p.size.days))
    day = rng.integers(0, p.size.days, row.size)
    time = day * A_DAY + clock(_profiles(p, d)[row], rng, row.size)
    near = _near(p, d, row, time)
    busy = (d.kind[row] == NURSE) & near & (rng.random(row.size) > p["outside.looked_at_on_shift"])
    return [(row[~busy], time[~busy], np.where(near, d.home[row], d.work[row])[~busy])]


def _profiles(p: Parameters, d: Devices) -> Ints:
    names, die = list(PROFILES), (die_of(d, p.seed + 35) * 3).astype(np.int64)
    profile = np.full(d.kind.size, names.index("anybody"))
    for kind, known in HOURS.items():
        profile = np.where(d.kind == kind, np.array([names.index(name) for name in known])[die], profile)
    return np.where(d.kind == NIGHT_WORKER, names.index("night owl"), profile).astype(np.int64)


def _near(p: Parameters, d: Devices, row: Ints, time: Ints) -> Bools:
    """Whether each of these people was near the prison at a time (seconds)."""
    kind, phase = d.kind[row], d.phase[row]
    weekday = (time // A_DAY + weekday_of_first(p.size.days)) % 7
    plans = {
        PATIENT: _in_hospital(p, d, row, time),
        NURSE: on_eight_hours(phase, time),
        NIGHT_WORKER: _by_night(p, time),
        DRIVER: _resting(phase, time),
        BUILDER: _building(p, d, row, time) & (weekday < 5),
    }
    return np.select([kind == known for known in plans], list(plans.values()), False)


def _in_hospital(p: Parameters, d: Devices, row: Ints, time: Ints) -> Bools:
    """Patients come at any time and stay some days, a few all the time."""
    days, mean = p.size.days, p["neighbours.patient_days"]
    stay = -mean * np.log(die_of(d, p.seed + 36))
    first = die_of(d, p.seed + 37) * (days + mean) - mean
    always = shared_out(d, p.seed + 38, p["neighbours.long_patients"])[row]
    since = time / A_DAY - first[row]
    return np.asarray(always | ((since >= 0) & (since < stay[row])), dtype=bool)


def _by_night(p: Parameters, time: Ints) -> Bools:
    """From eight in the evening of a weekday to five in the morning."""
    since = time - 20 * HOUR
    weekday = (since // A_DAY + weekday_of_first(p.size.days)) % 7
    return np.asarray((since % A_DAY < 9 * HOUR) & (weekday < 5), dtype=bool)


def _resting(phase: Ints, time: Ints) -> Bools:
    """Nights of long-distance drivers: each night, or one in two, three or four."""
    since = time - 19 * HOUR
    return np.asarray(
        (since % A_DAY < 11 * HOUR) & ((since // A_DAY + phase) % (1 + phase % 4) == 0), dtype=bool
    )


def _building(p: Parameters, d: Devices, row: Ints, time: Ints) -> Bools:
    """Working hours for some weeks."""
    first = die_of(d, p.seed + 39) * p.size.days * 0.5
    last = first + (0.3 + die_of(d, p.seed + 40)) * p.size.days * 0.6
    day, second = time / A_DAY, time % A_DAY
    on = (second >= 7 * HOUR) & (second < 17 * HOUR)
    return np.asarray(on & (day >= first[row]) & (day < last[row]), dtype=bool)
