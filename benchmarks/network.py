"""Network records: sealed operator file → canonical Parquet, in rows a second, with the memory it took.

The records are constructed: 10,000 own numbers, 200,000 handsets, 60,000 correspondents, 3,000 radio cells,
and one row in a thousand with a fault that the careful way reads. Each file is read in a process of its own,
from the vault.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from parloir.readers import Doubts, Options, Rows, Tally, by_format
from parloir.tables.files import StagedTables
from parloir.vault import Vault

FOLDER = Path("bench-data/network")
SIZES = (1_000_000, 5_000_000)
CHUNK = 250_000
FICTION = ("019900", "026191", "035301", "046571", "053649", "063998")
"""Ranges that the French plan reserves for fiction."""
FLOOR_ROWS, CEILING_MB = 1_000_000, 300


def bill(rows: int) -> Path:
    """A nine-column itemised bill of so many rows."""
    path = FOLDER / f"bill_{rows}.csv"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        with temporary.open("wb") as file:
            file.write("Type de communication;Numéro abonné;Correspondant;Numéro tiers;Date;Heure;".encode())
            file.write("Durée;Cellule;IMEI\n".encode())
            for batch in _batches(rows):
                options = pa_csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")
                pa_csv.write_csv(batch, file, options)
        temporary.rename(path)
    return path


def _batches(rows: int) -> Iterator[pa.Table]:
    random = np.random.default_rng(7)
    kinds = pa.array(["Voix sortante", "Voix entrante", "SMS sortant", "SMS entrant", "Data"])
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        handsets, seconds = random.integers(0, 200_000, count), random.integers(0, 86_400 * 180, count)
        times = np.datetime64("2026-01-01", "s") + seconds
        clock = np.datetime_as_string(times)
        days = np.datetime_as_string(times, unit="D")
        ranges, line = random.integers(0, len(FICTION), count), random.integers(0, 10_000, count)
        other = [f"{FICTION[r]}{n:04d}" for r, n in zip(ranges.tolist(), line.tolist(), strict=True)]
        cells = [
            f"208-01-{n // 60 + 1000}-{n % 60 + 20000}" for n in random.integers(0, 3000, count).tolist()
        ]
        odd = random.random(count) < 0.001
        durations = random.integers(0, 900, count).astype(str)
        durations[odd] = "1m5s"
        yield pa.table(
            [
                kinds.take(pa.array(random.integers(0, 5, count))),
                pa.array([f"063998{n % 10_000:04d}" for n in handsets.tolist()]),
                pa.array(other),
                pa.array([""] * count),
                pa.array([f"{d[8:]}/{d[5:7]}/{d[:4]}" for d in days.tolist()]),
                pa.array([t[11:] for t in clock.tolist()]),
                pa.array(durations),
                pa.array(cells),
                pa.array([f"35209900{n:06d}0" for n in handsets.tolist()]),
            ],
            names=[str(n) for n in range(9)],
        )


def measure(path: Path) -> str:
    """Seal and read one file; seconds are those of reading and writing Parquet."""
    home = path.parent / "home"
    vault = Vault(home / "vault")
    (member,) = vault.members(vault.seal(path).sha256, path.name)
    base = resource.getrusage(resource.RUSAGE_SELF)
    started, rows, doubts, rows_in = time.perf_counter(), 0, 0, 0
    with StagedTables(home / "tables") as staged:
        for part in by_format("network_bill_fr").read(member, Options()):
            match part:
                case Rows(table, batch, _):
                    staged.add(table, batch)
                    rows += batch.num_rows
                case Doubts(batch):
                    staged.add("warnings", batch)
                    doubts += sum(severity == "warning" for severity in batch["severity"].to_pylist())
                case Tally(counted, _):
                    rows_in += sum(counted.values())
        staged.finish()
    taken = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - base.ru_utime - base.ru_stime
    if rows_in != rows + doubts:
        raise SystemExit(f"{rows_in} rows in, {rows} rows and {doubts} warnings out")
    size, memory = path.stat().st_size / 1e6, used.ru_maxrss / 1024
    rates = (
        f"{rows_in / taken:>12,.0f} {rows_in / cpu:>12,.0f} {cpu / taken:>8.2f} {os.getloadavg()[0]:>6.1f}"
    )
    return f"{rows_in:>12,} {size:>8.0f} {taken:>8.1f} {cpu:>8.1f} {rates} {memory:>8.0f}"


def main() -> None:
    """Print the table."""
    rates = f"{'rows/s':>12} {'rows/CPU s':>12} {'cores':>8} {'load':>6}"
    print(f"{'rows':>12} {'MB':>8} {'s':>8} {'CPU s':>8} {rates} {'MB RAM':>8}")
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.network", str(bill(size))], check=True)
    print(f"wanted: {FLOOR_ROWS:,} rows/s or more, less than {CEILING_MB} MB at any size")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1])))
    else:
        main()
