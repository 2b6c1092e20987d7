"""Calls that are recorded twice, and what seized handsets say of theirs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from parloir.simulation import Summary, write_nation
from parloir.simulation.between import calls_between
from parloir.simulation.inside import Contraband, weekly_rates
from parloir.simulation.nation import World
from parloir.simulation.numbers import plain
from parloir.simulation.times import DAY, END

SIZE = {"prisons": "3", "inmates": "1500", "days": "8", "prevalence": "0.4", "residents_per_inmate": "4"}
SURE = {"noise": "0", "missingness": "0", "contents_read": "1"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return write_nation("demo", 7, tmp_path_factory.mktemp("calls") / "w", {**SIZE, **SURE})


@pytest.fixture(scope="module")
def tables(world: Summary) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, files in {
        "records": f"{world.evidence}/network/R-*.parquet",
        "contents": f"{world.evidence}/contents/*.parquet",
        "handsets": f"{world.truth}/handsets.parquet",
        "sims": f"{world.truth}/sims.parquet",
        "devices": f"{world.truth}/devices.parquet",
    }.items():
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{files}', filename = true)")
    connection.execute("CREATE VIEW inside AS SELECT unnest(imeis) AS imei14, handset FROM handsets")
    return connection


def legs(tables: duckdb.DuckDBPyConnection, imeis: str) -> list[tuple[int, int, int, int]]:
    """Both legs of each call or text between devices of a set: do times, durations and kinds agree?"""
    return tables.execute(
        "SELECT count(*), count(*) FILTER (a.duration_s IS NOT DISTINCT FROM b.duration_s),"
        " count(*) FILTER (replace(a.kind, 'out', 'in') = b.kind), count(*) FILTER (a.imei14 <> b.imei14)"
        " FROM records a JOIN records b ON a.number = b.correspondent AND a.correspondent = b.number"
        " AND a.started_us = b.started_us"
        f" WHERE a.kind LIKE '%_out' AND a.imei14 IN ({imeis}) AND b.imei14 IN ({imeis})"
    ).fetchall()


@pytest.mark.parametrize(
    "imeis",
    ["SELECT imei14 FROM inside", "SELECT imei14 FROM devices WHERE class IN ('resident', 'homebound')"],
)
def test_both_legs_agree(tables: duckdb.DuckDBPyConnection, imeis: str) -> None:
    ((met, lasting, kinds, others),) = legs(tables, imeis)
    assert met > 20
    assert met == lasting == kinds == others


def test_the_second_legs_are_a_modest_share(tables: duckdb.DuckDBPyConnection) -> None:
    residents = "SELECT imei14 FROM devices WHERE class IN ('resident', 'homebound')"
    ((met, *_),) = legs(tables, residents)
    ((every,),) = tables.execute(
        f"SELECT count(*) FROM records WHERE kind <> 'data' AND imei14 IN ({residents})"
    ).fetchall()
    # A request for a prison's radio cells rarely holds both ends of a call in town.
    assert 0.002 < 2 * met / every < 0.2


def test_calls_between_take_the_place_of_others(people: World) -> None:
    of = Contraband(
        people.population, people.society, people.handsets, people.uses, people.identities, people.calls,
        people.numbers, weekly_rates(people.p, people.handsets),
    )  # fmt: skip
    between, left = calls_between(people.p, of)
    assert between.time.size > 200
    assert np.all((left >= 0.8) & (left <= 1))
    assert (left < 1).mean() > 0.02
    inmate = people.uses.inmate[between.use]
    assert np.all(inmate[:, 0] != inmate[:, 1])
    for side in (0, 1):
        use = between.use[:, side]
        assert np.all((people.uses.start[use] <= between.time) & (between.time < people.uses.end[use]))
    assert np.all((between.time >= END - people.p.size.days * DAY) & (between.time < END))
    gang = people.society.gang[inmate]
    same = (gang[:, 0] == gang[:, 1]) & (gang[:, 0] >= 0)
    assert 0.1 < same.mean() < 0.95


def test_contents_are_those_of_a_reported_handset(world: Summary, tables: duckdb.DuckDBPyConnection) -> None:
    text = (world.evidence / "searches" / "seizures.csv").read_bytes().decode("cp1252")
    rows = [line.replace('"', "").split(";") for line in text.splitlines()]
    seal, label = rows[0].index("Numéro de scellé"), rows[0].index("IMEI")
    reported = {row[seal]: row[label] for row in rows[1:]}
    read = tables.execute("SELECT DISTINCT filename, imei14 FROM contents").fetchall()
    assert len(read) > 10
    for name, imei14 in read:
        assert f"{imei14:014d}" in reported[Path(name).stem.removeprefix("S-")]


def test_contents_say_what_the_records_say(tables: duckdb.DuckDBPyConnection) -> None:
    ((entries, recorded),) = tables.execute(
        "SELECT count(*), count(r.imei14) FROM contents c JOIN inside i USING (imei14)"
        " LEFT JOIN (SELECT DISTINCT handset, kind, correspondent, started_us, duration_s, r.imei14"
        " FROM records r JOIN inside USING (imei14)) r ON r.handset = i.handset AND r.kind = c.kind"
        " AND r.correspondent = c.number AND r.started_us = c.at_us"
        " AND r.duration_s IS NOT DISTINCT FROM c.duration_s WHERE c.kind <> 'contact'"
    ).fetchall()
    assert entries > 100
    # The rest was carried by radio cells that nobody asked for.
    assert 0.6 < recorded / entries <= 1


def test_phone_books_name_whom_the_log_names(world: Summary) -> None:
    named = 0
    for path in sorted((world.evidence / "contents").glob("*.parquet")):
        table = pq.read_table(path).to_pylist()
        book = {row["number"]: row["name"] for row in table if row["kind"] == "contact"}
        for row in table:
            if row["kind"] != "contact":
                assert row["name"] == book.get(row["number"])
                named += row["name"] is not None
        assert [row["number_raw"] for row in table] == plain(
            np.array([row["number"] for row in table])
        ).to_pylist()
    assert named > 50


def test_outsiders_too_change_sims_and_call_what_everybody_calls(tables: duckdb.DuckDBPyConnection) -> None:
    """Neither two SIMs nor a call to voicemail or to a fixed line tells contraband by itself."""
    shares = dict(
        tables.execute(
            "SELECT imei14 IN (SELECT imei14 FROM inside) AS contraband,"
            " avg((correspondent < 33600000000)::INT)"
            " FROM records WHERE kind <> 'data' GROUP BY ALL"
        ).fetchall()
    )
    assert abs(shares[True] - shares[False]) < 0.03
    ((two,),) = tables.execute(
        "SELECT avg((sims > 1)::INT) FROM (SELECT count(DISTINCT imsi) AS sims FROM records"
        " WHERE imei14 IN (SELECT imei14 FROM devices WHERE class = 'resident') GROUP BY imei14"
        " HAVING count(*) > 10)"
    ).fetchall()
    assert 0.03 < two < 0.2
