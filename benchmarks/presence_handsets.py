"""Which IMEIs are one handset, and which several, on simulated worlds whose truth is known.

`python -m benchmarks.presence_handsets SEED …`, size small; seed 11 when none is named.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from parloir import presence
from parloir.identifiers.imei import COPY
from parloir.presence.merging import COMPARED
from parloir.trials.weighed import Setting, World, build

FOLDER = Path("bench-data/presence")


def line(world: World) -> None:
    """Weigh one world and print how many links and splits are right."""
    found = presence.weigh(world.store.connect())
    handsets = world.truth.handsets
    owner = {imei: row["handset"] for row in handsets for imei in row["imeis"]}
    linked = _linked(found.handsets)
    known = {pair for pair in linked if owner.keys() & set(pair)}
    right = {pair for pair in known if owner.get(pair[0]) == owner.get(pair[1])}
    true = _comparable(found.candidates, [row["imeis"] for row in handsets])
    split = {row["imei14"] for row in found.handsets.to_pylist() if row["handset"] >= COPY}
    cloned = {imei for row in handsets if row["cloned"] for imei in row["imeis"]}
    print(
        f"{world.setting.name}: {len(linked)} pairs linked, "
        f"{len(right)} of {len(known)} with a handset inside rightly; "
        f"{len(right & true)} of {len(true)} true pairs that both may be inside; "
        f"{len(split)} IMEIs split, {len(split & cloned)} of them rightly",
        flush=True,
    )


def _linked(handsets: pa.Table) -> set[tuple[int, int]]:
    whose: dict[int, list[int]] = {}
    for row in handsets.to_pylist():
        whose.setdefault(row["handset"], []).append(row["imei14"])
    return {pair for imeis in whose.values() for pair in combinations(sorted(set(imeis)), 2)}


def _comparable(candidates: pa.Table, handsets: list[list[int]]) -> set[tuple[int, int]]:
    """True pairs of which each may be inside the same prison, rewritten IMEIs among them."""
    likely = candidates.filter(pc.field("probability") >= COMPARED)
    prisons: dict[int, set[str]] = {}
    for imei14, prison in zip(likely["imei14"].to_pylist(), likely["prison"].to_pylist(), strict=True):
        prisons.setdefault(imei14, set()).add(prison)
    pairs = (pair for imeis in handsets for pair in combinations(sorted(imeis), 2))
    return {pair for pair in pairs if prisons.get(pair[0], set()) & prisons.get(pair[1], set())}


def main() -> None:
    """Print a line for each seed."""
    for seed in [int(text) for text in sys.argv[1:] if text.isdigit()] or [11]:
        line(build(Setting("small", seed), FOLDER))


if __name__ == "__main__":
    main()
