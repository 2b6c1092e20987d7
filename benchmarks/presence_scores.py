"""Presence on simulated worlds whose truth is known: fitted on one, scored on others, never the same seed.

`python -m benchmarks.presence_scores` prints the table of docs/methods/presence.md;
`python -m benchmarks.presence_scores fit` fits the package's parameters anew and writes them.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir import presence
from parloir.presence.engines import duckdb_engine
from parloir.trials.baselines import PRESENCE
from parloir.trials.presence import pairs_inside, score_presence
from parloir.trials.weighed import Setting, World, build, seen
from parloir.weights.metrics import ece

FOLDER = Path("bench-data/presence")
PARAMETERS = Path("src/parloir/presence/data/parameters.json")
FITTED = Setting("small", 101)
SEEDS = (201, 202, 203)
PREVALENCES = ("0.05", "0.10", "0.20")


def fit() -> None:
    """Fit on one world and write the package's parameters."""
    world = build(FITTED, FOLDER)
    connection = world.store.connect()
    base = presence.expected()
    with duckdb_engine(connection) as engine:
        scene = presence.scene(connection, engine, base.dwell)
    pairs = sorted(pair for pair in pairs_inside(world.truth) if pair[0] in seen(connection))
    inside = pa.table({"imei14": [imei for imei, _ in pairs], "prison": [prison for _, prison in pairs]})
    fitted = presence.learn(scene, inside, base)
    source = f"a simulated world, size {FITTED.size}, seed {FITTED.seed}"
    PARAMETERS.write_text(replace(fitted, source=source).to_json(), encoding="utf-8")


def handsets_inside(world: World, met: set[int]) -> dict[str, int]:
    """How many handsets with records were used inside each prison."""
    owner = {imei: row["handset"] for row in world.truth.handsets for imei in row["imeis"]}
    found = {(owner[imei], prison) for imei, prison in pairs_inside(world.truth) if imei in met}
    counts: dict[str, int] = {}
    for _, prison in found:
        counts[prison] = counts.get(prison, 0) + 1
    return counts


def counts_line(found: presence.Presence, truth: dict[str, int]) -> str:
    """Coverage and width of the intervals."""
    rows = [row for row in found.counts.to_pylist() if row["candidates"]]
    held = [row["low"] <= truth.get(row["prison"], 0) <= row["high"] for row in rows]
    width = [(row["high"] - row["low"]) / max(row["expected"], 1.0) for row in rows]
    ratio = sum(row["expected"] for row in rows) / max(sum(truth.values()), 1)
    return f"intervals hold {np.mean(held):.0%}, width {np.median(width):.0%}, sum {ratio:.2f} of true"


def at_number(candidates: pa.Table, true: set[tuple[int, str]], number: int) -> tuple[float, float]:
    """Precision and recall of the first `number` devices by weight."""
    rows = candidates.sort_by(
        [("probability", "descending"), ("millibits", "descending"), ("imei14", "ascending")]
    )
    pairs = list(dict.fromkeys(zip(rows["imei14"].to_pylist(), rows["prison"].to_pylist(), strict=True)))[
        :number
    ]
    hits = sum(pair in true for pair in pairs)
    return hits / max(number, 1), hits / max(len(true), 1)


def top_ece(found: presence.Presence, true: set[tuple[int, str]]) -> tuple[float, float]:
    """ECE over each device's highest probability, and over all probabilities of .01 and more."""
    imeis, chance = found.candidates["imei14"].to_numpy(), found.candidates["probability"].to_numpy()
    pairs = zip(imeis.tolist(), found.candidates["prison"].to_pylist(), strict=True)
    met: npt.NDArray[np.bool_] = np.array([pair in true for pair in pairs])
    order = np.lexsort((-chance, imeis))
    first = order[np.append(True, np.diff(imeis[order]) != 0)]
    stated = chance >= 0.01
    return ece(chance[first], met[first]).ece, ece(chance[stated], met[stated]).ece


def line(world: World) -> None:
    """Weigh one world and print its scores."""
    connection = world.store.connect()
    found = presence.weigh(connection)
    met = seen(connection)
    true = {pair for pair in pairs_inside(world.truth) if pair[0] in met}
    scores = score_presence(found.candidates, world.truth, met)
    first, second = top_ece(found, true)
    print(
        f"{world.setting.name}: AP {scores.average_precision:.3f} "
        f"({scores.missed} of {scores.inside} not weighed), "
        f"ECE {first:.4f} / {second:.3f}, Cllr {scores.cllr:.3f} (min {scores.cllr_min:.3f}); "
        + counts_line(found, handsets_inside(world, met)),
        flush=True,
    )
    for name, rule in PRESENCE.items():
        flagged = rule.run(connection)
        pairs = set(zip(flagged["imei14"].to_pylist(), flagged["prison"].to_pylist(), strict=True))
        ours = at_number(found.candidates, true, len(pairs))
        hits = len(pairs & true)
        theirs = hits / max(len(pairs), 1), hits / max(len(true), 1)
        print(
            f"    at the {len(pairs)} of {name}: precision {ours[0]:.3f} against {theirs[0]:.3f}, "
            f"recall {ours[1]:.3f} against {theirs[1]:.3f}",
            flush=True,
        )


def main() -> None:
    """Print the table, or fit."""
    if sys.argv[1:] == ["fit"]:
        fit()
        return
    seeds = [int(text) for text in sys.argv[1:]] or list(SEEDS)
    for seed in seeds:
        for prevalence in PREVALENCES:
            line(build(Setting("small", seed, {"prevalence": prevalence}), FOLDER))


if __name__ == "__main__":
    main()
