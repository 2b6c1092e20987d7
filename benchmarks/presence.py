"""Presence at scale: CPU of prefilter and exact aggregates against DuckDB's own scan; what a new day costs.

The records are those of `benchmarks.presence_records`, a month in 31 files. Each size runs in a process of
its own, on two threads, DuckDB held to 400 MB. The scan reads the nine columns that the aggregates read, and
takes the maximum of each; of scan and aggregates, the cheaper of two turns counts, for other programs on the
machine make both dearer. How much more than the scan depends on how many records are candidates': the same
records are weighed for all 66 prisons and for 11 of them.
`python -m benchmarks.presence 100000000` for other sizes; those files take 2.7 GB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow.compute as pc

from benchmarks.presence_records import FOLDER, Days, serving
from parloir.presence.aggregates import Aggregates, Dwell, pieces
from parloir.presence.engines import duckdb_engine
from parloir.presence.kept import Kept
from parloir.tables.store import Store

TURNS = 2
"""One beyond `LARGE` records."""
LARGE = 30_000_000
SERVED = (66, 11)
"""For so many prisons; the first is weighed from what is kept, too."""
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


def _turns(days: Days) -> int:
    return TURNS if days.rows <= LARGE else 1


@dataclass
class Taken:
    """Pieces of aggregates as weighing takes them: one after another, none kept.

    Attributes:
        seconds: CPU that the pieces took.
        held: records of candidates.
        digest: rows of each table, and a sum over them, whatever their order and types.
    """

    seconds: float = 0.0
    held: int = 0
    digest: tuple[tuple[int, int], ...] = ((0, 0),) * 4

    def take(self, pieces: Iterator[Aggregates]) -> Taken:
        """Take them all."""
        while (piece := self._next(pieces)) is not None:
            self.held += pc.sum(piece.days["records"]).as_py() or 0
            pairs = zip(self.digest, digest(piece), strict=True)
            self.digest = tuple((rows + more, value ^ other) for (rows, value), (more, other) in pairs)
        return self

    def _next(self, pieces: Iterator[Aggregates]) -> Aggregates | None:
        begun = time.process_time()
        piece = next(pieces, None)
        self.seconds += time.process_time() - begun
        return piece


def digest(piece: Aggregates) -> list[tuple[int, int]]:
    """Rows of each table and a sum over them."""
    told = []
    with duckdb.connect(config={"threads": 1}) as connection:
        for table in (piece.candidates, piece.days, piece.correspondents, piece.jumps):
            connection.register("told", table)
            columns = ", ".join(f"{name}::BIGINT" for name in sorted(table.column_names))
            rows, value = connection.execute(
                f"SELECT count(*), coalesce(bit_xor(hash({columns})), 0) FROM told"
            ).fetchall()[0]
            told.append((int(rows), int(value)))
    return told


def from_nothing(days: Days) -> Taken:
    """Print what all records at once cost; the aggregates."""
    connection = Store.of(days.folders).connect(threads=2, memory="400MB")
    connection.execute("SET preserve_insertion_order = false")
    scan = "SELECT " + ", ".join(f"max({name})" for name in COLUMNS) + " FROM network_records"
    connection.execute(scan).fetchall()  # the files are in the page cache for both
    raw = min(cpu(lambda: connection.execute(scan).fetchall()) for _ in range(_turns(days)))
    told = [_beside_scan(connection, days, raw, prisons) for prisons in SERVED]
    return told[0]


def _beside_scan(connection: duckdb.DuckDBPyConnection, days: Days, raw: float, prisons: int) -> Taken:
    turns = []
    for _ in range(_turns(days)):
        with duckdb_engine(connection) as engine:
            turns.append(Taken().take(pieces(engine, serving(prisons), Dwell())))
    best = min(turns, key=lambda one: one.seconds)
    print(
        f"{days.rows:>12,} records, {prisons} prisons: scan {raw:6.2f} s, prefilter and aggregates "
        f"{best.seconds:6.2f} s of CPU ({best.seconds / raw:.2f} times), {best.held / days.rows:.1%} of "
        f"records are candidates', peak {peak_mb():,.0f} MB, {days.rows / best.seconds:,.0f} a core-second",
        flush=True,
    )
    return best


def by_days(days: Days) -> Taken:
    """Print what the last day costs where the days before it are kept; the aggregates of all."""
    with TemporaryDirectory(dir=FOLDER) as folder:

        def weigh(until: int) -> Taken:
            kept = Kept(Store.of(days.folders[:until]), Path(folder))
            return Taken().take(kept.pieces(serving(), Dwell()))

        first, last, again = (weigh(len(days.folders) - less) for less in (1, 0, 0))
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    print(
        f"{'':>12} first 30 days {first.seconds:6.2f} s, day 31 {last.seconds:5.2f} s "
        f"({first.seconds / last.seconds:.0f} times less), nothing new {again.seconds:5.2f} s; "
        f"{size:,.0f} MB kept",
        flush=True,
    )
    return last


def main() -> None:
    """Print the table.

    Raises:
        SystemExit: what is kept adds up to something else than all records at once.
    """
    if len(sys.argv) > 2 and sys.argv[1] == "one":
        days = Days(int(sys.argv[2]))
        if from_nothing(days).digest != by_days(days).digest:
            raise SystemExit("kept aggregates differ from those of all records at once")
        return
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SIZES)
    for rows in sizes:
        Days(rows).make()
        subprocess.run([sys.executable, "-m", "benchmarks.presence", "one", str(rows)], check=True)


if __name__ == "__main__":
    main()
