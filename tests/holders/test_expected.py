"""What empty searches leave, by hand: P (1 − q) / (1 − q s) where searched, P / (1 − q s) elsewhere."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from parloir.holders import Searched, expected_handsets, load_searched, load_world
from parloir.tables import TABLES
from parloir.tables.files import StagedTables
from parloir.tables.posteriors import POSTERIORS
from parloir.tables.schema import arrow_schema
from parloir.tables.store import Store
from tests.holders.small_world import DAY, HANDSET, OTHER_HANDSET, START, SmallWorld, inmate

MORNING = START + 62 * DAY
ALL_OWN = {"own": 1.0, "landing": 0.0, "elsewhere": 0.0, "find_rate": 0.8}
SPREAD = {"own": 0.8, "landing": 0.12, "elsewhere": 0.08, "find_rate": 0.8}


def connected(world: SmallWorld, folder) -> duckdb.DuckDBPyConnection:
    staged = StagedTables(folder)
    for table, rows in world.rows.items():
        staged.add(table, TABLES[table].batch(rows))
    staged.commit(folder / "case")
    return Store.of([folder / "case"]).connect(threads=1)


def posteriors(*rows: tuple[int, int, float], last: int) -> pa.Table:
    """Rows (handset, inmate, probability), surely inside."""
    return pa.Table.from_pylist(
        [
            {
                "handset": handset,
                "prison": "P",
                "inmate": inmate(number),
                "probability": probability,
                "inside": 1.0,
                "last_us": last,
                "seized": False,
            }
            for handset, number, probability in rows
        ],
        schema=arrow_schema(POSTERIORS),
    )


def by_prison_cell(table: pa.Table) -> dict[str, float]:
    return dict(zip(table["prison_cell"].to_pylist(), table["expected_handsets"].to_pylist(), strict=True))


def expected(world, folder, rows, place, searched=None) -> dict[str, float]:
    registers = load_world(connected(world, folder))
    return by_prison_cell(expected_handsets(rows, registers, MORNING, place, searched))


@pytest.fixture
def two_candidates() -> pa.Table:
    """Inmate 6 (prison cell A-03) holds it with .6, inmate 20 (A-10) with .3, an unknown user with .1."""
    return posteriors((HANDSET, 6, 0.6), (HANDSET, 20, 0.3), last=MORNING - 9)


def test_an_empty_search_moves_the_mass_to_the_other_candidates(two_candidates, tmp_path):
    searched = Searched({"P": ((MORNING - 1, "A-03"),)})
    before = expected(SmallWorld(), tmp_path / "1", two_candidates, ALL_OWN)
    after = expected(SmallWorld(), tmp_path / "2", two_candidates, ALL_OWN, searched)
    assert (before["A-03"], before["A-10"]) == (pytest.approx(0.6), pytest.approx(0.3))
    assert after["A-03"] == pytest.approx(0.6 * 0.2 / (1 - 0.8 * 0.6), abs=1e-6)
    assert after["A-10"] == pytest.approx(0.3 / (1 - 0.8 * 0.6), abs=1e-6)
    assert after["A-10"] > after["A-03"]


def test_two_empty_searches_count_twice_and_an_earlier_one_not_at_all(two_candidates, tmp_path):
    searches = (MORNING - 10, "A-03"), (MORNING - 2, "A-03"), (MORNING - 1, "A-03"), (MORNING + 1, "A-03")
    after = expected(SmallWorld(), tmp_path, two_candidates, ALL_OWN, Searched({"P": searches}))
    left = 0.6 * 0.2**2
    assert after["A-03"] == pytest.approx(left / (1 - (0.6 - left)), abs=1e-6)


def test_what_does_not_lie_with_its_holder_is_missed_where_it_lies(two_candidates, tmp_path):
    before = expected(SmallWorld(), tmp_path / "1", two_candidates, SPREAD)
    after = expected(
        SmallWorld(), tmp_path / "2", two_candidates, SPREAD, Searched({"P": ((MORNING - 1, "A-20"),)})
    )
    missed = 0.8 * before["A-20"]
    assert after["A-20"] == pytest.approx(0.2 * before["A-20"] / (1 - missed), abs=2e-6)
    assert after["A-03"] == pytest.approx(before["A-03"] / (1 - missed), abs=2e-6)


def test_the_search_of_a_former_prison_cell_counts_against_who_lived_there(tmp_path):
    world = SmallWorld()
    for row in world.rows["stays"]:
        if row["inmate"] == inmate(6):
            row["to_us"] = MORNING - DAY
    world.add("stays", inmate=inmate(6), prison="P", prison_cell="A-29", from_us=MORNING - DAY, to_us=None)
    rows = posteriors((HANDSET, 6, 0.6), (HANDSET, 20, 0.3), last=MORNING - 3 * DAY)
    searched = Searched({"P": ((MORNING - 2 * DAY, "A-03"),)})
    before = expected(world, tmp_path / "1", rows, ALL_OWN)
    after = expected(world, tmp_path / "2", rows, ALL_OWN, searched)
    assert before["A-29"] > before["A-10"]
    assert after["A-29"] < after["A-10"]


def test_a_handset_found_since_is_nowhere_any_more(tmp_path):
    rows = posteriors((HANDSET, 6, 0.6), (OTHER_HANDSET, 6, 0.5), last=MORNING)
    found = expected(SmallWorld(), tmp_path, rows, ALL_OWN, Searched(seized=frozenset({HANDSET})))
    assert found["A-03"] == pytest.approx(0.5)


def test_searches_are_read_from_the_reports_once_each(tmp_path):
    world = SmallWorld()
    second_imei = OTHER_HANDSET
    for item, imeis, hour in (("handset", [second_imei], 6), ("cash", None, 6), ("nothing", None, 30)):
        world.add(
            "seizures",
            prison="P",
            prison_cell="A-03",
            found_us=START // DAY * DAY + hour * DAY // 24,
            item=item,
            imeis=imeis,
        )
    world.add("seizures", prison="P", prison_cell=None, found_us=START, item="handset", imeis=[77])
    handsets = pa.table({"imei14": [HANDSET, second_imei], "handset": [HANDSET, HANDSET]})
    searched = load_searched(connected(world, tmp_path), handsets)
    assert [prison_cell for _, prison_cell in searched.of_prison["P"]] == ["A-03", "A-03"]
    assert searched.seized == {HANDSET, second_imei, 77}
