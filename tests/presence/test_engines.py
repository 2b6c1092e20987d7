from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parloir.errors import InputError
from parloir.presence import aggregates
from parloir.presence.aggregates import Aggregates, Dwell, aggregate, serving, sites
from parloir.presence.engines import duckdb_engine, engine_of
from parloir.presence.reach import CellList, reach
from parloir.presence.spark import spark_engine

from .conftest import connect

TABLES = ("candidates", "days", "correspondents", "jumps")


@pytest.fixture(scope="module")
def cells(world):
    met = reach(world.tables["prisons"], CellList.of(world.tables["radio_cells"]))
    return serving(met, sites(met, 3))


def in_order(table: pa.Table, columns: list[str]) -> pa.Table:
    return table.select(columns).sort_by([(name, "ascending") for name in columns]).combine_chunks()


def by_duckdb(world, cells) -> Aggregates:
    with duckdb_engine(connect(world)) as engine:
        return aggregate(engine, cells, Dwell())


def test_days_add_up_to_the_candidates_records_from_when_they_came_in_reach(world, cells):
    found = by_duckdb(world, cells)
    records = world.tables["network_records"].select(["imei14", "started_us", "radio_cell"]).to_pylist()
    served = set(cells["radio_cell"].to_pylist())
    candidates = set(found.candidates["imei14"].to_pylist())
    since: dict[int, int] = {}
    for row in records:
        if row["radio_cell"] in served:
            since[row["imei14"]] = min(row["started_us"], since.get(row["imei14"], row["started_us"]))
    own = [row for row in records if row["imei14"] in candidates]
    later = [row for row in own if row["started_us"] >= since[row["imei14"]]]
    assert len(own) > len(later) == sum(found.days["records"].to_pylist())
    assert all(0 < hours < 2**24 for hours in found.days["hours"].to_pylist())


def test_local_hours_follow_the_offset_of_the_record(world, cells):
    records = world.tables["network_records"]
    place = records.schema.get_field_index("offset_min")
    shifted = records.set_column(place, "offset_min", pa.array([120] * records.num_rows, pa.int16()))
    before = by_duckdb(world, cells)
    world_two = type(world)({**world.tables, "network_records": shifted}, world.inside)
    after = by_duckdb(world_two, cells)
    assert sum(after.days["records"].to_pylist()) == sum(before.days["records"].to_pylist())
    assert sum(after.days["night"].to_pylist()) != sum(before.days["night"].to_pylist())


def test_both_engines_give_identical_aggregates(world, cells, tmp_path):
    pytest.importorskip("pyspark", reason="the extra parloir[spark] and Java 17 are not installed")
    path = tmp_path / "network_records.parquet"
    pq.write_table(world.tables["network_records"], path)
    ours = by_duckdb(world, cells)
    with spark_engine("local[2]", [Path(path)]) as engine:
        theirs = aggregate(engine, cells, Dwell())
    for name in TABLES:
        columns = getattr(ours, name).column_names
        assert in_order(getattr(theirs, name), columns).equals(in_order(getattr(ours, name), columns)), name


def test_an_engine_that_is_not_there_is_named_with_what_to_do(world, monkeypatch):
    monkeypatch.setenv("PARLOIR_ENGINE", "local[2]")
    monkeypatch.setitem(__import__("sys").modules, "pyspark.sql", None)
    told = pytest.raises(InputError, match=r"PySpark is not installed; install parloir\[spark\] and Java 17")
    with told, engine_of(connect(world), None):
        raise AssertionError("an engine that is not there was opened")


def test_a_leg_that_stands_in_two_files_counts_once(world, cells):
    records = world.tables["network_records"]
    doubled = type(world)(
        {**world.tables, "network_records": pa.concat_tables([records, records])}, world.inside
    )
    once, twice = by_duckdb(world, cells), by_duckdb(doubled, cells)
    shared = pa.compute.is_in(twice.days["imei14"], once.candidates["imei14"])
    columns = once.days.column_names
    assert in_order(twice.days.filter(shared), columns).equals(in_order(once.days, columns))


def test_candidates_in_parts_are_the_same_as_all_at_once(world, cells, monkeypatch):
    whole = by_duckdb(world, cells)
    monkeypatch.setattr(aggregates, "PART", whole.days.num_rows // 5)
    with duckdb_engine(connect(world)) as engine:
        found = list(aggregates.pieces(engine, cells, Dwell()))
    imeis = [set(piece.days["imei14"].to_pylist()) for piece in found]
    assert len(found) > 3
    assert sum(map(len, imeis)) == len(set.union(*imeis))
    assert [max(one) for one in imeis] == sorted(max(one) for one in imeis)
    for name in TABLES:
        ours, columns = getattr(aggregates.together(found), name), getattr(whole, name).column_names
        assert in_order(ours, columns).equals(in_order(getattr(whole, name), columns)), name


def test_an_engine_leaves_the_settings_of_its_connection_as_they_were(world):
    connection = connect(world)
    read = "SELECT current_setting('memory_limit'), current_setting('preserve_insertion_order')"
    connection.execute("SET memory_limit = '300MiB'")
    before = connection.execute(read).fetchall()
    with duckdb_engine(connection):
        assert connection.execute(read).fetchall() == [(before[0][0], False)]
    assert connection.execute(read).fetchall() == before


def test_counts_are_held_in_the_smallest_type_that_holds_them():
    table = pa.table({"imei14": [1, 2], "records": [3, 127], "talk_s": [-129, 4], "hours": [1, 2**23]})
    found = aggregates.narrowed(table)
    assert found.schema.types == [pa.int64(), pa.int8(), pa.int16(), pa.int32()]
    assert found.to_pydict() == table.to_pydict()
