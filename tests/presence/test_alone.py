"""A request that shows a prison's own radio cells and nothing else: the prefilter asks for more."""

import numpy as np
import pyarrow as pa
import pytest

from parloir import presence
from parloir.presence.aggregates import LOCKED_OF, Dwell, aggregate, serving, sites
from parloir.presence.engines import duckdb_engine
from parloir.presence.kinds import names
from parloir.presence.plain import seen
from parloir.presence.reach import CellList, reach
from parloir.presence.visibility import NOWHERE, Alone, asked_for, radio_cells_alone
from parloir.tables import TABLES

from .conftest import connect

SCHEMA = TABLES["requests"].schema


@pytest.fixture(scope="module")
def met(world):
    return reach(world.tables["prisons"], CellList.of(world.tables["radio_cells"]))


@pytest.fixture(scope="module")
def cells(met):
    return serving(met, sites(met, 3))


def counted(world, cells, alone):
    with duckdb_engine(connect(world)) as engine:
        return aggregate(engine, cells, Dwell(), alone)


def locked_and_days(world, cells) -> dict[int, tuple[int, int]]:
    """Local days on which each handset was at a site, and those with a record between 18 and 7 o'clock."""
    records = world.tables["network_records"].select(["imei14", "started_us", "offset_min", "radio_cell"])
    served = set(cells["radio_cell"].to_pylist())
    days: dict[int, tuple[set, set]] = {}
    for row in records.to_pylist():
        if row["radio_cell"] in served:
            offset = 60 if row["offset_min"] is None else row["offset_min"]
            hours = (row["started_us"] // 60_000_000 + offset) // 60
            own = days.setdefault(row["imei14"], (set(), set()))
            own[1].add(hours // 24)
            if not 7 <= hours % 24 < 18:
                own[0].add(hours // 24)
    return {imei14: (len(locked), len(all_days)) for imei14, (locked, all_days) in days.items()}


def test_who_is_seldom_there_in_lock_up_hours_is_left_out_and_counted(world, cells):
    everywhere = counted(world, cells, NOWHERE)
    alone = counted(world, cells, Alone(np.arange(3), np.zeros(0, dtype=np.int64)))
    told = locked_and_days(world, cells)
    before = set(everywhere.candidates["imei14"].to_pylist())
    often = {imei14 for imei14 in before if told[imei14][0] * LOCKED_OF >= told[imei14][1]}
    assert set(alone.candidates["imei14"].to_pylist()) == often < before
    assert set(alone.days["imei14"].to_pylist()) == often
    assert everywhere.left_out == 0 and alone.left_out == len(before) - len(often)
    assert set(world.inside) & before <= often


def test_a_handset_whose_full_records_were_asked_for_stays(world, cells):
    none = np.zeros(0, dtype=np.int64)
    everywhere = set(counted(world, cells, NOWHERE).candidates["imei14"].to_pylist())
    left = everywhere - set(counted(world, cells, Alone(np.arange(3), none)).candidates["imei14"].to_pylist())
    one = min(left)
    found = counted(world, cells, Alone(np.arange(3), np.array([one])))
    assert left & set(found.candidates["imei14"].to_pylist()) == {one}


def request(kind: str, radio_cells: list[int] | None, imeis: list[int] | None = None) -> dict:
    empty = dict.fromkeys(SCHEMA.names)
    return {**empty, "request": "R", "kind": kind, "radio_cells": radio_cells, "imeis": imeis}


def test_a_request_for_a_wide_area_shows_elsewhere(world, met, cells):
    listed = CellList.of(world.tables["radio_cells"])
    site, served = sites(met, 3), cells.to_pylist()
    own = [[row["radio_cell"] for row in served if row["site"] == one] for one in range(3)]
    rows = [request("radio_cells", own[0]), request("radio_cells", own[1]), request("handsets", None, [7, 3])]

    def told(*more: dict) -> Alone:
        table = pa.Table.from_pylist([*rows, *more], schema=SCHEMA)
        return radio_cells_alone(table, asked_for(table, world.tables["prisons"], listed)[0], met, site)

    assert told().sites.tolist() == [0, 1] and told().handsets.tolist() == [3, 7]
    assert told(request("wide_area", own[1])).sites.tolist() == [0]
    assert told(request("wide_area", None)).sites.tolist() == []


def test_it_is_said_how_many_were_left_out(world, cells):
    asked = pa.Table.from_pylist([request("radio_cells", cells["radio_cell"].to_pylist())], schema=SCHEMA)
    world_asked = type(world)({**world.tables, "requests": asked}, world.inside)
    left_out = counted(world, cells, Alone(np.arange(3), np.zeros(0, dtype=np.int64))).left_out
    said = [remark for remark in presence.weigh(connect(world_asked)).remarks if "lock-up hours" in remark]
    assert len(said) == 1 and said[0].startswith(f"{left_out:,} handsets were not weighed")


def test_what_radio_shows_has_levels_of_its_own_where_elsewhere_was_not_asked_for(world, met, cells):
    site, served = sites(met, 3), cells.to_pylist()
    own = [[row["radio_cell"] for row in served if row["site"] == one] for one in range(3)]
    span = {"from_us": 0, "to_us": 4_000_000_000_000_000}
    rows = [request("radio_cells", own[0]) | span, request("wide_area", own[1] + own[2]) | span]
    tables = {**world.tables, "requests": pa.Table.from_pylist(rows, schema=SCHEMA)}
    connection = connect(type(world)(tables, world.inside))
    with duckdb_engine(connection) as engine:
        counted = presence.scene(connection, engine, Dwell())
    code = dict(zip(names(), seen(counted).codes.T, strict=True))
    asked = site[counted.candidates.prison] == site[0]
    assert asked.any() and not asked.all()
    for wide, alone in (("served", "asked"), ("steady", "fringe"), ("days", "present")):
        assert (code[wide][asked] < 0).all() and (code[wide][~asked] >= 0).mean() > 0.9
        assert (code[alone][~asked] < 0).all() and (code[alone][asked] >= 0).mean() > 0.9
