"""Presence on simulated worlds whose truth is known: fitted on one, scored on others, never the same seed.

`python -m benchmarks.presence_scores` prints the table of docs/methods/presence.md;
`python -m benchmarks.presence_scores fit` fits the package's parameters anew and writes them;
`fit sum` only what comes from worlds drawn at random.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from parloir import presence
from parloir.presence.engines import duckdb_engine
from parloir.presence.fitting import known_inside
from parloir.presence.plain import seen as plain_levels
from parloir.trials.baselines import PRESENCE
from parloir.trials.presence import beside, pairs_inside, score_counts, score_presence
from parloir.trials.weighed import Setting, World, build, seen

FOLDER = Path("bench-data/presence")
PARAMETERS = Path("src/parloir/presence/data/parameters.json")
FITTED = Setting("small", 1)
SOURCE = "a simulated world, size small, seed 1; the plain sum: worlds drawn at random, size few, seed 1"
DRAWN = (2, 4, 6, 8, 9, 10)
WIDE = (21, 22, 24, 25, 26, 27)
"""Draws to which every file of a wide area covers the whole period."""
EVERYWHERE = {"radio.wide_area_prisons": "1", "radio.wide_area_days": "42"}
SEEDS = (2, 3, 4)
PREVALENCES = ("0.05", "0.10", "0.20")


def fit(parts: list[str]) -> None:
    """Fit, and write the package's parameters."""
    drawn = [Setting("few", 1, drawn=number) for number in DRAWN]
    drawn += [Setting("few", 1, EVERYWHERE, "wide", drawn=number) for number in WIDE]
    worlds = []
    for setting in drawn:
        scene, inside = _scene(setting)
        worlds.append(presence.Known(plain_levels(scene), known_inside(scene, inside)))
    plain = presence.learn_sum(worlds)
    if parts == ["sum"]:
        fitted = replace(presence.default(), plain=plain)
    else:
        fitted = _through_classes(replace(presence.expected(), plain=plain))
    fitted = replace(fitted, source=SOURCE)
    PARAMETERS.write_text(fitted.to_json(), encoding="utf-8")


def _through_classes(base: presence.Parameters) -> presence.Parameters:
    """How far the weight through the classes may be trusted, and how counts spread, from one world."""
    scene, inside = _scene(FITTED)
    return presence.learn(scene, inside, base)


def _scene(setting: Setting) -> tuple[presence.Scene, pa.Table]:
    """A world counted, and which devices are inside where."""
    world = build(setting, FOLDER)
    connection = world.store.connect()
    with duckdb_engine(connection) as engine:
        scene = presence.scene(connection, engine, presence.expected().dwell)
    met = seen(connection)
    pairs = sorted(pair for pair in pairs_inside(world.truth) if pair[0] in met)
    inside = pa.table({"imei14": [imei for imei, _ in pairs], "prison": [prison for _, prison in pairs]})
    return scene, inside


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
        fit(sys.argv[2:])
        return
    seeds = [int(text) for text in sys.argv[1:]] or list(SEEDS)
    for seed in seeds:
        for prevalence in PREVALENCES:
            line(build(Setting("small", seed, {"handsets.prevalence": prevalence}), FOLDER))


if __name__ == "__main__":
    main()
