"""By which numbers an inmate's own people are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from parloir.contacts import known_numbers, people_there
from tests.holders.small_world import SHA, START, SmallWorld, inmate

HOME, LAWYER, MOTHER, ORDERED = 33_639_980_001, 33_199_000_002, 33_639_980_003, 33_639_980_004
CUSTOMER = f"person:{SHA[:12]}:C1"
RECORD = {"record": "C1", "source": "customer", "numbers": [ORDERED]}


def linked(probability: float) -> list[dict[str, Any]]:
    return [{"left": CUSTOMER, "right": "visitor:V1", "probability": probability}]


def visited() -> SmallWorld:
    """Inmate 1 is visited by V1; a customer of a shop may be V1."""
    world = SmallWorld()
    world.add("visitors", visitor="V1", numbers=[MOTHER])
    world.add("visits", visitor="V1", inmate=inmate(1), prison="P", start_us=START)
    world.add("persons", **RECORD)
    return world


def numbers(world: SmallWorld, folder: Path) -> dict[int, float]:
    """Probability by number, of inmate 1."""
    connection, inside = world.case(folder)
    rows = known_numbers(connection, inside.links).to_pylist()
    return {row["number"]: row["probability"] for row in rows if row["inmate"] == inmate(1)}


def test_registers_are_certain_and_links_as_certain_as_they_are(tmp_path: Path) -> None:
    world = visited()
    world.people(1, [HOME])
    world.add("official_calls", inmate=inmate(1), number=LAWYER, started_us=START)
    world.links = linked(0.7)
    assert numbers(world, tmp_path) == {HOME: 1.0, LAWYER: 1.0, MOTHER: 1.0, ORDERED: 0.7}


def test_a_link_serves_either_way_round(tmp_path: Path) -> None:
    world = visited()
    world.links = [{"left": "visitor:V1", "right": CUSTOMER, "probability": 0.7}]
    assert numbers(world, tmp_path)[ORDERED] == 0.7


def test_who_visits_two_inmates_is_known_of_both(tmp_path: Path) -> None:
    world = visited()
    world.add("visits", visitor="V1", inmate=inmate(2), prison="P", start_us=START)
    connection, inside = world.case(tmp_path)
    rows = known_numbers(connection, inside.links).to_pylist()
    assert {row["inmate"] for row in rows if row["number"] == MOTHER} == {inmate(1), inmate(2)}


def test_rows_are_named_for_numbers_that_are_met_alone(tmp_path: Path) -> None:
    world = visited()
    world.people(1, [HOME])
    connection, inside = world.case(tmp_path)
    met = pa.table({"number": pa.array([HOME], pa.int64())})
    rows = {row["number"]: row["locator"] for row in known_numbers(connection, inside.links, met).to_pylist()}
    assert rows[HOME].endswith("!approved_contacts#1")
    assert rows[MOTHER] is None


def test_people_of_a_prison_are_those_of_links_that_are_rather_true(tmp_path: Path) -> None:
    for probability, there in ((0.49, {MOTHER}), (0.5, {MOTHER, ORDERED})):
        world = visited()
        world.links = linked(probability)
        connection, inside = world.case(tmp_path)
        rows = people_there(connection, inside.links).to_pylist()
        assert {row["number"] for row in rows if (row["prison"], row["inmate"]) == ("P", inmate(1))} == there
