"""Where handsets lie is learnt from finds with a named holder; what no record shows from the others."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from parloir.holders import (
    LIFE,
    PLACES,
    Searched,
    Unseen,
    expected_handsets,
    learn_places,
    learn_unseen,
    load_parameters,
    load_world,
    ordered_for,
)
from tests.holders.small_world import DAY, HANDSET, SHA, START, SmallWorld, inmate
from tests.holders.test_expected import MORNING, by_prison_cell, connected, posteriors

PLACE = load_parameters().place
TRUE = {"own": 0.6, "landing": 0.1, "elsewhere": 0.1, "common": 0.2}


def find(world: SmallWorld, number: int, prison_cell: str | None, day: float, imei14: int = 77) -> None:
    """A report that names an inmate."""
    world.add(
        "seizures",
        prison="P",
        prison_cell=prison_cell,
        found_us=START + round(day * DAY),
        item="handset",
        inmate=inmate(number) if number else None,
        imeis=[imei14],
    )


def learnt(world: SmallWorld, folder, moment: int = MORNING):
    connection = connected(world, folder)
    return learn_places(connection, load_world(connection), PLACE, moment)


def test_known_shares_are_recovered(tmp_path):
    world, rng = SmallWorld(), np.random.default_rng(5)
    own = {row["inmate"]: row["prison_cell"] for row in world.rows["stays"]}
    for number, where in enumerate(rng.choice(PLACES, size=2000, p=[TRUE[name] for name in PLACES])):
        holder = 1 + number % 39
        cells = {"own": own[inmate(holder)], "landing": "A-77", "elsewhere": "B-77", "common": None}
        find(world, holder, cells[where], number % 60 + 0.5, 10_000 + number)
    found = learnt(world, tmp_path)
    assert sum(found.finds.values()) == 2000
    for name, share in TRUE.items():
        assert found.shares[name] == pytest.approx(share, abs=0.03)
    assert sum(found.shares[name] for name in PLACES) == pytest.approx(1, abs=1e-5)


def test_without_finds_the_starting_shares_stand(tmp_path):
    found = learnt(SmallWorld(), tmp_path)
    assert {name: found.shares[name] for name in PLACES} == {name: PLACE[name] for name in PLACES}


def test_one_find_counts_once_and_none_after_the_moment(tmp_path):
    world = SmallWorld()
    find(world, 6, "A-03", 3.25)
    find(world, 6, "A-03", 3.5)  # another file on the same find
    find(world, 6, "A-03", 90)
    find(world, 0, "A-03", 5)  # nobody named
    assert learnt(world, tmp_path).finds == {"own": 1, "landing": 0, "elsewhere": 0, "common": 0}


def test_finds_of_handsets_that_were_not_weighed_tell_how_many_are_missed(tmp_path):
    world = SmallWorld()
    world.add("network_records", imei14=HANDSET, started_us=START)
    world.add("network_records", imei14=HANDSET, started_us=START + 60 * DAY)
    for day, imei14 in ((1, 1), (20, 2), (21, HANDSET), (22, 3), (70, 4)):
        find(world, 0, "A-03", day, imei14)
    handsets = pa.table({"imei14": [HANDSET], "handset": [HANDSET]})
    found = learn_unseen(connected(world, tmp_path), handsets, {"share": 0.1, "strength": 20.0}, MORNING)
    assert (found.finds, found.missed) == (3, 2)
    assert found.share == pytest.approx((20 * 0.1 + 2) / 23, abs=1e-6)


def expected_with(unseen: Unseen, folder, searches=()) -> dict[str, float]:
    rows = posteriors((HANDSET, 6, 1.0), last=MORNING - 9)
    connection = connected(SmallWorld(), folder)
    place = {"own": 1.0, "landing": 0.0, "elsewhere": 0.0, "find_rate": 0.8}
    searched = Searched({"P": tuple(searches)} if searches else {}, unseen=unseen)
    return by_prison_cell(expected_handsets(rows, load_world(connection), MORNING, place, searched))


def test_what_no_record_shows_is_expected_by_occupants_and_more_where_an_order_leads(tmp_path):
    plain = expected_with(Unseen(0.2), tmp_path / "1")
    total = sum(plain.values())
    assert total == pytest.approx(1 / (1 - 0.2), abs=1e-4)
    ordered = expected_with(Unseen(0.2, ordered={20: 0.5}), tmp_path / "2")
    assert ordered["A-10"] - plain["A-10"] == pytest.approx(0.2 * 0.5, abs=1e-6)
    assert all(ordered[name] == plain[name] for name in plain if name != "A-10")


def test_an_empty_search_leaves_little_of_it_and_less_the_fresher_it_is(tmp_path):
    plain = expected_with(Unseen(0.2), tmp_path / "1")["A-10"]
    fresh = expected_with(Unseen(0.2), tmp_path / "2", [(MORNING - DAY // 24, "A-10")])["A-10"]
    older = expected_with(Unseen(0.2), tmp_path / "3", [(MORNING - 30 * DAY, "A-10")])["A-10"]
    assert fresh == pytest.approx(0.2 * plain, rel=0.01)
    assert older == pytest.approx(plain * (1 - 0.8 * np.exp(-30 / LIFE.days)), rel=0.01)


def test_a_user_whom_nobody_knows_has_the_handset_in_some_prison_cell(tmp_path):
    connection = connected(SmallWorld(), tmp_path)
    place = {"own": 1.0, "landing": 0.0, "elsewhere": 0.0, "unknown": 0.5, "find_rate": 0.8}
    rows = posteriors((HANDSET, 6, 0.6), last=MORNING - 9)
    found = by_prison_cell(expected_handsets(rows, load_world(connection), MORNING, place))
    assert sum(found.values()) == pytest.approx(0.6 + 0.5 * 0.4, abs=1e-4)
    assert found["A-10"] > 0


def test_an_order_that_leads_to_an_inmate_fades_with_the_life_of_handsets(tmp_path):
    world = SmallWorld()
    world.add("orders", order_id="1", ordered_us=START, customer="c1")
    world.add("visits", prison="P", inmate=inmate(9), visitor="v1", started_us=START + 10 * DAY)
    links = pa.table({"left": [f"person:{SHA[:12]}:c1"], "right": ["visitor:v1"], "probability": [0.9]})
    connection = connected(world, tmp_path)
    registers, parameters = load_world(connection), load_parameters()
    early = ordered_for(connection, registers, links, parameters, START + 20 * DAY)
    late = ordered_for(connection, registers, links, parameters, START + 155 * DAY)
    [holder] = early
    assert registers.inmates[holder] == inmate(9)
    assert 0 < early[holder] < 1
    assert late[holder] == pytest.approx(early[holder] * np.exp(-135 / 135), rel=1e-6)
    assert ordered_for(connection, registers, links, parameters, START + DAY) == {}
