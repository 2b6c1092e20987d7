"""Holders and the plan, from 12 prisons to a nation: time, memory and growth.

`python -m benchmarks.holders_scale [SIZE …]` (small unless told, operation, nation; seed 1). What `presence`
and `identities` would hand on is made up from the truth of a simulated world: every contraband handset with
records at 0.9, as many other devices beside them at 0.2, every customer who is a visitor at 0.9. Outsiders
are thinned out, since holders pass over their records once. Nothing is scored here.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from parloir import holders, searches
from parloir.actions.plan_search import expect
from parloir.trials.plans import morning_of
from parloir.trials.weighed import Setting, World, build

FOLDER = Path(os.environ.get("PARLOIR_BENCH_DATA", "bench-data/holders"))
SIZES = ("small", "operation", "nation")
THIN = {
    "outside.residents_per_inmate": "0.3",
    "outside.workers_per_inmate": "0.1",
    "outside.passers_per_inmate_day": "0.1",
}
DECOYS = 1.0


def inside_of(world: World) -> holders.Inside:
    """What presence and identities would say, made up from the truth."""
    connection, truth = world.store.connect(), world.truth
    records = connection.execute(
        "SELECT imei14, min(started_us) AS first, max(started_us) AS last FROM network_records"
        " WHERE imei14 IS NOT NULL GROUP BY imei14 ORDER BY imei14"
    ).fetchnumpy()
    where = {row["handset"]: row["prison"] for row in truth.table("uses").to_pylist()}
    devices = {row["imei14"]: row["prison"] for row in truth.table("devices").to_pylist()}
    seen = zip(*(records[name].tolist() for name in ("imei14", "first", "last")), strict=True)
    rows, decoys = [], []
    for imei14, first, last in seen:
        handset = truth.handset_of.get(imei14)
        if handset is not None:
            rows.append((imei14, where[handset], first, last, 0.9))
        elif imei14 in devices and last > first:
            decoys.append((imei14, devices[imei14], first, last, 0.2))
    step = max(len(decoys) // max(round(DECOYS * len(rows)), 1), 1)
    return holders.Inside(*_tables(sorted(rows + decoys[::step])), links_of(world))


def _tables(rows: list[tuple[int, str, int, int, float]]) -> tuple[pa.Table, pa.Table]:
    imei14, prison, first, last, probability = (list(column) for column in zip(*rows, strict=True))
    handsets = pa.table({"imei14": imei14, "handset": imei14})
    inside = pa.table(
        {
            "handset": imei14,
            "prison": prison,
            "from_us": first,
            "to_us": last,
            "millibits": np.zeros(len(rows), dtype=np.int64),
            "probability": probability,
            "status": ["live"] * len(rows),
        }
    )
    return handsets, inside


def links_of(world: World) -> pa.Table:
    """Customers of the shop who are visitors, by the truth."""
    truth = world.truth.table("persons").to_pylist()
    permits: dict[int, list[str]] = {}
    for row in truth:
        if row["source"] == "visitor":
            permits.setdefault(row["person"], []).append(f"visitor:{row['record']}")
    persons = world.store.connect().execute("SELECT DISTINCT evidence, record FROM persons ORDER BY ALL")
    keys = {f"{record}": f"person:{evidence[:12]}:{record}" for evidence, record in persons.fetchall()}
    pairs = [
        (keys[f"customer:{row['record']}"], permit)
        for row in truth
        if row["source"] == "customer" and f"customer:{row['record']}" in keys
        for permit in permits.get(row["person"], ())
    ]
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    return pa.table(
        {
            "left": pa.array(left, pa.string()),
            "right": pa.array(right, pa.string()),
            "probability": [0.9] * len(left),
        }
    )


def measure(size: str) -> str:
    """One row of the table."""
    world = build(Setting(size, 1, THIN, "thin"), FOLDER)
    inside = inside_of(world)
    connection, moment = world.store.connect(), int(world.truth.world["end_us"])
    begun, cpu = time.perf_counter(), _cpu()
    with Memory() as memory:
        held = holders.say_holders(connection, inside, holders.load_parameters())
        weighed_cpu = _cpu() - cpu
        run = {"posteriors": held.posteriors, "handsets": inside.handsets, "links": inside.links}
        expected = expect(connection, run, moment).finds
        morning = morning_of(world.truth)
        plan = searches.plan(expected, morning.teams(), searches.Operation(morning.searches))
    seconds, used = time.perf_counter() - begun, _cpu() - cpu
    cpu = f"{weighed_cpu:.0f} | {used - weighed_cpu:.1f}"
    return (
        f"| {size} | {len(held.world.prisons)} | {len(held.world.inmates):,} | {held.weighed:,} "
        f"| {held.pairs:,} | {cpu} | {seconds:.0f} | {memory.most:.2f} | {plan.gap:.4f} |"
    )


class Memory:
    """GB resident of this process and those that it began, all together, at most while the context lasts."""

    def __init__(self) -> None:
        self.most, self._done = 0.0, threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._done.wait(0.2):
            began = Path(f"/proc/{os.getpid()}/task").glob("*/children")
            pids = ["self", *(pid for one in began for pid in one.read_text().split())]
            pages = [_resident(Path(f"/proc/{pid}/statm")) for pid in pids]
            self.most = max(self.most, sum(pages) * resource.getpagesize() / 1e9)


def _resident(statm: Path) -> int:
    """Pages; 0 of a process that has just ended."""
    try:
        return int(statm.read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Each size in a process of its own, so that memory is its own."""
    print(
        "| size | prisons | inmates | handsets | pairs | holders, CPU s | plan, CPU s | both, s | GB | gap |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for size in [name for name in sys.argv[1:] if name in SIZES] or SIZES[:1]:
        program = f"from benchmarks.holders_scale import measure; print(measure({size!r}), flush=True)"
        subprocess.run([sys.executable, "-c", program], check=True)


if __name__ == "__main__":
    main()
