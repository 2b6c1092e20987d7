"""Everybody else in reach of a prison's radio cells: 95% and more of all records.

Residents, homebound and bedridden people, workers, staff, visitors, lawyers, passers-by, the prison's own
modems and alarms; and what only drawn worlds have (machines.py, neighbours.py). Devices are arrays; their
events are drawn by class (comings.py).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.events import A_DAY
from parloir.simulation.models import CONTRABAND, SERIALS, models, scattered
from parloir.simulation.numbers import Numbers, imsi
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import FAR, TOWN, WINGS, Area, in_the_country
from parloir.simulation.streams import Bools, Floats, Ints, by_lot, groups, mix
from parloir.simulation.times import weekday_of_first
from parloir.simulation.visiting import Visits

CLASSES = (
    *("resident", "homebound", "worker", "staff", "visitor", "lawyer", "passer-by", "modem", "bedridden"),
    *("alarm", "router", "tagged box", "patient", "hospital staff", "night worker", "driver", "builder"),
)
RESIDENT, HOMEBOUND, WORKER, STAFF, VISITOR, LAWYER, PASSER, MODEM, BEDRIDDEN = range(9)
ALARM, ROUTER, BOX, PATIENT, NURSE, NIGHT_WORKER, DRIVER, BUILDER = range(9, 17)
MACHINES = (MODEM, ALARM, ROUTER, BOX)
OUT_OF_AREA = -1


@dataclass(frozen=True)
class Devices:
    """Outsiders' devices of one area.

    Attributes:
        kind: index of CLASSES. place: index of the prison within the area that it belongs to.
        home, work: spots; OUT_OF_AREA where the area does not reach.
        model, smart, imei, imsi, number, operator: what the network sees.
        rate: events a day while present, in thousandths.
        phase: 0–23, which day of the shift cycle; also the hour of a modem.
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

    def where(self, rows: Ints) -> Devices:
        """Some of them."""
        return Devices(*(getattr(self, f.name)[rows] for f in fields(self)))


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
    homebound, crowd = p["outside.homebound"], p["outside.residents_per_inmate"]
    thinned = p["radio.country_residents"] if in_the_country(p, near.area.index) else 1.0
    crowd *= thinned
    hospital = inmates * with_hospital(p, near)
    counts = {
        RESIDENT: inmates * crowd * (1 - homebound),
        HOMEBOUND: inmates * crowd * homebound,
        WORKER: inmates * p["outside.workers_per_inmate"],
        STAFF: inmates * p["outside.staff_per_inmate"],
        LAWYER: inmates * p["outside.lawyers_per_inmate"],
        PASSER: inmates * p["outside.passers_per_inmate_day"] * days,
        MODEM: np.full(inmates.size, p["outside.modems_per_prison"]),
        BEDRIDDEN: inmates * p["outside.bedridden_per_inmate"],
        ALARM: inmates * thinned * p["machines.alarms_per_inmate"],
        ROUTER: inmates * thinned * p["machines.routers_per_inmate"],
        BOX: inmates * thinned * p["machines.tagged_per_inmate"],
        PATIENT: hospital * p["neighbours.beds_per_inmate"] * (1 + days / p["neighbours.patient_days"]),
        NURSE: hospital * p["neighbours.hospital_staff_per_inmate"],
        NIGHT_WORKER: inmates * p["neighbours.night_workers_per_inmate"],
        DRIVER: inmates * p["neighbours.drivers_per_inmate"],
        BUILDER: inmates * p["neighbours.builders_per_inmate"],
    }
    kinds = [np.full(int(np.ceil(c).sum()), kind) for kind, c in counts.items()]
    places = [groups(np.ceil(c).astype(np.int64)) for c in counts.values()]
    return np.concatenate(kinds).astype(np.int64), np.concatenate(places)


def with_hospital(p: Parameters, near: Neighbourhood) -> Bools:
    """Which prisons of the area have a hospital near, where patients come and go."""
    return by_lot(np.array(near.area.prisons), p.seed + 18, p["neighbours.hospitals"])


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
    of, smart = _models(p, kind, rng)
    operator = rng.integers(0, 3, kind.size)
    number = near.numbers.beyond(index + 300_000)
    known = person >= 0
    number = np.where(known, near.society.people.number[np.maximum(person, 0)], number)
    home, work = _spots(p, near, (kind, place), rng)
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


def _models(p: Parameters, kind: Ints, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """Mostly smartphones; ordinary ones more with the homebound; a mini now and then, bought lawfully.

    Machines are modules, or bear the type codes of handsets.
    """
    at_home = (kind == HOMEBOUND) | (kind == BEDRIDDEN)
    ordinary = np.where(at_home, p["outside.plain_at_home"], p["outside.plain"])
    die = rng.random(kind.size)
    of = np.where(die < p["outside.minis"], 0, np.where(die < ordinary, 1, 2))
    modules = p["machines.modules"]
    machine = np.where(die < modules, 3, np.where(die < (1 + modules) / 2, 1, 2))
    of = np.where(np.isin(kind, MACHINES), machine, of)
    return of, of == 2


def _imeis(of: Ints, index: Ints, salt: int) -> Ints:
    """IMEI14 by kind of handset: type codes in turn, serials scattered; distinct in the whole world."""
    book, imei = models(), np.zeros(of.size, dtype=np.int64)
    for kind in range(4):
        rows = np.flatnonzero(of == kind)
        codes = np.array(
            [tac for m in np.flatnonzero(book.kind == kind) for tac in book.tacs[m]], dtype=np.int64
        )
        place = CONTRABAND + index[rows] // codes.size % (SERIALS // 2 - CONTRABAND)
        tac = codes[index[rows] % codes.size]
        imei[rows] = tac * SERIALS + scattered(place, tac, salt)
    return imei


def _spots(
    p: Parameters, near: Neighbourhood, of: tuple[Ints, Ints], rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Where they live and work; most residents work beyond the area, most staff live there; the bedridden lie
    in one house."""
    kind, place = of
    sites = len(near.area.prisons) * (WINGS + 1)
    town = sites + rng.integers(0, TOWN, kind.size)
    far = sites + TOWN + rng.integers(0, FAR, kind.size)
    die = rng.random(kind.size)
    beyond = p["outside.beyond"]
    away = np.where(die < beyond, OUT_OF_AREA, np.where(die < (1 + beyond) / 2, far, town))
    gate = place * (WINGS + 1) + WINGS
    home = np.where(np.isin(kind, (WORKER, STAFF, LAWYER, VISITOR)), away, town)
    home = np.where(kind == MODEM, place * (WINGS + 1) + rng.integers(0, WINGS + 1, kind.size), home)
    home = np.where(kind == BEDRIDDEN, sites + place * 7 % TOWN, home)
    work = np.where(kind == WORKER, town, away)
    work = np.where(np.isin(kind, (STAFF, LAWYER, VISITOR)), gate, work)
    return home.astype(np.int64), work.astype(np.int64)


def with_two_sims(p: Parameters, d: Devices) -> Bools:
    """Devices that take two SIMs in turn."""
    two = shared_out(d, p.seed + 11, p["outside.second_sim"])
    return np.asarray(two & ~np.isin(d.kind, MACHINES), dtype=bool)


def on_4g(p: Parameters, d: Devices) -> Bools:
    """Devices that can do more than 2G: smartphones, routers, and some of the others."""
    some = shared_out(d, p.seed + 12, p["outside.plain_on_4g"])
    return np.asarray(d.smart | (d.kind == ROUTER) | some, dtype=bool)


def shared_out(d: Devices, salt: int, share: float) -> Bools:
    """A share of the devices, always the same."""
    return by_lot(d.index, salt, share)


def die_of(d: Devices, salt: int) -> Floats:
    """A number from 0 to 1 of each device, always the same."""
    return np.asarray((mix(d.index, salt) % 10_000 + 0.5) / 10_000, dtype=float)


def second_imeis(p: Parameters, d: Devices) -> Ints:
    """The IMEI that each device shows with its second SIM: that of the other slot where its model has two;
    the number that follows, or, as inside, an unrelated one."""
    book = models()
    codes = [tac for model in np.flatnonzero(book.slots > 1).tolist() for tac in book.tacs[model]]
    two_slots = np.isin(d.imei // SERIALS, np.array(codes, dtype=np.int64))
    tac, most = d.imei // SERIALS, SERIALS // 2 - CONTRABAND
    apart = tac * SERIALS + scattered(CONTRABAND + (most // 2 + d.index // 4) % most, tac, p.seed)
    unrelated = shared_out(d, p.seed + 20, p["handsets.imeis_unrelated"])
    return np.where(two_slots, np.where(unrelated, apart, d.imei ^ 1), d.imei)


def where_residents_are(p: Parameters, d: Devices, row: Ints, time: Ints) -> Ints:
    """Their work in working hours, else their home; OUT_OF_AREA where the work lies beyond."""
    second, weekday = time % A_DAY, (time // A_DAY + weekday_of_first(p.size.days)) % 7
    working = (second > 8 * 3600) & (second < 18 * 3600) & (weekday < 5) & (d.kind[row] != HOMEBOUND)
    return np.where(working, d.work[row], d.home[row])
