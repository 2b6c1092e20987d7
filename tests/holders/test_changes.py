"""Changes of hands, habits of silence, radio cells of a section."""

from __future__ import annotations

import numpy as np
import pytest

from parloir.holders.activity import DAY_US, Activity, Life, Segment, learn_life, still_in_use
from parloir.holders.kinds import KINDS
from parloir.holders.kinds.changes import likeliest_change
from parloir.holders.kinds.talked import Talked
from tests.holders.small_world import (
    DAY,
    HANDSET,
    OTHER_HANDSET,
    START,
    SmallWorld,
    inmate,
    posterior,
    segment,
)

FIRST = [33639981000 + n for n in range(6)]
SECOND = [33639982000 + n for n in range(6)]
LIFE = Life(days=135.0, pause=0.002)


def used_on(days: list[int]) -> Activity:
    start = np.array([START // DAY_US * DAY_US + day * DAY_US for day in days], dtype=np.int64)
    part = Segment("P", int(start[0]), int(start[-1]), 9000, 1.0, "inside")
    return Activity(HANDSET, (part,), np.zeros(start.size, np.int64), start, start, np.ones(start.size, bool))


def talked(spans: list[tuple[int, int]]) -> Talked:
    """One number for each span, met on every second day of it."""
    base = START // DAY_US * DAY_US
    first, last = np.array(spans, dtype=np.int64).T
    days = (last - first) // 2 + 1
    return Talked(np.arange(len(spans)), 3 * days, days, base + first * DAY_US, base + last * DAY_US)


def test_a_new_user_has_new_people():
    activity, rare = used_on(list(range(30))), np.full(10, 1e-4)
    changed = talked([(0, 13)] * 5 + [(16, 29)] * 5)
    found = likeliest_change(activity, changed, rare)
    assert found is not None
    assert found.bits > 10
    assert 13 <= (found.moment - activity.first) / DAY_US <= 16
    assert likeliest_change(activity, talked([(0, 29)] * 10), rare) is None


def test_numbers_met_once_show_no_change():
    activity, rare = used_on(list(range(30))), np.full(12, 1e-4)
    once = talked([(day, day) for day in range(0, 30, 5) for _ in range(2)])
    found = likeliest_change(activity, once, rare)
    assert found is None or found.bits < 0


def test_after_a_change_of_hands_the_last_user_counts(tmp_path):
    world = SmallWorld()
    world.people(7, FIRST[:4])
    world.people(20, SECOND[:4])
    world.calls(FIRST, first_day=20, days=24)
    world.calls(SECOND, first_day=44, days=24)
    holders = world.weigh(tmp_path)
    assert posterior(holders, 20) > 0.6
    assert posterior(holders, 7) < 0.2


def test_findings_are_of_the_time_since_the_change(tmp_path):
    world = SmallWorld()
    world.people(20, SECOND[:4])
    world.calls(FIRST, first_day=20, days=24)
    world.calls(SECOND, first_day=44, days=24)
    holders = world.weigh(tmp_path)
    rows = holders.findings.to_pylist()
    begins = {row["from_us"] for row in rows if row["proposition"] == "held_by"}
    assert all("From 2025-" in sentence for sentence in holders.leads["sentence"].to_pylist())
    assert begins == {START + 44 * DAY + DAY // 2}


def test_silence_before_it_was_theirs_tells_nothing_of_the_last_user(tmp_path):
    world = SmallWorld()
    world.calls(FIRST, first_day=20, days=24)
    world.calls(SECOND, first_day=44, days=24)
    for number, day in ((20, 30), (21, 55)):
        world.add(
            "absences",
            inmate=inmate(number),
            prison="P",
            from_us=START + day * DAY,
            to_us=START + (day + 8) * DAY,
        )
    holders = world.weigh(tmp_path)
    assert posterior(holders, 20) == pytest.approx(posterior(holders, 22), rel=0.3)
    assert posterior(holders, 21) < posterior(holders, 22) / 2


def test_who_has_left_does_not_use_it_now(tmp_path):
    world = SmallWorld()
    world.people(7, FIRST[:4])
    world.calls(FIRST, first_day=20, days=40)
    for number in (7, 8):
        world.rows["stays"][number]["to_us"] = START + 50 * DAY
    world.rows["inmates"][7]["released_us"] = START + 50 * DAY
    holders = world.weigh(tmp_path)
    [handset] = holders.handsets
    levels = {n: handset.block.codes[0][n] for n in (7, 8, 9)}
    assert "gone before the end" in KINDS[0].scale.names[levels[7]]
    assert levels[8] == levels[9]  # nothing says that the other one left: a row is missing
    assert handset.weighed.kinds[0][7] < -3


def test_a_week_of_silence_tells_by_habit():
    daily, weekly = used_on(list(range(60))), used_on(list(range(0, 60, 7)))
    late = daily.last + 8 * DAY_US
    assert still_in_use(daily, late, LIFE) < 0.3
    assert still_in_use(weekly, weekly.last + 8 * DAY_US, LIFE) > 0.7
    assert still_in_use(daily, daily.last, LIFE) == pytest.approx(1.0)


def test_long_pauses_are_learnt_from_the_case():
    broken = [used_on([*range(k, k + 5), *range(k + 15, k + 20)]) for k in range(100)]
    assert learn_life(broken, LIFE).pause > 5 * learn_life([used_on(list(range(60)))] * 100, LIFE).pause


def test_radio_cells_of_a_section_tell_where_a_handset_is(tmp_path):
    """Ten handsets of known users in two sections, then one served as those of the second."""
    world, segments = SmallWorld(inmates=40), []
    for row in world.rows["stays"]:
        number = int(row["inmate"][1:])
        row["prison_cell"] = f"A-{number // 20}-{number:03d}"
    users = [2, 5, 8, 11, 14, 22, 25, 28, 31, 34]
    for place, user in enumerate(users):
        own = [33639983000 + 10 * user + n for n in range(4)]
        world.people(user, own)
        serve(world, HANDSET + 10 + place, own, radio_cell=100 + user // 20)
        segments.append(segment(HANDSET + 10 + place))
    serve(world, OTHER_HANDSET, FIRST, radio_cell=101)
    holders = world.weigh(tmp_path, [*segments, segment(OTHER_HANDSET)])
    near = sum(posterior(holders, n, OTHER_HANDSET) for n in range(20, 40))
    far = sum(posterior(holders, n, OTHER_HANDSET) for n in range(20))
    assert near > 3 * far


def serve(world: SmallWorld, imei14: int, numbers: list[int], radio_cell: int) -> None:
    for day in range(40):
        for hour in (9, 20):
            world.add(
                "network_records",
                imei14=imei14,
                correspondent=numbers[day % len(numbers)],
                kind="call_out",
                started_us=START + (20 + day) * DAY + hour * DAY // 24,
                duration_s=60,
                radio_cell=radio_cell if day % 8 else 102,
                operator="O",
                technology="2G",
            )
