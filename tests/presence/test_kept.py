from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from parloir.presence import aggregates
from parloir.presence.aggregates import DAY_US, Aggregates, Dwell, aggregate, serving, sites
from parloir.presence.blocks import blocks
from parloir.presence.engines import duckdb_engine
from parloir.presence.kept import Kept, kept_engine
from parloir.presence.reach import CellList, reach
from parloir.presence.visibility import NOWHERE, Alone
from parloir.presence.weighing import weigh
from parloir.tables import PROTECTED
from parloir.tables.files import STAGING
from parloir.tables.store import Store
from parloir.tables.working import RestsOn

from .test_engines import TABLES, in_order
from .world import World


@dataclass
class Case:
    """Evidence folders of a world, one a file, as take-in leaves them."""

    home: Path
    world: World

    def __post_init__(self):
        for name, table in self.world.tables.items():
            if name != "network_records":
                self.add("registers", table, name)

    def add(self, item: str, table: pa.Table, name: str = "network_records") -> None:
        (self.home / "tables" / item).mkdir(parents=True, exist_ok=True)
        pq.write_table(table, self.home / "tables" / item / f"{name}.parquet")

    @property
    def store(self) -> Store:
        return Store.of((self.home / "tables").iterdir())

    @property
    def kept(self) -> Kept:
        return Kept(self.store, self.home / "working")

    @property
    def folders(self) -> set[str]:
        return {path.name for path in (self.home / "working").iterdir()} - {STAGING}


@pytest.fixture
def case(world, tmp_path) -> Case:
    return Case(tmp_path, world)


@pytest.fixture(scope="module")
def cells(world):
    met = reach(world.tables["prisons"], CellList.of(world.tables["radio_cells"]))
    return serving(met, sites(met, 3))


def between(table: pa.Table, first: int, last: int) -> pa.Table:
    """Records of some days of the world, the first counted 0."""
    start = pc.min(table["started_us"]).as_py() // DAY_US
    day = pc.subtract(pc.cast(pc.floor(pc.divide(table["started_us"], float(DAY_US))), pa.int64()), start)
    return table.filter(pc.and_(pc.greater_equal(day, first), pc.less_equal(day, last)))


def from_nothing(store: Store, cells, alone: Alone = NOWHERE) -> Aggregates:
    connection = store.connect()
    with duckdb_engine(connection) as engine:
        return aggregate(engine, cells, Dwell(), alone)


def assert_same(one: Aggregates, other: Aggregates) -> None:
    for name in TABLES:
        columns = getattr(one, name).column_names
        ours, theirs = (in_order(getattr(each, name), columns) for each in (one, other))
        assert ours.num_rows > 0, name
        assert ours.equals(theirs), name


def test_a_new_day_adds_one_block_and_the_sum_is_what_one_pass_gives(case, world, cells):
    records = world.tables["network_records"]
    case.add("day0", between(records, 0, 5))
    assert_same(case.kept.aggregate(cells, Dwell()), from_nothing(case.store, cells))
    before = case.folders
    case.add("day1", between(records, 6, 6))
    assert_same(case.kept.aggregate(cells, Dwell()), from_nothing(case.store, cells))
    assert len(before) == 1
    assert before < case.folders
    assert len(case.folders) == 2


def test_days_one_by_one_are_the_same_as_all_at_once(case, world, cells):
    records = world.tables["network_records"]
    for day in range(5):
        case.add(f"day{day:02d}", between(records, day, day))
        found = case.kept.aggregate(cells, Dwell())
    assert len(case.folders) == 5
    assert_same(found, from_nothing(case.store, cells))
    alone = Alone(np.arange(3), np.zeros(0, dtype=np.int64))
    ours, theirs = case.kept.aggregate(cells, Dwell(), alone), from_nothing(case.store, cells, alone)
    assert_same(ours, theirs)
    assert ours.left_out == theirs.left_out > 0
    assert len(case.folders) == 5


def test_candidates_in_parts_give_the_same_findings(case, world, cells, monkeypatch):
    records = world.tables["network_records"]
    case.add("day0", between(records, 0, 20))
    case.add("day1", between(records, 21, 40))
    whole = weigh(case.store.connect())
    monkeypatch.setattr(aggregates, "PART", 1_000)
    assert len(list(case.kept.pieces(cells, Dwell()))) > 3
    for found in (weigh(case.store.connect()), weigh(case.store.connect(), engine=case.kept)):
        for name in ("findings", "inside", "handsets", "counts", "candidates", "activity"):
            assert getattr(found, name).equals(getattr(whole, name)), name


@pytest.mark.parametrize("seed", range(4))
def test_files_that_overlap_in_time_add_up_too(case, world, cells, seed):
    rng = np.random.default_rng(seed)
    records = world.tables["network_records"]
    whole = between(records, 0, 9)
    part = rng.integers(0, 3, whole.num_rows)
    case.add("a", whole.filter(pa.array(part == 0)))
    case.add("b", between(whole.filter(pa.array(part > 0)), 0, 4))
    case.kept.aggregate(cells, Dwell())
    case.add("c", between(whole.filter(pa.array(part == 1)), 5, 9))
    case.kept.aggregate(cells, Dwell())
    case.add("d", between(whole.filter(pa.array(part == 2)), 3, 9))
    assert_same(case.kept.aggregate(cells, Dwell()), from_nothing(case.store, cells))


def test_findings_are_byte_identical_to_those_from_nothing(case, world, tmp_path):
    records = world.tables["network_records"]
    case.add("month", between(records, 0, 20))
    weigh(case.store.connect(), engine=case.kept)
    case.add("after", between(records, 21, 99))
    told = weigh(case.store.connect(), engine=case.kept)
    again = weigh(case.store.connect())
    for name in ("findings", "inside", "candidates", "counts"):
        pq.write_table(getattr(told, name), tmp_path / "told")
        pq.write_table(getattr(again, name), tmp_path / "again")
        assert getattr(told, name).num_rows > 0
        assert (tmp_path / "told").read_bytes() == (tmp_path / "again").read_bytes(), name


def test_another_register_or_other_radio_cells_make_other_blocks(case, world, cells):
    case.add("day0", between(world.tables["network_records"], 0, 3))
    case.kept.aggregate(cells, Dwell())
    case.kept.aggregate(cells.slice(1), Dwell())
    assert len(case.folders) == 2
    number = pc.drop_null(world.tables["network_records"]["correspondent"])[0].as_py()
    case.add("wall", pa.Table.from_batches([PROTECTED.batch([{"number": number}])]), "protected")
    found = case.kept.aggregate(cells, Dwell())
    assert len(case.folders) == 3
    assert number not in found.correspondents["correspondent"].to_pylist()


def test_each_block_says_what_it_rests_on(case, world, cells):
    for item, days in {"one": (0, 3), "two": (4, 4)}.items():
        case.add(item, between(world.tables["network_records"], *days))
    case.kept.aggregate(cells, Dwell())
    told = [RestsOn.read(case.home / "working" / folder) for folder in case.folders]
    assert {one.records for one in told} == {frozenset({"one"}), frozenset({"one", "two"})}
    assert all(one.registers == frozenset() for one in told)


def test_what_dies_in_the_middle_leaves_nothing_half_made(case, world, cells, monkeypatch):
    case.add("one", between(world.tables["network_records"], 0, 3))
    with monkeypatch.context() as broken:
        broken.setattr(
            "parloir.presence.kept._write_down", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            case.kept.aggregate(cells, Dwell())
    assert not case.folders
    assert_same(case.kept.aggregate(cells, Dwell()), from_nothing(case.store, cells))


def test_no_records_make_no_blocks(case, cells):
    assert case.kept.aggregate(cells, Dwell()).days.num_rows == 0
    assert not (case.home / "working").exists()


def test_spark_keeps_nothing(case, monkeypatch):
    assert isinstance(kept_engine(case.store, case.home), Kept)
    monkeypatch.setenv("PARLOIR_ENGINE", "local[2]")
    assert kept_engine(case.store, case.home) is None


def write(path: Path, days: list[int | None]) -> Path:
    times = pa.array([None if day is None else day * DAY_US + 7 for day in days], pa.int64())
    pq.write_table(pa.table({"started_us": times}), path, row_group_size=1)
    return path


def test_cuts_lie_where_the_set_of_files_changes(tmp_path):
    a, b, c = (tmp_path / name for name in "abc")
    write(a, [0, 1, 2])
    write(b, [2, 3, None])
    write(c, [7])
    cut = [(one.from_us // DAY_US, one.to_us // DAY_US, one.files) for one in blocks([c, b, a], "started_us")]
    assert cut == [(0, 2, (a,)), (2, 3, (a, b)), (3, 4, (b,)), (7, 8, (c,))]
    assert blocks([write(a, [None])], "started_us") == ()


def test_cuts_that_would_read_everything_again_and_again_are_not_made(tmp_path):
    paths = []
    for number in range(9):
        path = tmp_path / f"{number}"
        times = pa.array([0, (number + 1) * DAY_US], pa.int64())  # one row group that spans all
        pq.write_table(pa.table({"started_us": times}), path)
        paths.append(path)
    assert [(one.from_us, one.to_us // DAY_US) for one in blocks(paths, "started_us")] == [(0, 10)]
