"""Presence at scale: CPU of prefilter and exact aggregates against DuckDB's own scan of the same columns.

The records are constructed: handsets with 300 records each in a month, seven of ten in the three radio cells
of their home, 200,000 radio cells, of which 2,640 serve 66 prisons. Each size runs in a process of its own,
on two threads, DuckDB held to 600 MB. `python -m benchmarks.presence 100000000` for other sizes.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from parloir.presence.aggregates import Dwell, aggregate
from parloir.presence.engines import duckdb_engine

FOLDER = Path("bench-data/presence-scale")
SIZES = (10_000_000, 30_000_000)
CELLS, SERVING, PRISONS = 200_000, 2_640, 66
COLUMNS = (
    "imei14",
    "imsi",
    "correspondent",
    "kind",
    "started_us",
    "offset_min",
    "duration_s",
    "radio_cell",
    "technology",
)
KINDS = (
    "['call_out', 'call_in', 'text_out', 'text_in', 'call_out', 'data', 'data', 'data', 'signalling', 'data']"
)


def records(rows: int) -> Path:
    """A Parquet file of so many records."""
    path = FOLDER / f"{rows}.parquet"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(config={"threads": 2, "memory_limit": "2GB"})
        connection.execute("SET preserve_insertion_order = false")
        temporary = path.with_suffix(".part")
        connection.execute(f"COPY ({_made(rows)}) TO '{temporary}' (FORMAT parquet, COMPRESSION zstd)")
        temporary.rename(path)
    return path


def _made(rows: int) -> str:
    return f"""
    SELECT CAST(35000000000000 + hash(h) % 1000000000000 AS BIGINT) AS imei14,
        CAST(208010000000000 + hash(h + 7) % 10000000000 AS BIGINT) AS imsi,
        CASE WHEN k < 5 THEN 33639980000 + CAST(hash(h * 17 + r % 23) % 10000 AS BIGINT) END AS correspondent,
        {KINDS}[k + 1] AS kind,
        CAST(1728000000000000 + hash(r) % 2592000000000 AS BIGINT) AS started_us,
        60::SMALLINT AS offset_min,
        CAST(hash(r + 1) % 300 AS BIGINT) AS duration_s,
        CAST((hash(h + 1) % {CELLS} + CASE WHEN hash(r + 2) % 10 < 7 THEN hash(r + 3) % 3
              ELSE 9973 * (hash(h * 5 + r % 4) % 19) END) % {CELLS} AS BIGINT) AS radio_cell,
        ['2G', '3G', '4G'][CAST(hash(h + 3) % 3 AS BIGINT) + 1] AS technology
    FROM (SELECT r, CAST(hash(r * 2654435761) % {rows // 300} AS BIGINT) AS h,
                 CAST(hash(r + 99) % 10 AS INT) AS k FROM range({rows}) AS t(r))
    """


def measure(rows: int) -> None:
    """One size: CPU seconds of both, and the memory it took."""
    path = records(rows)
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "600MB"})
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"CREATE VIEW network_records AS SELECT * FROM read_parquet('{path}')")
    cells = pa.table({"radio_cell": np.arange(SERVING), "site": np.arange(SERVING) // (SERVING // PRISONS)})
    scan = "SELECT " + ", ".join(f"max({name})" for name in COLUMNS) + " FROM network_records"
    connection.execute(scan).fetchall()  # the file is in the page cache for both
    begun = time.process_time()
    connection.execute(scan).fetchall()
    raw = time.process_time() - begun
    begun = time.process_time()
    with duckdb_engine(connection) as engine:
        found = aggregate(engine, cells, Dwell())
    ours = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = sum(found.days["records"].to_pylist())
    print(
        f"{rows:>12,} records: scan {raw:6.2f} s, prefilter and aggregates {ours:6.2f} s of CPU "
        f"({ours / raw:.2f} times), {kept / rows:.1%} of records are candidates', peak {peak:,.0f} MB, "
        f"{rows / ours:,.0f} records a core-second",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 2 and sys.argv[1] == "one":
        measure(int(sys.argv[2]))
        return
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    for rows in sizes:
        records(rows)
        subprocess.run([sys.executable, "-m", "benchmarks.presence", "one", str(rows)], check=True)


if __name__ == "__main__":
    main()
