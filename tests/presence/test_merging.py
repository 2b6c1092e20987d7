"""Which IMEIs are one handset, on records made by hand: linked from what they do, not from their numbers."""

from types import SimpleNamespace

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from parloir.presence import merging
from parloir.presence.coverage import Slots, mixes
from parloir.presence.merging import Naming, name_handsets

DAY, N, DAYS = 86_400, 60, 30
RANDOM = np.random.default_rng(5)
IMEIS = np.sort(RANDOM.choice(10**6, N, replace=False)) * 7_919_000 + 35_000_000_000_000


class People:
    """N handsets of one prison with people and days of their own; some are made alike by hand."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(9)
        self.days = self.random.random((N, DAYS)) < 0.75
        self.numbers = [list(33_639_980_000 + self.random.choice(9_000, 10, replace=False)) for _ in range(N)]
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.sim = np.arange(N) + 1_000
        self.moved: dict[int, int] = {}

    def live(self, of: int, share: float = 1.0) -> None:
        for day in np.flatnonzero(self.days[of]):
            for _ in range(self.random.poisson(6 * share)):
                second = (
                    day * DAY + int(self.random.integers(17, 24)) * 3_600 + int(self.random.integers(3_600))
                )
                self.rows.append((of, second, int(self.random.integers(20, 90)), int(self.sim[of]), 0))

    def twins(self, one: int, other: int) -> None:
        """The other IMEI of a handset: its days and people, and one radio."""
        self.days[other], self.numbers[other] = self.days[one], self.numbers[one]

    def named(self) -> Naming:
        every = np.arange(N)
        rows = sorted(self.rows)
        of, second, talk, sim, _ = np.array(rows).T
        records = {
            "imei14": IMEIS[of], "started_us": second * 1_000_000, "kind": ["call_out"] * of.size,
            "duration_s": talk, "imsi": sim, "number": np.zeros(of.size, dtype=np.int64),
        }  # fmt: skip
        connection = duckdb.connect()
        connection.register("network_records", pa.table(records))
        slots = Slots(np.zeros(2, dtype=np.int64), np.arange(2), np.zeros(2, dtype=np.intp), np.full(2, 0.5))
        owner, slot = np.repeat(every, 2), np.tile(np.arange(2), N)
        mix = mixes(owner, slot, np.full(2 * N, 20), slots)
        handset, number = (
            np.concatenate([[at] * len(own) for at, own in enumerate(self.numbers)]),
            np.concatenate(self.numbers),
        )
        seen = SimpleNamespace(
            candidates=SimpleNamespace(
                stint=every, prison=np.zeros(N, dtype=np.int64), own=mix, own_slots=slots
            ),
            stints=SimpleNamespace(handset=every, site=np.zeros(N, dtype=np.int64), first=every * 0),
            seen=SimpleNamespace(
                from_us=every * 0, to_us=np.full(N, DAYS * DAY * 1_000_000), records=np.full(N, 9.0)
            ),
            handsets=SimpleNamespace(imei14=IMEIS, names=tuple(map(str, IMEIS))),
            correspondents=SimpleNamespace(handset=handset, number=number),
            prisons=SimpleNamespace(num_rows=1),
        )
        return name_handsets(connection, seen, np.full(N, 0.9))


@pytest.fixture
def people() -> People:
    return People()


def linked(named: Naming) -> set[tuple[int, int]]:
    place = {int(imei14): at for at, imei14 in enumerate(IMEIS)}
    return {(place[link.imei14], place[link.other_imei14]) for link in named.links}


def test_strangers_of_one_prison_are_not_linked(people):
    for of in range(N):
        people.live(of)
    assert not linked(people.named())


def test_two_imeis_without_like_numbers_are_linked_by_what_they_do(people):
    people.twins(3, 40)
    for of in range(N):
        people.live(of)
    people.rows = [row for row in people.rows if row[0] not in (3, 40)]
    for day in np.flatnonzero(people.days[3]):  # the two take turns on one radio
        for at in range(8):
            of = (3, 40)[at % 2]
            people.rows.append((of, day * DAY + 64_800 + at * 700, 60, int(people.sim[of]), 0))
    named = people.named()
    assert linked(named) == {(3, 40)}
    assert named.number[40] == named.number[3] == IMEIS[3]
    assert {"imei", "numbers and SIMs in common", "days", "calls"} <= set(named.links[0].levels)


def test_a_mans_two_handsets_that_are_on_at_once_in_calls_are_two(people):
    people.twins(3, 40)
    for of in range(N):
        people.live(of)
    ran = [row for row in people.rows if row[0] == 3][:12]
    people.rows += [(40, second + 9, 60, int(people.sim[40]), 0) for _, second, *_ in ran]
    assert not linked(people.named())


def test_of_several_that_are_all_alike_none_is_taken(people):
    for other in (20, 30, 40, 50):
        people.twins(3, other)
    for of in range(N):
        people.live(of)
    assert not linked(people.named())


def test_a_sim_that_was_passed_on_once_links_nothing(people):
    people.days[3, 15:], people.days[40, :15] = False, False
    people.sim[40] = people.sim[3]
    people.numbers[40] = people.numbers[3]
    for of in range(N):
        people.live(of)
    assert not linked(people.named())


def test_groups_are_read_in_batches_of_so_many_records_in_their_order(monkeypatch):
    monkeypatch.setattr(merging, "AT_A_TIME", 100)
    groups = [np.array([0, 1]), np.array([2]), np.array([1, 2]), np.array([3])]
    found = list(merging._batches(groups, np.array([40.0, 20.0, 90.0, 5.0])))
    assert [[one.tolist() for one in batch] for batch in found] == [[[0, 1], [2]], [[1, 2]], [[3]]]
    assert not list(merging._batches([], np.zeros(0)))
