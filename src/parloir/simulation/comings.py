"""When and where the devices outside are heard of: events of an area, class by class."""

from __future__ import annotations

import numpy as np

from parloir.simulation import machines, neighbours
from parloir.simulation.events import A_DAY, PROFILES, Drawn, clock
from parloir.simulation.outside import (
    BEDRIDDEN,
    HOMEBOUND,
    LAWYER,
    MODEM,
    OUT_OF_AREA,
    PASSER,
    RESIDENT,
    STAFF,
    VISITOR,
    WORKER,
    Devices,
    Neighbourhood,
    shared_out,
)
from parloir.simulation.parameters import Parameters
from parloir.simulation.radio import FAR, TOWN, WINGS
from parloir.simulation.streams import Bools, Ints, groups, mix
from parloir.simulation.times import END, SECOND, weekday_of_first


def draw_events(
    p: Parameters, near: Neighbourhood, devices: Devices, rng: np.random.Generator
) -> list[Drawn]:
    """Every event within the area, class by class."""
    draw = _Draw(p, devices, near, rng)
    parts = [draw.residents(), draw.workers(), draw.staff(), draw.passers(), draw.modems(), draw.lawyers()]
    parts += [draw.visitors(), draw.bedridden()]
    return [*parts, *machines.events(p, devices, rng), *neighbours.events(p, devices, rng)]


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
        return shared_out(self.d, self.p.seed + salt, self.p[name])

    def _staying(self, row: Ints, day: Ints) -> Bools | slice:
        """Some residents are guests, here for some days only."""
        if not self.p["outside.guests"]:
            return slice(None)
        guest, die = self._share(15, "outside.guests"), mix(self.d.index, self.p.seed + 16)
        first, days = die % (self.days + 9) - 9, 2 + die // 1_000 % 12
        return np.asarray(~guest[row] | ((day >= first[row]) & (day < (first + days)[row])), dtype=bool)

    def _elsewhere(self, count: int) -> Ints:
        """Another place of the town, farther off, or beyond the area."""
        base = len(self.near.area.prisons) * (WINGS + 1)
        place = base + self.rng.integers(0, TOWN, count, dtype=np.uint8).astype(np.int64)
        die, far = self.rng.random(count, dtype=np.float32), self.p["neighbours.away_far"]
        # Another one of the same die: what remains of it.
        out = base + TOWN + (die * 1e5).astype(np.int64) % FAR
        return np.where(die < 0.35, place, np.where(die < 0.35 + 0.65 * far, out, OUT_OF_AREA))

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
        eight = neighbours.on_eight_hours(d.phase[row], day * A_DAY + second)
        shift = np.where(self._share(19, "neighbours.staff_of_eight_hours")[row], eight, shift)
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
        rows = np.flatnonzero((d.kind == MODEM) & ~machines.at_random(self.p, d))
        return machines.by_the_clock(d, rows, (1 + d.phase[rows] % 8) * 3600, self.days, self.rng)

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
