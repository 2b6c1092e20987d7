"""How fast worlds are written: records a second of CPU, and memory, area by area and size by size."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from parloir.simulation import write_nation


def measure(size: str, days: str | None = None) -> str:
    """One line of the table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DATA")) as folder:
        begun, used = time.perf_counter(), _cpu()
        made = write_nation(size, 1, Path(folder) / "world", {"days": days} if days else {})
        seconds, cpu = time.perf_counter() - begun, _cpu() - used
    memory = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        / 1e6
    )
    return (
        f"{size:10} {made.prisons:4} {made.inmates:7,} {made.records:12,} {seconds:8.1f} {cpu:8.1f} "
        f"{made.records / cpu:12,.0f} {memory:6.2f}"
    )


def _cpu() -> float:
    return sum(
        getattr(resource.getrusage(who), field)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        for field in ("ru_utime", "ru_stime")
    )


def main(arguments: list[str] | None = None) -> None:
    """Print the table; `nation` only when it is asked for, because it writes gigabytes."""
    print("size    prisons inmates      records  seconds  CPU sec  rec./CPU sec  largest process GB")
    for size in arguments or ["demo", "small"]:
        print(measure(size), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
