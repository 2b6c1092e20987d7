"""Copies of an IMEI told apart, on days made by hand."""

import numpy as np
import pyarrow as pa
import pytest

from parloir.presence.aggregates import Aggregates
from parloir.presence.handsets import AT_ONCE, FAR, TURNS, Handsets, handsets
from parloir.presence.reach import CellList
from parloir.tables import RADIO_CELLS

DAY = 86_400_000_000
IMEI = 35_000_000_000_007
PLACES = {1: (45.0, 5.0), 2: (45.01, 5.0), 3: (45.1, 5.0), 4: (45.0, 6.0), 5: (45.2, 5.0)}
"""Radio cells 1 and 2 are at one prison, 3 at another 11 km away, 4 at one 79 km away, 5 at a fourth."""
SITES = {1: 0, 2: 0, 3: 1, 4: 2, 5: 3}
SERVED = pa.table({"radio_cell": list(SITES), "site": list(SITES.values())})


def cells() -> CellList:
    rows = [
        {"radio_cell": cell, "operator": "A", "technology": "4G", "latitude": place[0], "longitude": place[1]}
        for cell, place in PLACES.items()
    ]
    return CellList.of(pa.Table.from_batches([RADIO_CELLS.batch(rows)]))


class Told:
    """Days, changes and correspondents of one IMEI."""

    def __init__(self) -> None:
        self.days: list[tuple[int, int, int, int]] = []
        self.jumps: list[tuple[int, int, int, int, int, int, int]] = []
        self.met: list[tuple[int, int]] = []

    def day(self, day: int, sim: int, cell: int, records: int = 3) -> None:
        self.days.append((day, sim, cell, records))

    def handsets(self) -> Handsets:
        day, imsi, cell, records = np.array(self.days).T
        site = np.array([SITES[one] for one in cell])
        candidates = pa.table({"imei14": np.full(np.unique(site).size, IMEI), "site": np.unique(site)})
        days = {
            "imei14": np.full(day.size, IMEI), "imsi": imsi, "day": day, "radio_cell": cell,
            "records": records, "first_us": day * DAY + imsi,
        }  # fmt: skip
        names = ("imsi_before", "imsi", "cell_before", "radio_cell", "jumps", "least_us", "at_once")
        jumps = np.array(self.jumps, dtype=np.int64).reshape(-1, len(names)).T
        met = np.array(self.met, dtype=np.int64).reshape(-1, 2).T
        return handsets(
            Aggregates(
                candidates,
                pa.table(days),
                pa.table({"imei14": np.full(met.shape[1], IMEI), "imsi": met[0], "correspondent": met[1]}),
                pa.table({"imei14": np.full(jumps.shape[1], IMEI)} | dict(zip(names, jumps, strict=True))),
            ),
            cells(),
            SERVED,
        )


@pytest.fixture
def told() -> Told:
    return Told()


def far(told: Told, sims: tuple[int, int], seconds: int) -> None:
    told.jumps.append((*sims, 1, 4, 3, seconds * 1_000_000, 0))
    for day in range(4):
        told.day(day, sims[0], 1)
        told.day(day, sims[1], 4)


def test_an_imei_at_two_places_at_once_is_two_handsets(told):
    far(told, (100, 200), 60)
    found = told.handsets()
    assert found.of_day.tolist() == [0, 1] * 4
    assert found.names == (f"{IMEI}", f"{IMEI}~2")
    assert dict(found.why) == {IMEI: FAR}


def test_one_sim_at_two_places_at_once_is_said(told):
    far(told, (100, 100), 60)
    found = told.handsets()
    assert found.unsplit == (IMEI,)
    assert not found.why


def test_a_fast_car_is_one_handset(told):
    far(told, (100, 200), 6_000)
    assert FAR not in told.handsets().why.values()


def test_copies_in_prisons_near_each_other_are_told_by_going_to_and_fro(told):
    for day in range(12):
        told.day(day, 100 if day % 2 else 200, 1 if day % 2 else 3)
    found = told.handsets()
    assert dict(found.why) == {IMEI: TURNS}
    assert found.of_day.tolist() == [1, 0] * 6


def test_three_copies_in_three_prisons_are_three(told):
    for day in range(12):
        told.day(day, 100 + day % 3, (1, 3, 5)[day % 3])
    assert len(told.handsets().names) == 3


def test_a_handset_that_carries_its_sims_along_is_one(told):
    for day in range(12):
        told.day(day, 100, (1, 3)[day % 2])
        told.day(day, 200, (1, 3)[day % 2])
    found = told.handsets()
    assert not found.why
    assert not found.doubtful


def test_one_change_of_prison_with_a_new_sim_is_left_whole_and_said(told):
    for day in range(12):
        told.day(day, 100 if day < 6 else 200, 1 if day < 6 else 3)
    found = told.handsets()
    assert not found.why
    assert found.doubtful == (IMEI,)


def test_the_same_people_after_the_move_are_the_same_handset(told):
    told.met = [(100, 33_639_980_001), (200, 33_639_980_001)]
    for day in range(12):
        told.day(day, 100 if day % 2 else 200, 1 if day % 2 else 3)
    found = told.handsets()
    assert not found.why
    assert not found.doubtful


MINE = (33_639_980_001, 33_639_980_002, 33_639_980_003)
HIS = (33_639_980_011, 33_639_980_012, 33_639_980_013)


def in_one_prison(told: Told, his: tuple[int, ...], at_once: int) -> Handsets:
    told.met += [(100, number) for number in MINE] + [(200, number) for number in his]
    told.jumps.append((100, 200, 1, 1, at_once, 1_000_000, at_once))
    for day in range(6):
        told.day(day, 100, 1)
        told.day(day, 200, 2)
    return told.handsets()


def test_copies_in_one_prison_are_told_by_sims_in_use_at_once(told):
    found = in_one_prison(told, HIS, 4)
    assert dict(found.why) == {IMEI: AT_ONCE}
    assert len(found.names) == 2


def test_a_handset_lent_with_many_sims_stays_one(told):
    assert not in_one_prison(told, (*HIS[:2], MINE[0]), 4).why
    assert not in_one_prison(Told(), HIS, 2).why
    assert not in_one_prison(Told(), HIS[:2], 4).why


def test_people_in_common_over_a_third_sim_keep_a_handset_whole(told):
    told.met = [(300, MINE[0]), (300, HIS[0])]
    told.day(1, 300, 1)
    assert not in_one_prison(told, HIS, 4).why


def test_rows_without_a_sim_go_with_the_nearest_copy(told):
    far(told, (100, 200), 60)
    told.day(5, 0, 4)
    assert told.handsets().of_day.tolist()[-1] == 1
