"""The plain sum: what levels weigh on worlds drawn at random, against the other devices of the case at hand.

Of handsets inside, the shares of the levels come from many simulated worlds as unlike each other as can be: a
level that means one thing in one and another in the next comes out flat by itself. Of the other devices in
reach they come from the case itself: nearly all candidates are others, so they can be counted, once those
most like handsets inside are set aside. What is common here weighs little here (decision 0404).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from parloir.presence.posterior import expected_inside
from parloir.presence.scene import Scene
from parloir.weights.fusion import Fusion

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
UNSEEN = -1
SHARED = (
    "days", "elsewhere", "night", "hours", "weekends", "sims", "shared", "correspondents", "service", "rate",
    "beat", "outgoing", "model", "ending", "move",
)  # fmt: skip
"""Kinds of `data/classes.toml` that the sum has too."""
CASES = 50.0
"""Devices of the case that the shares met elsewhere are worth."""
ASIDE = 0.9
"""How far the candidates most like handsets inside are left out of what others look like."""
ROUNDS = 3
"""Weights and others' shares are found in turn; more rounds move next to nothing."""
COUNTS = 0.5
"""How far the plain sum counts beside the weight through the classes: each says part of the other."""
PERIOD_DAYS = 5
"""Days below which a period shows nothing of who stays, or of silences."""


@dataclass(frozen=True)
class PlainKind:
    """One kind that the sum alone has; see `data/plain.toml`."""

    name: str
    title: str
    ends: tuple[float, ...]
    levels: tuple[str, ...]
    says: str

    def told(self, value: float, records: int) -> str:
        """What a finding says of a handset with this figure and so many records."""
        return self.says.format(percent=f"{value:.0%}".replace("%", " %"), records=f"{records:,}")


@cache
def plain_kinds() -> tuple[PlainKind, ...]:
    """All, in the order of the file."""
    text = (files("parloir.presence") / "data" / "plain.toml").read_text(encoding="utf-8")
    return tuple(
        PlainKind(name, one["title"], tuple(one["ends"]), tuple(one["levels"]), one["says"])
        for name, one in tomllib.loads(text).items()
    )


def names() -> tuple[str, ...]:
    """Names of the kinds of the sum, in order."""
    return (*SHARED, *(kind.name for kind in plain_kinds()))


@dataclass(frozen=True)
class Sum:
    """What was fitted on drawn worlds.

    Attributes:
        tables: for each of `names()` the shares of its levels inside and among others, shape (2, levels).
        fusion: of the kinds' weights; no coefficient below 0 or above 1.
    """

    tables: tuple[Floats, ...]
    fusion: Fusion


@dataclass(frozen=True)
class Seen:
    """Levels of the candidates.

    Attributes:
        codes: level of each of `names()`, -1 where unseen, shape (candidates, kinds).
        figures: behind the kinds that the sum alone has, shape (candidates, plain kinds).
        prison: shape (candidates,).
        expected: handsets expected inside each prison, shape (prisons,).
    """

    codes: Numbers
    figures: Floats
    prison: Numbers
    expected: Floats


@dataclass(frozen=True)
class Summed:
    """The sum of a case.

    Attributes:
        seen: levels.
        others: shares of the levels among the other devices of the case, one array a kind.
        single: weight of each kind, bits, shape (candidates, kinds).
        bits: fused, shape (candidates,).
    """

    seen: Seen
    others: tuple[Floats, ...]
    single: Floats
    bits: Floats


def seen(scene: Scene) -> Seen:
    """Levels of every candidate; a seized handset's end says nothing, nor does what was not asked for."""
    pairs = scene.candidates
    single = {name: scene.single[name][pairs.stint] for name in SHARED}
    shown = single["elsewhere"] > 0
    single["elsewhere"] = np.where(shown, single["elsewhere"], UNSEEN)
    ended = np.isin(scene.handsets.imei14, scene.register.seized["imei14"].to_numpy())
    single["ending"] = np.where(ended[scene.stints.handset[pairs.stint]], UNSEEN, single["ending"])
    figure = {
        "served": np.where(shown, pairs.served, np.nan),
        "asked": np.where(shown, np.nan, pairs.served),
        "steady": scene.seen.steady[pairs.stint],
        "span": scene.seen.span[pairs.stint],
    }
    if _period(scene) < PERIOD_DAYS:
        single["days"] = np.full(pairs.stint.size, UNSEEN)
        figure["span"] = np.full(pairs.stint.size, np.nan)
    figures = np.stack([figure[kind.name] for kind in plain_kinds()], axis=1)
    for kind in plain_kinds():
        code = np.digitize(np.nan_to_num(figure[kind.name]), kind.ends)
        single[kind.name] = np.where(np.isnan(figure[kind.name]), UNSEEN, code)
    codes = np.stack([single[name] for name in names()], axis=1)
    return Seen(codes, figures, pairs.prison, expected_inside(scene.prisons, pairs.prison))


def add_up(met: Seen, fitted: Sum) -> Summed:
    """Weigh the candidates against the others of the same case."""
    others = tuple(table[1] for table in fitted.tables)
    for _ in range(ROUNDS):
        bits = fitted.fusion.apply(weigh_levels(met, fitted.tables, others))
        others = others_here(met, fitted.tables, most_alike(met, bits))
    single = weigh_levels(met, fitted.tables, others)
    return Summed(met, others, single, fitted.fusion.apply(single))


def weigh_levels(met: Seen, tables: tuple[Floats, ...], others: tuple[Floats, ...]) -> Floats:
    """Weight of each kind (candidates, kinds); 0 where unseen."""
    columns = []
    for code, table, other in zip(met.codes.T, tables, others, strict=True):
        bits = np.log2(table[0]) - np.log2(other)
        columns.append(np.where(code >= 0, bits[np.maximum(code, 0)], 0.0))
    return np.stack(columns, axis=1)


def most_alike(met: Seen, bits: Floats) -> Floats:
    """How far each candidate is set aside: the first so many of each prison as are expected inside."""
    aside = np.zeros(met.prison.size)
    for prison in np.unique(met.prison):
        mine = np.flatnonzero(met.prison == prison)
        first = np.argsort(-bits[mine], kind="stable")[: round(float(met.expected[prison]))]
        aside[mine[first]] = ASIDE
    return aside


def others_here(met: Seen, tables: tuple[Floats, ...], aside: Floats) -> tuple[Floats, ...]:
    """Share of each level among the other devices of the case."""
    found = []
    for code, table in zip(met.codes.T, tables, strict=True):
        use = code >= 0
        counted = np.bincount(code[use], 1.0 - aside[use], minlength=table.shape[1]) + CASES * table[1]
        found.append(counted / counted.sum())
    return tuple(found)


def _period(scene: Scene) -> int:
    first, last = scene.stints.first, scene.stints.last
    return int(last.max() - first.min()) + 1 if first.size else 0
