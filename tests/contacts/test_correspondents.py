"""Whom a handset was in touch with while it was inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parloir.contacts import correspondents, records_inside
from tests.holders.small_world import DAY, HANDSET, OTHER_HANDSET, START, SmallWorld, segment

HOME, FRIEND = 33_639_980_001, 33_639_980_002


def found(
    world: SmallWorld, folder: Path, segments: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    connection, inside = world.case(folder, list(segments or [segment()]))
    with records_inside(connection, inside.handsets, inside.inside):
        return correspondents(connection).to_pylist()


def record(world: SmallWorld, day: float, kind: str, **values: Any) -> None:
    at = {"started_us": START + int(day * DAY), "imei14": HANDSET, "correspondent": HOME}
    world.add("network_records", kind=kind, **{**at, **values})


def test_a_number_called_texted_and_stored_is_one_correspondent(tmp_path: Path) -> None:
    world = SmallWorld()
    record(world, 30, "call_out")
    record(world, 31, "text_in")
    world.add("handset_contents", imei14=HANDSET, number=HOME, kind="contact")
    [row] = found(world, tmp_path)
    assert (row["number"], row["events"], row["days"]) == (HOME, 3, 3)


def test_only_what_happened_inside_counts(tmp_path: Path) -> None:
    world = SmallWorld()
    record(world, 19.9, "call_out", correspondent=FRIEND)
    record(world, 20, "call_out")
    record(world, 100, "call_out")
    record(world, 100.1, "call_out", correspondent=FRIEND)
    [row] = found(world, tmp_path)
    assert (row["number"], row["first_us"], row["last_us"]) == (HOME, START + 20 * DAY, START + 100 * DAY)


def test_the_locator_is_of_a_row_that_says_so(tmp_path: Path) -> None:
    world = SmallWorld()
    record(world, 30, "call_out", correspondent=FRIEND)
    record(world, 31, "call_out")
    rows = {row["number"]: row["locator"] for row in found(world, tmp_path)}
    assert rows[FRIEND].endswith("!network_records#1")
    assert rows[HOME].endswith("!network_records#2")


def test_two_imeis_of_one_handset_have_their_correspondents_together(tmp_path: Path) -> None:
    world = SmallWorld()
    record(world, 30, "call_out")
    record(world, 31, "call_out", imei14=OTHER_HANDSET)
    connection, inside = world.case(tmp_path, [segment(), segment(OTHER_HANDSET)])
    joined = inside.handsets.set_column(1, "handset", [[HANDSET, HANDSET]])
    with records_inside(connection, joined, inside.inside.slice(0, 1)):
        [row] = correspondents(connection).to_pylist()
    assert (row["handset"], row["events"]) == (HANDSET, 2)


def test_nothing_is_left_on_the_connection_when_somebody_fails(tmp_path: Path) -> None:
    world = SmallWorld()
    record(world, 30, "call_out")
    connection, inside = world.case(tmp_path)
    for _ in range(2):  # a second time: types and tables of the first are gone
        with (
            pytest.raises(ZeroDivisionError),
            records_inside(connection, inside.handsets, inside.inside),
        ):
            raise ZeroDivisionError
