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
from parloir.presence import posterior
from parloir.presence.counts import intervals
from parloir.presence.engines import duckdb_engine
from parloir.presence.hearing import hear
from parloir.presence.parameters import default
from parloir.presence.scene import Scene
from parloir.trials.baselines import PRESENCE
from parloir.trials.presence import beside, pairs_inside, score_counts, score_presence
from parloir.trials.weighed import Setting, World, build, seen

FOLDER = Path("bench-data/presence")
PARAMETERS = Path("src/parloir/presence/data/parameters.json")
SOURCE = "27 worlds drawn at random, size few, seed 1"
DRAWN = tuple(range(1, 17))
WIDE = tuple(range(21, 32))
"""Draws to which every file of a wide area covers the whole period."""
EVERYWHERE = {"radio.wide_area_prisons": "1", "radio.wide_area_days": "42"}
SEEDS = (2, 3, 4)
PREVALENCES = ("0.05", "0.10", "0.20")


def fit() -> None:
    """Fit, and write the package's parameters."""
    drawn = [Setting("few", 1, drawn=number) for number in DRAWN]
    drawn += [Setting("few", 1, EVERYWHERE, "wide", drawn=number) for number in WIDE]
    fitted = presence.learn([_known(setting) for setting in drawn], SOURCE)
    PARAMETERS.write_text(fitted.to_json(), encoding="utf-8")
    shift, slope = fitted.apart
    print(
        f"worlds left out of the fit: shifts of weights differ by {shift:.2f} bits (OFF: {posterior.OFF}), "
        f"log2 of slopes by {slope:.2f} (STEEP: {posterior.STEEP}), counts besides by {fitted.count_spread}"
    )


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
    summed, least = hear(known.seen, scene.candidates, default().plain), 1e-9
    placed = summed.seen.placed
    alone = replace(placed, known=np.zeros_like(placed.known))
    true = np.bincount(placed.prison, known.inside, minlength=placed.expected.size)
    certain = {"OFF": least, "STEEP": least, "FOLD": least, "PRISON": 1.0 / least}
    for name, fixed, case, spread in (
        ("chance alone", ("OFF", "STEEP", "FOLD", "PRISON"), alone, 0.0),
        ("how many an inmate", ("OFF", "STEEP"), alone, 0.0),
        ("slope of weights", ("OFF",), alone, 0.0),
        ("shift of weights", (), alone, 0.0),
        (f"{placed.known.sum()} found ones heard", (), placed, 0.0),
        ("what prisons differ by besides", (), placed, default().count_spread),
    ):
        with patch.dict(vars(posterior), {one: certain[one] for one in fixed}):
            belief = posterior.believed(case, summed.bits)
        (low, high), mean = intervals(belief, spread), belief.mass @ belief.mean
        held = np.mean((low <= true) & (true <= high))
        print(
            f"{name:32} width {np.median((high - low) / np.maximum(mean, 1.0)):5.2f} of the count, "
            f"holds {held:4.0%}, sum {mean.sum() / true.sum():.2f} of true",
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
