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
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from parloir.readers import Doubts, Options, Rows, Tally, by_format
from parloir.tables.files import StagedTables
from parloir.vault import Member, Vault

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


class Threads:
    """How many of this process's threads wanted a core at a time, from what Linux's scheduler accounts."""

    def __init__(self) -> None:
        self._first, self._last, self._started = self._accounted(), dict[str, int](), time.perf_counter()

    def look(self) -> None:
        """Take the account of the threads of now; those that end are kept as they were seen last."""
        self._last |= self._accounted()

    def wanted(self) -> float:
        """Threads that ran or waited for a core, on average; none that waited for another or for the disk."""
        passed = (time.perf_counter() - self._started) * 1e9
        return sum(spent - self._first.get(name, 0) for name, spent in self._last.items()) / passed

    @staticmethod
    def _accounted() -> dict[str, int]:
        """Thread to its nanoseconds on a core and in wait of one."""
        told = {}
        for task in Path("/proc/self/task").glob("*"):
            # A thread may end while it is looked at.
            with suppress(OSError):
                told[task.name] = sum(map(int, (task / "schedstat").read_text().split()[:2]))
        return told


@dataclass
class Account:
    """Rows met, kept and set aside."""

    met: int = 0
    kept: int = 0
    aside: int = 0


def read(member: Member, tables: Path, threads: Threads) -> Account:
    """One file to Parquet on the disk."""
    account = Account()
    with StagedTables(tables) as staged:
        for part in by_format("network_bill_fr").read(member, Options()):
            match part:
                case Rows(table, batch, _):
                    staged.add(table, batch)
                    account.kept += batch.num_rows
                case Doubts(batch):
                    staged.add("warnings", batch)
                    account.aside += batch["severity"].to_pylist().count("warning")
                case Tally(counted, _):
                    account.met += sum(counted.values())
            threads.look()
        staged.finish()
    return account


def measure(path: Path) -> str:
    """Seal and read one file; seconds are those of reading and writing Parquet."""
    home = path.parent / "home"
    vault = Vault(home / "vault")
    (member,) = vault.members(vault.seal(path).sha256, path.name)
    base, started, threads = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter(), Threads()
    account = read(member, home / "tables", threads)
    taken, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - base.ru_utime - base.ru_stime
    rows = account.met
    if rows != account.kept + account.aside:
        raise SystemExit(f"{rows} rows in, {account.kept} rows and {account.aside} warnings out")
    size, memory = path.stat().st_size / 1e6, used.ru_maxrss / 1024
    rates = f"{rows / taken:>12,.0f} {rows / cpu:>12,.0f} {threads.wanted():>8.2f} {os.getloadavg()[0]:>6.1f}"
    return f"{rows:>12,} {size:>8.0f} {taken:>8.1f} {cpu:>8.1f} {rates} {memory:>8.0f}"


def main() -> None:
    """Print the table."""
    rates = f"{'rows/s':>12} {'rows/CPU s':>12} {'threads':>8} {'load':>6}"
    print(f"{'rows':>12} {'MB':>8} {'s':>8} {'CPU s':>8} {rates} {'MB RAM':>8}")
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.network", str(bill(size))], check=True)
    print("threads: that ran or waited for a core, on average; load: the machine's, others' work too")
    print(f"wanted: {FLOOR_ROWS:,} rows/s or more on 2 cores, less than {CEILING_MB} MB at any size")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(Path(sys.argv[1])))
    else:
        main()
