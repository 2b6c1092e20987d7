"""Everybody else in reach of a prison's radio cells: 95% and more of all records.

Residents, homebound people, workers, staff on 12-hour shifts with phones in lockers at the gate, visitors, lawyers,
passers-by, and the prison's own modems and alarms. Devices are arrays; events are drawn by class.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.events import clock, profile_hours
from parloir.simulation.models import SERIALS, models
from parloir.simulation.numbers import Numbers, imsi
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import FAR, TOWN, WINGS, Area
from parloir.simulation.streams import Bools, Ints, groups
from parloir.simulation.times import DAY, END, HOUR, MINUTE, local
from parloir.simulation.visiting import Visits

CLASSES = ("resident", "homebound", "worker", "staff", "visitor", "lawyer", "passer-by", "modem")
RESIDENT, HOMEBOUND, WORKER, STAFF, VISITOR, LAWYER, PASSER, MODEM = range(8)
OUT_OF_AREA = -1


@dataclass(frozen=True)
class Devices:
    """Outsiders' devices of one area.

    Attributes:
        kind: index of CLASSES. place: index of the prison within the area that it belongs to.
        home, work: spots; OUT_OF_AREA where the area does not reach.
        model, smart, imei, imsi, number, operator: what the network sees.
        rate: events a day while present, in thousandths.
        phase: 0–3, which day of the shift cycle; also the hour of a modem.
        person: index among people outside, −1 for strangers.
    """

    kind: Ints
    place: Ints
    home: Ints
    work: Ints
    smart: Bools
    imei: Ints
    imsi: Ints
    number: Ints
    operator: Ints
    rate: Ints
    phase: Ints
    person: Ints
    index: Ints


@dataclass(frozen=True)
class Neighbourhood:
    """What the outsiders of an area are made from."""

    area: Area
    present: Ints
    """Inmates of each prison of the area."""
    visits: Visits
    """Visits to these prisons during the days of the records."""
    society: Society
    numbers: Numbers
    first_device: int
    """Index in the whole world of the area's first device."""


def population_of(p: Parameters, near: Neighbourhood) -> tuple[Ints, Ints]:
    """Class and prison (within the area) of every outsider's device but the visitors'."""
    days, inmates = p.size.days, near.present.astype(float)
    homebound = p["outside.homebound"]
    counts = {
        RESIDENT: inmates * p["outside.residents_per_inmate"] * (1 - homebound),
        HOMEBOUND: inmates * p["outside.residents_per_inmate"] * homebound,
        WORKER: inmates * p["outside.workers_per_inmate"],
        STAFF: inmates * p["outside.staff_per_inmate"],
        LAWYER: inmates * p["outside.lawyers_per_inmate"],
        PASSER: inmates * p["outside.passers_per_inmate_day"] * days,
        MODEM: np.full(inmates.size, p["outside.modems_per_prison"]),
    }
    kinds = [np.full(int(np.ceil(c).sum()), kind) for kind, c in counts.items()]
    places = [groups(np.ceil(c).astype(np.int64)) for c in counts.values()]
    return np.concatenate(kinds).astype(np.int64), np.concatenate(places)


def build_devices(p: Parameters, near: Neighbourhood, rng: np.random.Generator) -> Devices:
    """Every outsider's device of an area, in random order."""
    kind, place = population_of(p, near)
    order = rng.permutation(kind.size)
    kind, place = kind[order], place[order]
    people = np.unique(near.society.ties.person[near.visits.tie])
    people = people[rng.random(people.size) < 0.7]
    visitors = people.size
    kind = np.concatenate([kind, np.full(visitors, VISITOR)])
    place = np.concatenate([place, np.zeros(visitors, dtype=np.int64)])
    index = near.first_device + rng.permutation(kind.size)
    person = np.concatenate([np.full(place.size - visitors, -1), people])
    return _identified(p, near, (kind, place, index, person), rng)


def _identified(
    p: Parameters, near: Neighbourhood, rows: tuple[Ints, Ints, Ints, Ints], rng: np.random.Generator
) -> Devices:
    kind, place, index, person = rows
    of, smart = _models(kind, rng)
    operator = rng.integers(0, 3, kind.size)
    number = near.numbers.mobile((index + 30_000_000) % near.numbers.pool)
    known = person >= 0
    number = np.where(known, near.society.people.number[np.maximum(person, 0)], number)
    home, work = _spots(near, kind, place, rng)
    rate = p["outside.events_per_day"] * rng.lognormal(-0.3, 0.8, kind.size)
    rate = np.where(smart, rate, rate * 0.6)
    return Devices(
        kind=kind,
        place=place,
        home=home,
        work=work,
        smart=smart,
        imei=_imeis(of, index, p.seed),
        imsi=imsi(operator, index + 1_000_000_000, p.seed),
        number=number,
        operator=operator,
        rate=np.round(rate * 1000).astype(np.int64),
        phase=rng.integers(0, 24, kind.size),
        person=person,
        index=index,
    )


def _models(kind: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Mostly smartphones; ordinary ones more with the homebound; a mini now and then, bought lawfully."""
    ordinary = np.where(kind == HOMEBOUND, 0.35, 0.09)
    die = rng.random(kind.size)
    of = np.where(die < 0.003, 0, np.where(die < ordinary, 1, 2))
    of = np.where(kind == MODEM, 3, of)
    return of, of == 2


def _imeis(of: Ints, index: Ints, salt: int) -> Ints:
    """IMEI14 by kind of handset: type codes in turn, serials scattered; distinct in the whole world."""
    book, imei = models(), np.zeros(of.size, dtype=np.int64)
    for kind in range(4):
        rows = np.flatnonzero(of == kind)
        codes = np.array(
            [tac for m in np.flatnonzero(book.kind == kind) for tac in book.tacs[m]], dtype=np.int64
        )
        serial = (index[rows] // codes.size * 604_171 + salt * 7_919 + 13) % SERIALS
        imei[rows] = codes[index[rows] % codes.size] * SERIALS + serial
    return imei


def _spots(near: Neighbourhood, kind: Ints, place: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Where they live and work; most residents work beyond the area, most staff live there."""
    sites = len(near.area.prisons) * (WINGS + 1)
    town = sites + rng.integers(0, TOWN, kind.size)
    far = sites + TOWN + rng.integers(0, FAR, kind.size)
    die = rng.random(kind.size)
    away = np.where(die < 0.5, OUT_OF_AREA, np.where(die < 0.75, far, town))
    gate = place * (WINGS + 1) + WINGS
    home = np.where(np.isin(kind, (WORKER, STAFF, LAWYER, VISITOR)), away, town)
    home = np.where(kind == MODEM, place * (WINGS + 1) + rng.integers(0, WINGS + 1, kind.size), home)
    work = np.where(kind == WORKER, town, away)
    work = np.where(np.isin(kind, (STAFF, LAWYER, VISITOR)), gate, work)
    return home.astype(np.int64), work.astype(np.int64)


def draw_events(
    p: Parameters, near: Neighbourhood, devices: Devices, rng: np.random.Generator
) -> list[tuple[Ints, Ints, Ints]]:
    """Device (row), time and spot of every event within the area, class by class."""
    parts = [_residents(p, devices, rng), _workers(p, devices, rng), _staff(p, devices, rng)]
    parts += [_passers(p, devices, rng), _modems(p, devices, rng), _lawyers(p, devices, rng)]
    parts.append(_visitors(p, near, devices, rng))
    return parts


def _drawn(
    p: Parameters, devices: Devices, rows: Ints, rate: np.ndarray, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Rows repeated by their number of events, and a day for each."""
    row = rows[groups(rng.poisson(rate * p.size.days))]
    return row, END - DAY + 2 * HOUR - rng.integers(0, p.size.days, row.size) * DAY


def _weekend(time: Ints) -> Bools:
    """Saturday or Sunday on the wall: 1 January 1970 was a Thursday."""
    return np.asarray((local(time) // DAY + 3) % 7 >= 5, dtype=bool)


def _residents(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    rows = np.flatnonzero((d.kind == RESIDENT) | (d.kind == HOMEBOUND))
    row, day = _drawn(p, d, rows, d.rate[rows] / 1000, rng)
    homebound = d.kind[row] == HOMEBOUND
    owl = d.phase[row] == 0
    hours = np.where(owl, profile_hours("night owl", rng, row.size), profile_hours("anybody", rng, row.size))
    hours = np.where(homebound & ~owl, profile_hours("homebound", rng, row.size), hours)
    time = clock(day, hours, rng)
    working = (hours > 8) & (hours < 18) & ~_weekend(time) & ~homebound
    die = rng.random(row.size)
    spot = np.where(working & (die < 0.72), d.work[row], d.home[row])
    out = np.where(working, die > 0.9, die > 0.78) & ~homebound | (homebound & (die > 0.97))
    return row, time, np.where(out, _elsewhere(d, row, rng), spot)


def _elsewhere(d: Devices, row: Ints, rng: np.random.Generator) -> Ints:
    """Another place of the town, or beyond the area."""
    base = (int(d.place.max()) + 1) * (WINGS + 1)
    return np.where(rng.random(row.size) < 0.35, base + rng.integers(0, TOWN, row.size), OUT_OF_AREA)


def _workers(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    rows = np.flatnonzero(d.kind == WORKER)
    row, day = _drawn(p, d, rows, d.rate[rows] / 1000 * 0.6, rng)
    time = clock(day, profile_hours("working", rng, row.size), rng)
    return row, time, np.where(_weekend(time), d.home[row], d.work[row])


def _staff(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Twelve hours by day, twelve by night, two days off; on shift the phone lies in a locker at the gate."""
    rows = np.flatnonzero(d.kind == STAFF)
    row, day = _drawn(p, d, rows, d.rate[rows] / 1000, rng)
    hours = profile_hours("anybody", rng, row.size)
    time = clock(day, hours, rng)
    turn = (local(time - 7 * HOUR) // DAY + d.phase[row]) % 4
    shift = ((turn == 0) & (hours >= 7) & (hours < 19)) | ((turn == 1) & ((hours >= 19) | (hours < 7)))
    kept = ~shift | (rng.random(row.size) < 0.45)
    return row[kept], time[kept], np.where(shift, d.work[row], d.home[row])[kept]


def _passers(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Through once, for less than an hour; one in ten comes by every week."""
    rows = np.flatnonzero(d.kind == PASSER)
    often = d.phase[rows] < 2
    times = np.where(often, 1 + p.size.days // 7, 1)
    trip = rows[groups(times)]
    day = END - DAY + 2 * HOUR - rng.integers(0, p.size.days, trip.size) * DAY
    began = clock(day, profile_hours("anybody", rng, trip.size), rng)
    counts = rng.poisson(1.1, trip.size)
    which = groups(counts)
    time = began[which] + rng.integers(0, 50 * MINUTE, which.size)
    return trip[which], time, d.home[trip[which]]


def _modems(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Fixed devices of the prison: one report every 1 to 8 hours, on the minute, day and night."""
    rows = np.flatnonzero(d.kind == MODEM)
    every = (1 + d.phase[rows] % 8) * HOUR
    counts = p.size.days * DAY // np.maximum(every, 1)
    of = groups(counts)
    place = np.arange(of.size) - np.repeat(np.cumsum(counts) - counts, counts)
    time = END - (place + 1) * every[of] + (d.index[rows][of] % 3600) * 1_000_000 % HOUR
    time += rng.integers(0, 8_000_000, of.size)
    return rows[of], np.minimum(time, END - 1), d.home[rows][of]


def _lawyers(p: Parameters, d: Devices, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    rows = np.flatnonzero(d.kind == LAWYER)
    row, day = _drawn(p, d, rows, np.full(rows.size, 0.15), rng)
    hours = profile_hours("working", rng, row.size)
    time = clock(day, hours, rng)
    kept = ~_weekend(time)
    return row[kept], time[kept], d.work[row][kept]


def _visitors(
    p: Parameters, near: Neighbourhood, d: Devices, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Before and after each visit, the phone in a locker or the car park."""
    rows = np.flatnonzero(d.kind == VISITOR)
    if not rows.size or not near.visits.tie.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    person = near.society.ties.person[near.visits.tie]
    at = np.minimum(np.searchsorted(d.person[rows], person), rows.size - 1)
    has = d.person[rows][at] == person
    counts = np.where(has, rng.poisson(1.6, person.size), 0)
    of = groups(counts)
    before = rng.random(of.size) < 0.5
    time = np.where(
        before,
        near.visits.start[of] - rng.integers(0, 40 * MINUTE, of.size),
        near.visits.end[of] + rng.integers(0, 30 * MINUTE, of.size),
    )
    prisons = np.array(near.area.prisons)
    gate = np.searchsorted(prisons, near.visits.prison[of]) * (WINGS + 1) + WINGS
    return rows[at][of], np.minimum(time, END - 1), gate
