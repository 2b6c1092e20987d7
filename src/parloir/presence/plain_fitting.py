"""The plain sum fitted on worlds whose devices are known, each of them counting alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.errors import InputError
from parloir.presence.classes import classes
from parloir.presence.plain import (
    ROUNDS,
    SHARED,
    Floats,
    Seen,
    Sum,
    most_alike,
    names,
    others_here,
    plain_kinds,
    weigh_levels,
)
from parloir.weights.fusion import Fusion, fit_positive

SMOOTHING = 10.0
"""Cases that say that a level means nothing."""
INSIDE_MOST, OTHERS_MOST = 100.0, 2_000.0
"""Devices of one world that count in a table; more of the same world say nothing of others."""


@dataclass(frozen=True)
class Known:
    """One world to learn from: the levels of its candidates, and which of them are true (candidates,)."""

    seen: Seen
    inside: NDArray[np.bool_]


def learn_sum(worlds: Sequence[Known]) -> Sum:
    """Tables, and how far each kind counts beside the others.

    Raises:
        InputError: in no world is a device inside, or in one all are.
    """
    used = [world for world in worlds if world.inside.any()]
    if not used or any(world.inside.all() for world in used):
        raise InputError("nothing can be learnt from one kind of device", do="give worlds with both kinds")
    sizes = [len(classes().singles[name].levels) for name in SHARED]
    sizes += [len(kind.levels) for kind in plain_kinds()]
    tables = tuple(_table(used, place, size) for place, size in enumerate(sizes))
    others = [tuple(table[1] for table in tables) for _ in used]
    for _ in range(ROUNDS):
        single = [weigh_levels(world.seen, tables, own) for world, own in zip(used, others, strict=True)]
        fusion = _fusion(used, single)
        others = [
            others_here(world.seen, tables, most_alike(world.seen, fusion.apply(bits)))
            for world, bits in zip(used, single, strict=True)
        ]
    return Sum(tables, fusion)


def _fusion(worlds: Sequence[Known], single: Sequence[Floats]) -> Fusion:
    mass = [
        np.where(world.inside, 1.0 / world.inside.sum(), 1.0 / (~world.inside).sum()) / (2 * len(worlds))
        for world in worlds
    ]
    truths = np.concatenate([world.inside for world in worlds])
    return fit_positive(names(), np.concatenate(single), truths, np.concatenate(mass))


def _table(worlds: Sequence[Known], place: int, levels: int) -> Floats:
    """Shares of the levels inside and among others, shape (2, levels), leaning on each other."""
    counts = np.zeros((2, levels))
    for world in worlds:
        code = world.seen.codes[:, place]
        for row, (of, most) in enumerate(((world.inside, INSIDE_MOST), (~world.inside, OTHERS_MOST))):
            own = np.bincount(code[(code >= 0) & of], minlength=levels).astype(np.float64)
            counts[row] += own * min(1.0, most / max(own.sum(), 1.0))
    counts[1] *= counts[0].sum() / max(counts[1].sum(), 1.0)
    shares = (counts + 1.0 / levels) / (counts.sum(axis=1, keepdims=True) + 1.0)
    leaning = counts + SMOOTHING * shares.mean(axis=0)
    return np.asarray(np.round(leaning / leaning.sum(axis=1, keepdims=True), 6), dtype=np.float64)
