"""Presence on simulated worlds whose truth is known: fitted on one, scored on others, never the same seed.

`python -m benchmarks.presence_scores` prints the table of docs/methods/presence.md;
`python -m benchmarks.presence_scores fit` fits the package's parameters anew, on worlds drawn at random,
and writes them; `python -m benchmarks.presence_scores width SEED` tells what makes intervals of counts wide.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from parloir import presence
from parloir.presence import belief
from parloir.presence.apart import Apart
from parloir.presence.counts import intervals
from parloir.presence.engines import duckdb_engine
from parloir.presence.hearing import hear
from parloir.presence.parameters import default
from parloir.presence.plain import seen as levels_of
from parloir.presence.posterior import believed
from parloir.presence.scene import Scene
from parloir.trials.baselines import PRESENCE
from parloir.trials.presence import beside, pairs_inside, score_counts, score_presence
from parloir.trials.weighed import Setting, World, build, seen

FOLDER = Path("bench-data/presence")
PARAMETERS = Path("src/parloir/presence/data/parameters.json")
SOURCE = "worlds 1 to 24, with wide areas 31 to 54, and six of the usual make-up (seeds 1 and 5), size few"
DRAWN = tuple(range(1, 25))
WIDE = tuple(range(31, 55))
"""Draws to which every file of a wide area covers the whole period."""
USUAL = (1, 5)
"""Seeds of the usual make-up that are fitted on at each prevalence: never those of `SEEDS`."""
EVERYWHERE = {"radio.wide_area_prisons": "1", "radio.wide_area_days": "42"}
SEEDS = (2, 3, 4)
PREVALENCES = ("0.05", "0.10", "0.20")


def fit() -> None:
    """Fit, and write the package's parameters."""
    drawn = [Setting("few", 1, drawn=number) for number in DRAWN]
    drawn += [Setting("few", 1, EVERYWHERE, "wide", drawn=number) for number in WIDE]
    drawn += [Setting("few", seed, {"handsets.prevalence": value}) for seed in USUAL for value in PREVALENCES]
    fitted = presence.learn([_known(setting) for setting in drawn], SOURCE)
    PARAMETERS.write_text(fitted.to_json(), encoding="utf-8")
    apart = ", ".join(f"{name} {size:.2f}" for name, size in fitted.plain.apart.to_dict().items())
    print(f"worlds left out of the fit: {apart}")


def _known(setting: Setting) -> presence.Known:
    """A world counted, and which devices are inside where."""
    world = build(setting, FOLDER)
    return _counted(world)[1]


def _counted(world: World) -> tuple[Scene, presence.Known]:
    connection = world.store.connect()
    with duckdb_engine(connection) as engine:
        scene = presence.scene(connection, engine, presence.expected().dwell)
    met = seen(connection)
    pairs = sorted(pair for pair in pairs_inside(world.truth) if pair[0] in met)
    inside = pa.table({"imei14": [imei for imei, _ in pairs], "prison": [prison for _, prison in pairs]})
    return scene, presence.Known.of(scene, inside)


def widths(world: World) -> None:
    """Print how wide the intervals of counts are, with one more thing not known at a time."""
    scene, known = _counted(world)
    summed = hear(levels_of(scene), scene.candidates, default().plain)
    placed = summed.seen.placed
    alone, apart = replace(placed, known=np.zeros_like(placed.known)), placed.apart
    sure = Apart(0.0, 0.0, 0.0, 0.0, apart.steeper)
    slopes = replace(sure, case_slope=apart.case_slope)
    shifts = replace(slopes, case_shift=apart.case_shift)
    true = np.bincount(placed.prison, known.inside, minlength=placed.expected.size)
    nothing = {"FOLD": 0.0, "PRISON": 0.0}
    for name, case, held in (
        ("chance alone", replace(alone, apart=sure), nothing),
        ("how many an inmate", replace(alone, apart=sure), {}),
        ("slope of weights", replace(alone, apart=slopes), {}),
        ("shift of weights", replace(alone, apart=shifts), {}),
        ("what prisons differ by besides", alone, {}),
        (f"{placed.known.sum()} found ones heard", placed, {}),
    ):
        with patch.dict(vars(belief), held):
            told = believed(case, summed.bits)
        low, high = intervals(told)
        within = np.mean((low <= true) & (true <= high))
        print(
            f"{name:32} width {np.median((high - low) / np.maximum(told.count, 1.0)):5.2f} of the count, "
            f"holds {within:4.0%}, sum {told.count.sum() / true.sum():.2f} of true",
            flush=True,
        )


def line(world: World) -> None:
    """Weigh one world and print its scores."""
    connection = world.store.connect()
    found = presence.weigh(connection)
    met = seen(connection)
    scores = score_presence(found.candidates, world.truth, met)
    counts = score_counts(found.counts, world.truth, met)
    top, stated, cost = scores.top, scores.stated, scores.cost
    print(
        f"{world.setting.name}: AP {scores.average_precision:.3f} "
        f"({scores.missed} of {scores.inside} not weighed), "
        f"ECE {top.met.ece if top else 0:.4f} / {stated.met.ece if stated else 0:.3f}, "
        f"Cllr {cost.cllr.value if cost else 1:.3f} (min {cost.cllr_min if cost else 1:.3f}); "
        f"intervals hold {counts.held} of {counts.prisons}, width {counts.width:.0%}, "
        f"sum {counts.ratio:.2f} of true",
        flush=True,
    )
    for name, rule in PRESENCE.items():
        both = beside(found.candidates, rule.run(connection), world.truth, met)
        print(
            f"    at the {both.flagged} of {name}: "
            f"precision {both.precision:.3f} against {both.rule_precision:.3f}, "
            f"recall {both.recall:.3f} against {both.rule_recall:.3f}",
            flush=True,
        )


def main() -> None:
    """Print the table, or fit."""
    if sys.argv[1:2] == ["fit"]:
        fit()
        return
    if sys.argv[1:2] == ["width"]:
        for text in sys.argv[2:]:
            widths(build(Setting("small", int(text)), FOLDER))
        return
    seeds = [int(text) for text in sys.argv[1:]] or list(SEEDS)
    for seed in seeds:
        for prevalence in PREVALENCES:
            line(build(Setting("small", seed, {"handsets.prevalence": prevalence}), FOLDER))


if __name__ == "__main__":
    main()
