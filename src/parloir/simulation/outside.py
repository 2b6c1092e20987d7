"""Everybody else in reach of a prison's radio cells: 95% and more of all records.

Residents, homebound and bedridden people, workers, staff on 12-hour shifts with phones in lockers at the
gate, visitors, lawyers, passers-by, and the prison's own modems and alarms. Devices are arrays; events are
drawn by class.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from parloir.simulation.circles import Society
from parloir.simulation.events import A_DAY, PROFILES, clock
from parloir.simulation.models import CONTRABAND, SERIALS, models, scattered
from parloir.simulation.numbers import Numbers, imsi
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import FAR, TOWN, WINGS, Area, in_the_country
from parloir.simulation.streams import Bools, Ints, groups, mix
from parloir.simulation.times import END, SECOND, weekday_of_first
from parloir.simulation.visiting import Visits

CLASSES = ("resident", "homebound", "worker", "staff", "visitor", "lawyer", "passer-by", "modem", "bedridden")
RESIDENT, HOMEBOUND, WORKER, STAFF, VISITOR, LAWYER, PASSER, MODEM, BEDRIDDEN = range(9)
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
    if in_the_country(p, near.area.index):
        crowd *= p["radio.country_residents"]
    counts = {
        RESIDENT: inmates * crowd * (1 - homebound),
        HOMEBOUND: inmates * crowd * homebound,
        WORKER: inmates * p["outside.workers_per_inmate"],
        STAFF: inmates * p["outside.staff_per_inmate"],
        LAWYER: inmates * p["outside.lawyers_per_inmate"],
        PASSER: inmates * p["outside.passers_per_inmate_day"] * days,
        MODEM: np.full(inmates.size, p["outside.modems_per_prison"]),
        BEDRIDDEN: inmates * p["outside.bedridden_per_inmate"],
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
    """Mostly smartphones; ordinary ones more with the homebound; a mini now and then, bought lawfully."""
    at_home = (kind == HOMEBOUND) | (kind == BEDRIDDEN)
    ordinary = np.where(at_home, p["outside.plain_at_home"], p["outside.plain"])
    die = rng.random(kind.size)
    of = np.where(die < p["outside.minis"], 0, np.where(die < ordinary, 1, 2))
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
    two = mix(d.index, p.seed + 11) % 10_000 < 10_000 * p["outside.second_sim"]
    return np.asarray(two & (d.kind != MODEM), dtype=bool)


def on_4g(p: Parameters, d: Devices) -> Bools:
    """Devices that can do more than 2G: smartphones, and some of the others."""
    return np.asarray(d.smart | _some(d, p.seed + 12, p["outside.plain_on_4g"]), dtype=bool)


def _some(d: Devices, salt: int, share: float) -> Bools:
    """A share of the devices, always the same."""
    return np.asarray(mix(d.index, salt) % 10_000 < 10_000 * share, dtype=bool)


def second_imeis(d: Devices) -> Ints:
    """The IMEI that each device shows with its second SIM: that of the other slot where its model has two."""
    book = models()
    codes = [tac for model in np.flatnonzero(book.slots > 1).tolist() for tac in book.tacs[model]]
    two_slots = np.isin(d.imei // SERIALS, np.array(codes, dtype=np.int64))
    return np.where(two_slots, d.imei ^ 1, d.imei)


def where_residents_are(p: Parameters, d: Devices, row: Ints, time: Ints) -> Ints:
    """Their work in working hours, else their home; OUT_OF_AREA where the work lies beyond."""
    second, weekday = time % A_DAY, (time // A_DAY + weekday_of_first(p.size.days)) % 7
    working = (second > 8 * 3600) & (second < 18 * 3600) & (weekday < 5) & (d.kind[row] != HOMEBOUND)
    return np.where(working, d.work[row], d.home[row])


def draw_events(
    p: Parameters, near: Neighbourhood, devices: Devices, rng: np.random.Generator
) -> list[tuple[Ints, Ints, Ints]]:
    """Device (row), time and spot of every event within the area, class by class."""
    draw = _Draw(p, devices, near, rng)
    parts = [draw.residents(), draw.workers(), draw.staff(), draw.passers(), draw.modems(), draw.lawyers()]
    return [*parts, draw.visitors(), draw.bedridden()]


Drawn = tuple[Ints, Ints, Ints]


class _Draw:
    """Draws the events of each class: rows of the devices, times (seconds), spots."""

    def __init__(
        self, p: Parameters, devices: Devices, near: Neighbourhood, rng: np.random.Generator
    ) -> None:
        self.p, self.d, self.near, self.rng = p, devices, near, rng
        self.days = p.size.days
        self.first_weekday = weekday_of_first(p.size.days)

    def _rows(self, chosen: Bools, rate: float | None = None) -> tuple[Ints, Ints]:
        """Rows repeated by their number of events, and a day for each; `rate` a day replaces the devices'
        own."""
        rows = np.flatnonzero(chosen)
        each = self.d.rate[rows] / 1000 if rate is None else np.full(rows.size, rate)
        row = np.repeat(rows, self.rng.poisson(each * self.days))
        return row, self.rng.integers(0, self.days, row.size, dtype=np.int32).astype(np.int64)

    def _weekend(self, day: Ints) -> Bools:
        return np.asarray((day + self.first_weekday) % 7 >= 5, dtype=bool)

    def _clock(self, profile: Ints | str, count: int) -> Ints:
        return clock(profile, self.rng, count)

    def residents(self) -> Drawn:
        """At home evenings and nights, away in working hours; homebound people and night owls differ."""
        p, d = self.p, self.d
        row, day = self._rows((d.kind == RESIDENT) | (d.kind == HOMEBOUND))
        names = list(PROFILES)
        profile = np.where(d.kind == HOMEBOUND, names.index("homebound"), names.index("anybody"))
        evenings = (d.kind == HOMEBOUND) & self._share(13, "outside.evening_homebound")
        profile = np.where(evenings, names.index("inmate"), profile)
        owls = (d.phase == 0) | self._share(14, "outside.more_night_owls")
        profile = np.where(owls, names.index("night owl"), profile)[row]
        second = self._clock(profile, row.size)
        at_home = (d.kind == HOMEBOUND)[row]
        working = (second > 8 * 3600) & (second < 18 * 3600) & ~self._weekend(day) & ~at_home
        die = self.rng.random(row.size, dtype=np.float32)
        spot = np.where(working & (die < 0.72), d.work[row], d.home[row])
        away = p["outside.resident_in"]
        out = die > np.where(at_home, p["outside.homebound_in"], np.where(working, 0.9, away))
        spot = np.where(out, self._elsewhere(row.size), spot)
        here = self._staying(row, day)
        return row[here], (day * A_DAY + second)[here], spot[here]

    def _share(self, salt: int, name: str) -> Bools:
        return _some(self.d, self.p.seed + salt, self.p[name])

    def _staying(self, row: Ints, day: Ints) -> Bools | slice:
        """Some residents are guests, here for some days only."""
        if not self.p["outside.guests"]:
            return slice(None)
        guest, die = self._share(15, "outside.guests"), mix(self.d.index, self.p.seed + 16)
        first, days = die % (self.days + 9) - 9, 2 + die // 1_000 % 12
        return np.asarray(~guest[row] | ((day >= first[row]) & (day < (first + days)[row])), dtype=bool)

    def _elsewhere(self, count: int) -> Ints:
        """Another place of the town, or beyond the area."""
        base = len(self.near.area.prisons) * (WINGS + 1)
        place = base + self.rng.integers(0, TOWN, count, dtype=np.uint8).astype(np.int64)
        return np.where(self.rng.random(count, dtype=np.float32) < 0.35, place, OUT_OF_AREA)

    def workers(self) -> Drawn:
        """Weekdays at work; they live somewhere else."""
        row, day = self._rows(self.d.kind == WORKER)
        time = day * A_DAY + self._clock("working", row.size)
        return row, time, np.where(self._weekend(day), self.d.home[row], self.d.work[row])

    def staff(self) -> Drawn:
        """Twelve hours by day, twelve by night, two days off; on shift the phone lies in a locker at the
        gate."""
        d = self.d
        row, day = self._rows(d.kind == STAFF)
        second = self._clock("anybody", row.size)
        turn = ((day * A_DAY + second - 7 * 3600) // A_DAY + d.phase[row]) % 4
        by_day = (second >= 7 * 3600) & (second < 19 * 3600)
        shift = ((turn == 0) & by_day) | ((turn == 1) & ~by_day)
        office = by_day & (second < 18 * 3600) & ~self._weekend(day)
        shift = np.where(self._share(17, "outside.office_staff")[row], office, shift)
        kept = ~shift | (self.rng.random(row.size) < self.p["outside.looked_at_on_shift"])
        spot = np.where(shift, d.work[row], d.home[row])
        return row[kept], (day * A_DAY + second)[kept], spot[kept]

    def passers(self) -> Drawn:
        """Through once, for less than an hour; one in twelve comes by every week."""
        rows = np.flatnonzero(self.d.kind == PASSER)
        trips = np.where(self.d.phase[rows] < 2, 1 + self.days // 7, 1)
        trip = np.repeat(rows, trips)
        began = self.rng.integers(0, self.days, trip.size) * A_DAY + self._clock("anybody", trip.size)
        counts = self.rng.poisson(1.1, trip.size)
        which = groups(counts)
        return trip[which], began[which] + self.rng.integers(0, 3000, which.size), self.d.home[trip[which]]

    def modems(self) -> Drawn:
        """Fixed devices of the prison: one report every 1 to 8 hours, on the minute, day and night."""
        d = self.d
        rows = np.flatnonzero(d.kind == MODEM)
        every = (1 + d.phase[rows] % 8) * 3600
        counts = self.days * A_DAY // every
        of = groups(counts)
        place = np.arange(of.size) - np.repeat(np.cumsum(counts) - counts, counts)
        time = place * every[of] + d.index[rows][of] % 3600 + self.rng.integers(0, 8, of.size)
        return rows[of], time, d.home[rows][of]

    def lawyers(self) -> Drawn:
        """A visit now and then, in working hours."""
        row, day = self._rows(self.d.kind == LAWYER, 0.15)
        kept = ~self._weekend(day)
        time = day * A_DAY + self._clock("working", row.size)
        return row[kept], time[kept], self.d.work[row][kept]

    def bedridden(self) -> Drawn:
        """In a home or a hospital near the prison, day and night."""
        row, day = self._rows(self.d.kind == BEDRIDDEN)
        return row, day * A_DAY + self._clock("homebound", row.size), self.d.home[row]

    def visitors(self) -> Drawn:
        """Before and after each visit, the phone in a locker or the car park."""
        visits, d = self.near.visits, self.d
        rows = np.flatnonzero(d.kind == VISITOR)
        rows = rows[np.argsort(d.person[rows], kind="stable")]
        if not rows.size or not visits.tie.size:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
        person = self.near.society.ties.person[visits.tie]
        at = np.minimum(np.searchsorted(d.person[rows], person), rows.size - 1)
        talk = self.rng.poisson(self.p["outside.records_a_visit"], person.size)
        counts = np.where(d.person[rows][at] == person, talk, 0)
        of = groups(counts)
        first = END // SECOND - self.days * A_DAY
        begin, end = visits.start[of] // SECOND - first, visits.end[of] // SECOND - first
        before = self.rng.random(of.size) < 0.5
        time = np.where(
            before, begin - self.rng.integers(0, 2400, of.size), end + self.rng.integers(0, 1800, of.size)
        )
        gate = np.searchsorted(np.array(self.near.area.prisons), visits.prison) * (WINGS + 1) + WINGS
        return rows[at][of], time, gate[of]
