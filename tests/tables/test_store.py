import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parloir.tables import TABLES, VISITS
from parloir.tables.files import GROUP, StagedTables, write_table
from parloir.tables.store import Store


def test_every_canonical_table_is_a_view_even_without_evidence():
    connection = Store.of([]).connect()
    for table in TABLES.values():
        result = connection.execute(f'SELECT * FROM "{table.name}"').to_arrow_table()
        assert result.num_rows == 0
        assert result.schema.names == table.schema.names
        assert result.schema.types == table.schema.types


def test_what_exceeds_the_memory_goes_to_a_temporary_folder_that_is_gone_at_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    connection = Store.of([]).connect(threads=1, memory="60MB")
    assert not list(tmp_path.iterdir())
    connection.execute(
        "CREATE TABLE many AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(6000000)"
    )
    assert [path.name.partition("-")[0] for path in tmp_path.iterdir()] == ["parloir"]
    connection.close()
    assert not list(tmp_path.iterdir())


def test_rows_of_several_evidence_items_come_together(tmp_path):
    for number, visit in enumerate(["v1", "v2"]):
        staged = StagedTables(tmp_path)
        staged.add("visits", VISITS.batch([{"visit": visit, "started_us": number}]))
        staged.commit(tmp_path / "case" / str(number))
    store = Store.of([tmp_path / "case" / "1", tmp_path / "case" / "0"])
    rows = store.connect().execute("SELECT visit, started_us FROM visits ORDER BY visit").fetchall()
    assert rows == [("v1", 0), ("v2", 1)]


def test_a_file_of_an_older_version_lacks_columns_and_reads_as_null(tmp_path):
    (tmp_path / "old").mkdir()
    pq.write_table(pa.table({"visit": ["v0"]}), tmp_path / "old" / "visits.parquet")
    (tmp_path / "new").mkdir()
    write_table(
        tmp_path / "new" / "visits.parquet",
        pa.Table.from_batches([VISITS.batch([{"visit": "v1", "prison": "P"}])]),
    )
    rows = (
        Store.of([tmp_path / "old", tmp_path / "new"])
        .connect()
        .execute("SELECT visit, prison FROM visits ORDER BY visit")
        .fetchall()
    )
    assert rows == [("v0", None), ("v1", "P")]


def test_what_is_not_committed_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), StagedTables(tmp_path) as staged:
        staged.add("visits", VISITS.batch([{"visit": "v"}]))
        raise RuntimeError
    assert list((tmp_path / ".staging").iterdir()) == []


def test_the_same_table_gives_the_same_bytes(tmp_path):
    table = pa.table({"a": list(range(1000))})
    for name in ("one", "two"):
        write_table(tmp_path / name, table)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_small_batches_are_written_as_large_row_groups_in_their_order(tmp_path):
    batch = VISITS.batch([{"visit": f"v{number}"} for number in range(1000)])
    with StagedTables(tmp_path) as staged:
        for _ in range(GROUP // 1000 + 2):
            staged.add("visits", batch)
        staged.commit(tmp_path / "case")
    file = pq.ParquetFile(tmp_path / "case" / "visits.parquet")
    groups = [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]
    assert groups == [66_000, 1000]
    assert file.read(["visit"])["visit"].to_pylist() == [f"v{n}" for n in range(1000)] * 67
