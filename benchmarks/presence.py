"""Presence at scale: CPU of prefilter and exact aggregates against DuckDB's own scan; what a new day costs.

The records are those of `benchmarks.presence_records`, a month in 31 files. Each size runs in a process of
its own, on two threads, DuckDB held to 400 MB. The scan reads the nine columns that the aggregates read, and
takes the maximum of each; of scan and aggregates, the cheaper of two turns counts, for other programs on the
machine make both dearer. `python -m benchmarks.presence 100000000` for other sizes; those files take 2.7 GB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.presence_records import FOLDER, Days, serving
from parloir.presence.aggregates import Aggregates, Dwell, aggregate
from parloir.presence.engines import duckdb_engine
from parloir.presence.kept import Kept
from parloir.tables.store import Store

TURNS = 2
SIZES = (10_000_000, 30_000_000)
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


def cpu(act: Callable[[], object]) -> float:
    """Seconds of all threads, user and system."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def peak_mb() -> float:
    """Most memory that the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def digest(found: Aggregates) -> list[tuple[int, int]]:
    """Rows of each table and a sum over them that does not depend on their order."""
    told = []
    with duckdb.connect() as connection:
        for table in (found.candidates, found.days, found.correspondents, found.jumps):
            connection.register("told", pa.Table.from_batches(table.to_batches(), table.schema))
            columns = ", ".join(sorted(table.column_names))
            rows, value = connection.execute(
                f"SELECT count(*), bit_xor(hash({columns})) FROM told"
            ).fetchall()[0]
            told.append((int(rows), int(value)))
    return told


def from_nothing(days: Days) -> list[tuple[int, int]]:
    """Print what all records at once cost; a digest of the aggregates."""
    connection = Store.of(days.folders).connect(threads=2, memory="400MB")
    connection.execute("SET preserve_insertion_order = false")
    scan = "SELECT " + ", ".join(f"max({name})" for name in COLUMNS) + " FROM network_records"
    connection.execute(scan).fetchall()  # the files are in the page cache for both
    raw = min(cpu(lambda: connection.execute(scan).fetchall()) for _ in range(TURNS))
    found: list[Aggregates] = []

    def once() -> None:
        found.clear()
        with duckdb_engine(connection) as engine:
            found.append(aggregate(engine, serving(), Dwell()))

    ours = min(cpu(once) for _ in range(TURNS))
    held = pc.sum(found[0].days["records"]).as_py() / days.rows
    print(
        f"{days.rows:>12,} records: scan {raw:6.2f} s, prefilter and aggregates {ours:6.2f} s of CPU "
        f"({ours / raw:.2f} times), {held:.1%} of records are candidates', peak {peak_mb():,.0f} MB, "
        f"{days.rows / ours:,.0f} records a core-second",
        flush=True,
    )
    return digest(found[0])


def by_days(days: Days) -> list[tuple[int, int]]:
    """Print what the last day costs where the days before it are kept; a digest of the aggregates."""
    found: list[Aggregates] = []
    with TemporaryDirectory(dir=FOLDER) as folder:

        def weigh(until: int) -> float:
            kept = Kept(Store.of(days.folders[:until]), Path(folder))
            return cpu(lambda: found.append(kept.aggregate(serving(), Dwell())))

        first, last, again = weigh(len(days.folders) - 1), weigh(len(days.folders)), weigh(len(days.folders))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    print(
        f"{'':>12} first 30 days {first:6.2f} s, day 31 {last:5.2f} s ({first / last:.0f} times less), "
        f"nothing new {again:5.2f} s; {size:,.0f} MB kept",
        flush=True,
    )
    return digest(found[-1])


def main() -> None:
    """Print the table.

    Raises:
        SystemExit: what is kept adds up to something else than all records at once.
    """
    if len(sys.argv) > 2 and sys.argv[1] == "one":
        days = Days(int(sys.argv[2]))
        if from_nothing(days) != by_days(days):
            raise SystemExit("kept aggregates differ from those of all records at once")
        return
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SIZES)
    for rows in sizes:
        Days(rows).make()
        subprocess.run([sys.executable, "-m", "benchmarks.presence", "one", str(rows)], check=True)


if __name__ == "__main__":
    main()
