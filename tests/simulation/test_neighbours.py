"""Who lives near a prison in drawn worlds: machines, patients, people with plans; none of them by default."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from parloir.simulation import machines, neighbours, write_nation
from parloir.simulation.circles import Society
from parloir.simulation.comings import draw_events
from parloir.simulation.events import A_DAY, KIND
from parloir.simulation.nation import World, make_world
from parloir.simulation.outside import (
    ALARM,
    BOX,
    BUILDER,
    CLASSES,
    DRIVER,
    MACHINES,
    MODEM,
    NIGHT_WORKER,
    NURSE,
    OUT_OF_AREA,
    PATIENT,
    RESIDENT,
    ROUTER,
    STAFF,
    Devices,
    Neighbourhood,
    second_imeis,
)
from parloir.simulation.parameters import Parameters, load
from parloir.simulation.radio import TOWN, WARDS, WINGS, build_area, near_first, ward_spots
from parloir.simulation.streams import Ints, stream
from parloir.simulation.times import weekday_of_first
from parloir.simulation.traffic import MIXES, devices_of, visits_near

DAYS = 14
EVERYTHING = {
    "days": str(DAYS),
    "inmates": "400",
    "prisons": "2",
    "residents_per_inmate": "2",
    "passers_per_inmate_day": "0.1",
    "modems_per_prison": "40",
    "modems_at_random": "0.5",
    "alarms_per_inmate": "0.3",
    "routers_per_inmate": "0.1",
    "tagged_per_inmate": "0.1",
    "hospitals": "1",
    "beds_per_inmate": "0.3",
    "long_patients": "0.1",
    "hospital_staff_per_inmate": "0.3",
    "night_workers_per_inmate": "0.2",
    "drivers_per_inmate": "0.2",
    "builders_per_inmate": "0.2",
    "beyond": "0.9",
    "far_work": "0.5",
    "staff_next_door": "0.5",
}
NEW = (ALARM, ROUTER, BOX, PATIENT, NURSE, NIGHT_WORKER, DRIVER, BUILDER)


class Near:
    """The surroundings of one prison, and what is heard of them."""

    def __init__(self, values: dict[str, str]) -> None:
        self.p: Parameters = load("demo", 3, values)
        world: World = make_world(self.p)
        society: Society = world.society
        prison = world.population.prisons[0]
        centre = np.array([prison.latitude]), np.array([prison.longitude])
        area = build_area(self.p, 0, (0,), centre)
        visits = visits_near(self.p, world.visits, (0,))
        present = world.population.present[[0]]
        near = Neighbourhood(area, present, visits, society, world.numbers, 0)
        self.near, self.devices = near, devices_of(self.p, near, np.zeros(0, dtype=np.int64))
        parts = draw_events(self.p, near, self.devices, stream(3, "test"))
        self.row, self.time, self.spot = (np.concatenate(part) for part in zip(*parts, strict=True))

    def of(self, kind: int) -> tuple[Ints, Ints, Ints]:
        """Rows, times and spots of one class."""
        chosen = self.devices.kind[self.row] == kind
        return self.row[chosen], self.time[chosen], self.spot[chosen]

    def at_home(self, kind: int) -> Ints:
        """Times at which those of a class are at their spot near the prison."""
        row, time, spot = self.of(kind)
        return time[spot == self.devices.home[row]]


@pytest.fixture(scope="module")
def usual() -> Near:
    return Near({"days": str(DAYS), "inmates": "400", "prisons": "2"})


@pytest.fixture(scope="module")
def full() -> Near:
    return Near(EVERYTHING)


def test_by_default_there_is_none_of_them(usual: Near, full: Near) -> None:
    assert not np.isin(usual.devices.kind, NEW).any()
    assert np.isin(NEW, full.devices.kind).all()
    assert not machines.at_random(usual.p, usual.devices).any()
    assert (neighbours.sociable(usual.p, usual.devices) == 1).all()
    assert len(CLASSES) == BUILDER + 1


def test_the_usual_world_is_what_it_was(tmp_path: Path) -> None:
    """What only draws turn must not move a record of the usual world."""
    made = write_nation("demo", 1, tmp_path / "w", {"prisons": "2", "inmates": "300", "days": "5"})
    found = hashlib.sha256()
    for path in sorted((made.evidence / "network").glob("R-*.parquet")):
        for name in ("imei14", "started_us", "radio_cell", "correspondent", "duration_s"):
            found.update(pq.read_table(path)[name].fill_null(0).to_numpy().tobytes())
    assert found.hexdigest()[:16] == "5b349b18e2e90df6"


def test_machines_report_day_and_night_and_never_move(full: Near) -> None:
    for kind in (ALARM, ROUTER, BOX):
        row, time, spot = full.of(kind)
        hours = np.bincount(time % A_DAY // 3600, minlength=24) / time.size
        assert hours.min() > 0.01, CLASSES[kind]
        assert np.unique(np.stack([row, spot]), axis=1).shape[1] == np.unique(row).size
    nights = {kind: np.mean(full.of(kind)[1] % A_DAY < 6 * 3600) for kind in (ALARM, BOX)}
    assert nights[ALARM] == pytest.approx(0.25, abs=0.03)
    assert nights[BOX] == pytest.approx(0.25, abs=0.03)


def test_alarms_keep_no_time_and_modems_by_the_clock_do(full: Near) -> None:
    def spread(rows: Ints) -> float:
        """Standard deviation of the minute within the hour, seconds, of each device; the middle one."""
        found = [np.std(full.time[full.row == row] % 900) for row in rows.tolist()]
        return float(np.median(found))

    kind, at_random = full.devices.kind, machines.at_random(full.p, full.devices)
    count = np.bincount(full.row, minlength=kind.size)
    busy = count > 20
    assert spread(np.flatnonzero(at_random & busy)) > 200
    assert spread(np.flatnonzero((kind == ALARM) & busy)) > 200
    assert spread(np.flatnonzero((kind == MODEM) & ~at_random & busy)) < 20
    assert at_random[kind == MODEM].mean() == pytest.approx(0.5, abs=0.25)


def test_rates_of_machines_fill_their_range(full: Near) -> None:
    for kind, (low, high) in machines.RATES.items():
        daily = full.devices.rate[full.devices.kind == kind] / 1000
        assert low <= daily.min() < daily.max() <= high
    count = np.bincount(full.row, minlength=full.devices.kind.size) / DAYS
    router = count[full.devices.kind == ROUTER]
    assert np.median(router) > 3 * np.median(count[full.devices.kind == RESIDENT])


def test_machines_send_what_machines_do(full: Near) -> None:
    mix, kind = machines.mixes(full.p, full.devices), full.devices.kind
    assert set(mix[kind == ROUTER]) == {machines.DATA}
    assert set(mix[kind == ALARM]) == {machines.PLAIN, machines.DATA, machines.TEXTS, machines.BOTH}
    assert set(mix[~np.isin(kind, MACHINES)]) == {machines.PLAIN, machines.SMART}
    assert MIXES[machines.DATA][KIND["data"]] == 1
    assert machines.most_contacts(full.p, full.devices)[kind == ALARM].max() == 1


def test_patients_come_and_go_and_some_stay(full: Near) -> None:
    row, time, spot = full.of(PATIENT)
    inside = spot == full.devices.home[row]
    wards = ward_spots(full.p, full.near.area.prisons, full.near.area.spots)
    assert wards.shape == (1, WARDS)
    assert set(spot[inside]) <= set(wards[0].tolist())
    days = [np.unique(time[inside & (row == one)] // A_DAY) for one in np.unique(row[inside]).tolist()]
    length = np.array([day[-1] - day[0] + 1 for day in days])
    assert np.median(length) < 0.7 * DAYS
    assert (length > 0.9 * DAYS).mean() > 0.03


def test_hospitals_stand_near_some_prisons_only() -> None:
    def nearby(share: str) -> Near:
        return Near({**EVERYTHING, "hospitals": share, "residents_per_inmate": "0.1"})

    assert (nearby("0").devices.kind != PATIENT).all()
    area = nearby("1").near.area
    order = near_first(area.spots, 0)
    assert order.size == TOWN
    assert order.min() == WINGS + 1


def hours_of(time: Ints) -> Ints:
    return time % A_DAY // 3600


def test_who_is_near_when(full: Near) -> None:
    first = weekday_of_first(DAYS)
    night = hours_of(full.at_home(NIGHT_WORKER))
    assert ((night >= 20) | (night < 5)).all()
    rest = hours_of(full.at_home(DRIVER))
    assert ((rest >= 19) | (rest < 6)).all()
    time = full.at_home(BUILDER)
    building, weekday = hours_of(time), (time // A_DAY + first) % 7
    assert ((building >= 7) & (building < 17)).all()
    assert (weekday < 5).all()
    shifts = np.bincount(hours_of(full.at_home(NURSE)) // 8, minlength=3)
    assert (shifts > 0).all()


def test_eight_hours_a_day_and_five_days_in_seven() -> None:
    time = np.arange(0, 21 * A_DAY, 1800)
    for phase in range(24):
        on = neighbours.on_eight_hours(np.full(time.size, phase), time)
        assert on.mean() == pytest.approx(5 / 21, abs=0.03)


def test_some_work_far_off_and_some_staff_live_next_door(usual: Near, full: Near) -> None:
    def far(near: Near) -> float:
        d: Devices = near.devices
        beyond = d.work[d.kind == RESIDENT] == OUT_OF_AREA
        return float(beyond.mean())

    assert far(full) == pytest.approx(0.45, abs=0.05)
    assert far(usual) == pytest.approx(0.5, abs=0.05)
    door = near_first(full.near.area.spots, 0)[: neighbours.NEXT_DOOR]
    homes = full.devices.home[full.devices.kind == STAFF]
    assert np.isin(homes, door).mean() > 0.35


def test_second_imeis_outside_are_as_unrelated_as_inside(usual: Near) -> None:
    d = usual.devices
    near, apart = (second_imeis(load("demo", 3, {"imeis_unrelated": share}), d) for share in ("0", "0.5"))
    two = near != d.imei
    assert (np.abs(near - d.imei)[two] == 1).all()
    changed = np.abs(apart - d.imei)[two] > 1
    assert changed.mean() == pytest.approx(0.5, abs=0.05)
    assert (apart // 1_000_000 == d.imei // 1_000_000).all()
    assert not np.isin(apart[two][changed], np.concatenate([d.imei, near])).any()
    assert np.unique(apart[two]).size == two.sum()
