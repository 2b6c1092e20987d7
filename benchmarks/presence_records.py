"""Constructed network records for the benchmarks of presence, as take-in would leave them: one file a day.

Handsets are active in very different measure, at home at night and at work by day, sometimes at one of four
other places of theirs, seldom anywhere; each place has three radio cells. Of 200,000 radio cells, scattered
over the numbers of two operators, 3,168 serve 66 prisons. A few records lack the IMEI or the radio cell; some
handsets change their SIM; the records of a day stand in the order of time. Nothing here is meant to look like
a handset inside: the benchmarks measure work, and the work is done by what lives and passes near the prisons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.tables import NETWORK_RECORDS
from parloir.tables.files import StagedTables

FOLDER = Path("bench-data/presence-scale")
CELLS, PRISONS, DAYS = 200_000, 66, 31
PLACES, ROW = CELLS // 3, 258
CLOSE = 4
"""A prison is served by the radio cells of so many places by so many."""
EACH = 300
"""Records of a handset in all days, on average."""
FIRST_US = 1_727_740_800_000_000
DAY_US = 86_400_000_000
BATCH = 1 << 16
KINDS = "['data', 'call_out', 'call_in', 'text_out', 'text_in', 'data', 'data', 'signalling', 'data', 'data']"


@dataclass(frozen=True)
class Days:
    """The files of so many records, and those that lead up to the last day."""

    rows: int

    @property
    def folders(self) -> list[Path]:
        """One folder a day, as take-in leaves one for each item."""
        return [FOLDER / f"{self.rows}" / f"day{day:02d}" for day in range(DAYS)]

    @property
    def files(self) -> list[Path]:
        """The Parquet files, one a day."""
        return [folder / "network_records.parquet" for folder in self.folders]

    def make(self) -> Days:
        """Write the files that are not there yet."""
        missing = [day for day in range(DAYS) if not self.folders[day].exists()]
        with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
            for day in missing:
                with StagedTables(FOLDER) as staged:
                    for batch in _batches(connection, _day(self.rows, day)):
                        staged.add(NETWORK_RECORDS.name, batch)
                    staged.commit(self.folders[day])
        return self


def serving(prisons: int = PRISONS) -> pa.Table:
    """The radio cells that serve some of the prisons, as `parloir.presence.aggregates.serving` gives them."""
    around = (np.arange(CLOSE)[:, None] * ROW + np.arange(CLOSE)).ravel()
    place = np.arange(prisons)[:, None] * (PLACES // PRISONS) + around
    cell = place.ravel()[:, None] * 3 + np.arange(3)
    site = np.repeat(np.arange(prisons), CLOSE * CLOSE * 3)
    return pa.table({"radio_cell": _numbered(cell.ravel() % CELLS), "site": site}).sort_by("radio_cell")


def _numbered(cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """As `_CELL` does: two operators, numbers far apart."""
    return (2080100000000000 + cell % 2 * 1900000000000 + cell * 7919 % CELLS * 1_013).astype(np.int64)


_CELL = f"2080100000000000 + c % 2 * 1900000000000 + c * 7919 % {CELLS} * 1013"


def _batches(connection: duckdb.DuckDBPyConnection, text: str) -> Iterator[pa.RecordBatch]:
    wanted = NETWORK_RECORDS.schema
    for batch in connection.execute(text).to_arrow_reader(BATCH):
        yield pa.RecordBatch.from_arrays(
            [batch[name].cast(wanted.field(name).type) for name in wanted.names], schema=wanted
        )


def _day(rows: int, day: int) -> str:
    """SQL for the records of one day, in the order of time."""
    handsets, today = max(rows // EACH, 100), rows // DAYS
    weekday = (day + 1) % 7 < 5  # 1 October 2024 was a Tuesday
    work = "hour BETWEEN 8 AND 17" if weekday else "false"
    return f"""
    WITH drawn AS (
        SELECT r,
            CAST(floor({handsets} * pow(hash(r * 31 + {day}) / 18446744073709551616.0, 1.6)) AS BIGINT) AS h,
            CAST(hash(r * 37 + {day}) % 1000 AS INT) AS die,
            CAST({FIRST_US + day * DAY_US} + (r + hash(r) % 1000 / 1000.0) * {DAY_US / today} AS BIGINT)
                AS started_us
        FROM range({today}) AS t(r)
    ), timed AS (
        SELECT *, started_us // 3600000000 % 24 AS hour,
            CAST(hash(h * 1000 + {day} * 8 + started_us // 10800000000 % 8) % 1000 AS INT) AS way
        FROM drawn
    ), placed AS (
        SELECT *, {KINDS}[die % 10 + 1] AS kind,
            CAST(hash(h * 5 + 1) % 66667 AS BIGINT) AS home,
            CASE WHEN way < 30 THEN CAST(hash(h * 43 + way) % 66667 AS BIGINT)
                 WHEN way < 150 THEN home + CAST(hash(h * 19 + way % 4) % 40 AS BIGINT) - 20
                 WHEN {work} THEN home + CAST(hash(h * 5 + 2) % 14 AS BIGINT) - 7 ELSE home END AS place
        FROM timed
    ), served AS (
        SELECT *, (abs(place) * 3 + CAST(hash(r * 41) % 3 AS BIGINT)) % {CELLS} AS c FROM placed
    )
    SELECT
        CASE WHEN die % 33 <> 0 THEN
            CAST(35000000000000 + hash(h * 7) % 400 * 1000000 + hash(h) % 1000000 AS BIGINT) END AS imei14,
        CAST(208010000000000 + hash(h + CASE WHEN h % 20 = 0 AND {day} > 15 THEN 900000000 ELSE 0 END)
            % 10000000000 AS BIGINT) AS imsi,
        CAST(33639980000 + h % 10000 AS BIGINT) AS number,
        CASE WHEN kind LIKE 'call%' OR kind LIKE 'text%'
             THEN CAST(33639980000 + hash(h * 17 + die % 23) % 10000 AS BIGINT) END AS correspondent,
        CAST(NULL AS VARCHAR) AS correspondent_raw,
        kind,
        started_us,
        CASE WHEN kind LIKE 'call%' THEN started_us + CAST(hash(r + 1) % 300 AS BIGINT) * 1000000 END
            AS ended_us,
        CAST(120 AS SMALLINT) AS offset_min,
        CASE WHEN kind LIKE 'call%' THEN CAST(hash(r + 1) % 300 AS BIGINT) END AS duration_s,
        CASE WHEN die % 97 <> 0 THEN {_CELL} END AS radio_cell,
        CAST(NULL AS BIGINT) AS radio_cell_end,
        CASE WHEN kind = 'data' THEN CAST(hash(r + 5) % 1000000 AS BIGINT) END AS bytes_up,
        CASE WHEN kind = 'data' THEN CAST(hash(r + 6) % 9000000 AS BIGINT) END AS bytes_down,
        ['2G', '3G', '4G', '4G'][CAST(hash(h + 3) % 4 AS BIGINT) + 1] AS technology,
        'example' AS operator,
        'constructed' AS request,
        '{day:064x}' AS evidence,
        '' AS member,
        '' AS source_table,
        r + 1 AS source_row
    FROM served ORDER BY r
    """
