"""What a weighing gave, kept on disk, so that a long trial that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import parloir
from parloir.actions.plan_search import expect
from parloir.actions.weigh import weigh_rooms
from parloir.records.judgements import COLUMNS
from parloir.tables.schema import arrow_schema
from parloir.tables.store import Store
from parloir.trials.pairs import held_pairs

WEIGHERS = (
    "actions/weigh.py", "actions/plan_search.py", "holders", "identities", "presence", "contacts", "tables",
    "catalogue", "weights", "places", "identifiers", "trials/pairs.py", "trials/kept.py",
)  # fmt: skip
"""What a weighing depends on."""
WRITERS = ("simulation", "catalogue", "readers", "tables", "identifiers", "places")
"""What a world and its tables depend on."""
_TOLD = "told.json"


@dataclass(frozen=True)
class Weighed:
    """Everything that the trials look at.

    Attributes:
        tables: `leads`, `links`, `candidates` (of presence), `counts` (handsets living in each prison),
            `handsets`, `pairs` (see `pairs.held_pairs`), `expected` (finds in each prison cell).
        seconds: that the weighing took on the clock; cpu_seconds: of all its threads.
    """

    tables: dict[str, pa.Table]
    seconds: float
    cpu_seconds: float


def weighed(store: Store, moment: int, folder: Path) -> Weighed:
    """Weigh a case as `parloir weigh` and `parloir plan` would, or find it as the same code left it.

    Args:
        store: the canonical tables.
        moment: microseconds UTC of the searches.
        folder: where it is kept, under a name that the code decides.
    """
    place = folder / f"weighed-{fingerprint(WEIGHERS)}"
    if not (place / _TOLD).exists():
        _keep(_weigh(store, moment), place)
    told = json.loads((place / _TOLD).read_text(encoding="utf-8"))
    tables = {path.stem: pq.read_table(path) for path in sorted(place.glob("*.parquet"))}
    return Weighed(tables, told["seconds"], told["cpu_seconds"])


def _weigh(store: Store, moment: int) -> Weighed:
    begun, cpu = time.perf_counter(), time.process_time()
    said = weigh_rooms(store, arrow_schema(COLUMNS).empty_table())
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    run = {
        "posteriors": said.held.posteriors, "handsets": said.prisons.handsets, "links": said.persons.links,
    }  # fmt: skip
    tables = {
        "leads": said.held.leads,
        "links": said.persons.links,
        "candidates": said.prisons.candidates,
        "counts": said.prisons.counts,
        "handsets": said.prisons.handsets,
        "pairs": held_pairs(said.held),
        "expected": expect(store.connect(), run, moment).finds,
    }
    return Weighed(tables, seconds, cpu)


def _keep(found: Weighed, place: Path) -> None:
    """Written aside and renamed: a folder that has its name is whole."""
    aside = place.with_name(place.name + ".part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, table in found.tables.items():
        pq.write_table(table, aside / f"{name}.parquet", compression="zstd")
    told = {"seconds": found.seconds, "cpu_seconds": found.cpu_seconds}
    (aside / _TOLD).write_text(json.dumps(told), encoding="utf-8")
    aside.rename(place)


@cache
def fingerprint(rooms: tuple[str, ...]) -> str:
    """Twelve digits of the code and parameters of some rooms; another version gives others."""
    house = Path(parloir.__file__).parent
    digest = hashlib.sha256()
    for room in rooms:
        place = house / room
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(house)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
