"""How far a search plan can go, and where it loses: each uncertainty replaced by the truth in turn.

`python -m benchmarks.holders_ceiling [SEED …]` prints the table of docs/methods/holders.md on simulated
worlds (size small; seeds 11 and 12 unless told, which nothing shipped was fitted on). Truth only scores.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.trials.ground import Ground, as_posteriors, true_posteriors
from parloir.trials.held import true_pairs
from parloir.trials.plans import Morning, morning_of, oracle_cells, score_plan
from parloir.trials.truth import CLONE, CellKey, Truth
from parloir.trials.weighed import Setting, World, build, seen

Floats = npt.NDArray[np.float64]
FOLDER = Path("bench-data/holders")
SEEDS = (11, 12)


def rankings(world: World) -> Mapping[str, list[CellKey]]:
    """Prison cells, most promising first, by what is known."""
    truth, tables = world.truth, world.weighed().tables
    pairs = tables["pairs"]
    ground = Ground.of(world.store, tables["handsets"], int(truth.world["end_us"]))
    inside = with_presence(pairs, truth)
    every = {imei14 for handset in truth.handsets for imei14 in handset["imeis"]}
    met = seen(world.store.connect())
    return {
        "as weighed": ground.ranked(as_posteriors(pairs, stated(pairs))),
        "which handsets are inside and still in use": ground.ranked(as_posteriors(inside, stated(inside))),
        "who holds each handset found inside": ground.ranked(as_posteriors(pairs, true(pairs, truth))),
        "both": ground.ranked(as_posteriors(inside, true(inside, truth))),
        "both, of every handset with records": ground.ranked(true_posteriors(truth, met)),
        "both, of every handset": ground.ranked(true_posteriors(truth, every)),
        "all, hiding places too, of every handset with records": hidden(truth, met),
        "all (the oracle)": oracle_cells(truth),
    }


def stated(pairs: pa.Table) -> Floats:
    """The posterior of each pair."""
    return np.asarray(pairs["posterior"].to_numpy(), dtype=np.float64)


def true(pairs: pa.Table, truth: Truth) -> Floats:
    """1 for each pair whose candidate is the user, else 0."""
    return true_pairs(pairs, truth).astype(np.float64)


def with_presence(pairs: pa.Table, truth: Truth) -> pa.Table:
    """The same pairs, of the handsets that are inside at the end, one pair for each handset and candidate."""
    running = {row["handset"] for row in truth.at_end}
    names = [int(handset) for handset in pairs["handset"].to_numpy()]
    first: dict[int | None, int] = {}
    for name in names:
        first.setdefault(truth.handset_of.get(name % CLONE), name)
    kept = {name for handset, name in first.items() if handset in running}
    chosen = pairs.filter(pa.array([name in kept for name in names]))
    for column in ("inside", "alive"):
        place = chosen.column_names.index(column)
        chosen = chosen.set_column(place, column, pa.array(np.ones(chosen.num_rows)))
    return chosen


def hidden(truth: Truth, met: set[int]) -> list[CellKey]:
    """Prison cells by the handsets with records that lie in them, fullest first."""
    counts = {
        cell: sum(not met.isdisjoint(handset["imeis"]) for handset in handsets)
        for cell, handsets in truth.contents.items()
    }
    return [cell for _, cell in sorted((-count, cell) for cell, count in counts.items() if count)]


def gains(world: World, morning: Morning) -> dict[str, float]:
    """(plan − chance) / (oracle − chance) of each."""
    return {name: score_plan(cells, world.truth, morning).gain for name, cells in rankings(world).items()}


def main() -> None:
    """Print the table."""
    seeds = [int(text) for text in sys.argv[1:] if text.isdigit()] or list(SEEDS)
    found = []
    for seed in seeds:
        world = build(Setting("small", seed), FOLDER)
        found.append(gains(world, morning_of(world.truth)))
    print(f"{'known by truth':<56} {'gain':>6}   seeds {' '.join(map(str, seeds))}")
    for name in found[0]:
        values = [one[name] for one in found]
        print(f"{name:<56} {np.mean(values):>6.3f}   {' '.join(f'{value:.3f}' for value in values)}")


if __name__ == "__main__":
    main()
