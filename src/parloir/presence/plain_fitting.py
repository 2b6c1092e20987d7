"""The sum fitted on worlds whose devices are known, each with enough of them inside counting alike.

Besides whole worlds, small cases are drawn from them: one prison or a few, with far fewer others in reach,
so that handsets inside are up to a third of what is seen. What is fitted must hold where they are rare and
where they are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.errors import InputError
from parloir.presence.apart import met_apart
from parloir.presence.candidates import Candidates
from parloir.presence.hearing import hear
from parloir.presence.kinds import kinds
from parloir.presence.parameters import Parameters
from parloir.presence.plain import (
    ROUNDS,
    Floats,
    Seen,
    Sum,
    Summed,
    add_up,
    belonging,
    flat_sum,
    heard,
    seen,
    shares_here,
)
from parloir.presence.posterior import posterior
from parloir.presence.radio import radio_codes
from parloir.presence.scene import Scene
from parloir.weights.fusion import Bounded, fit_bounded
from parloir.weights.logistic import LogisticCalibration, calibrate

Booleans = NDArray[np.bool_]
Numbers = NDArray[np.int64]
SMOOTHING = 10.0
"""Cases that say that a level means nothing."""
INSIDE_MOST, OTHERS_MOST = 100.0, 2_000.0
"""Devices of one world that count in a table; more of the same world say nothing of others."""
RIDGE = (0.01, 0.003)
"""Pull towards 0 of the coefficients, and of the levels' own bits."""
WHOLE = 4_000
"""Candidates of a whole world that are fitted to; more say nothing new."""
SMALL = 2
"""Small cases drawn from each world."""
LEAST = 5
"""Handsets inside that a small case has at least."""
SPARSEST, DENSEST = 0.04, 0.35
"""Handsets inside among the candidates of a small case."""
FEW = 30.0
"""Handsets inside with which a world counts half: fewer say little of what they have in common."""
FOLDS = 3


@dataclass(frozen=True)
class Known:
    """One world to learn from: levels of its candidates, which are true (candidates,), and their radio."""

    seen: Seen
    inside: Booleans
    candidates: Candidates | None = None

    @classmethod
    def of(cls, scene: Scene, inside: pa.Table) -> Known:
        """A scene, and every device that lives inside: columns imei14, prison."""
        return cls(seen(scene), known_inside(scene, inside), scene.candidates)


def known_inside(scene: Scene, inside: pa.Table) -> Booleans:
    """Which candidates are true, shape (candidates,).

    Args:
        scene: what was counted.
        inside: columns imei14, prison: every device that lives inside.
    """
    index = {name: place for place, name in enumerate(scene.prison_names)}
    pairs = zip(inside["imei14"].to_numpy().tolist(), inside["prison"].to_pylist(), strict=True)
    keys = [imei14 * 1_000 + index[str(prison)] for imei14, prison in pairs if str(prison) in index]
    imei14 = scene.handsets.imei14[scene.stints.handset[scene.candidates.stint]]
    return np.isin(imei14 * 1_000 + scene.candidates.prison, np.array(keys, dtype=np.int64))


def learn(worlds: Sequence[Known], source: str = "worlds with known devices") -> Parameters:
    """What levels weigh; slopes, offsets and how far weights are off come from worlds left out.

    Args:
        worlds: all that is known.
        source: what they are, in words.

    Raises:
        InputError: in no world is a device inside, or in one all are.
    """
    used = [world for world in worlds if world.inside.any()]
    if not used or any(world.inside.all() for world in used):
        raise InputError("nothing can be learnt from one kind of device", do="give worlds with both kinds")
    whole = _both(used)
    if len(used) < FOLDS:
        return Parameters(whole, source=source)
    scored, calibrations = _left_out(used)
    apart = met_apart([(world.seen.prison, bits, world.inside) for world, bits in scored])
    return Parameters(replace(_calibrated(whole, calibrations), apart=apart), source=source)


def _both(worlds: Sequence[Known]) -> Sum:
    """The sum where the mix of radio cells is heard, and where it is not."""
    unheard = fitted(worlds)
    return replace(fitted([_hearing(world, unheard) for world in worlds]), unheard=unheard)


def _calibrated(found: Sum, calibrations: tuple[LogisticCalibration, LogisticCalibration]) -> Sum:
    """With slopes and offsets of its own for where the mix is heard, and where it is not."""
    with_mix, without = calibrations
    unheard = None if found.unheard is None else found.unheard.scaled(without.slope, without.offset)
    return replace(found.scaled(with_mix.slope, with_mix.offset), unheard=unheard)


def fitted(worlds: Sequence[Known]) -> Sum:
    """Tables, what each level weighs, and how far its shares in the case count."""
    cases = [case for place, world in enumerate(worlds) for case in drawn(world, place)]
    tables = tuple(_table(worlds, place, len(kind.levels)) for place, kind in enumerate(kinds()))
    belongs = [case.seen.known.astype(np.float64) for case in cases]
    found = flat_sum()
    for _ in range(ROUNDS):
        ratios = [_ratios(case.seen, tables, own) for case, own in zip(cases, belongs, strict=True)]
        found = _sum(tables, _fit(cases, ratios, tables))
        belongs = [
            belonging(case.seen, found.offset + _applied(case.seen, found, ratio))
            for case, ratio in zip(cases, ratios, strict=True)
        ]
    return found


def drawn(world: Known, place: int) -> Iterator[Known]:
    """Some of a whole world, and small cases from it; the same for the same place."""
    random = np.random.default_rng(place)
    kept = world.inside | (random.random(world.inside.size) < WHOLE / world.inside.size)
    yield _some(world, np.flatnonzero(kept))
    many = np.bincount(world.seen.prison, world.inside)
    prisons = np.flatnonzero(many >= LEAST)
    for _ in range(SMALL if prisons.size else 0):
        size = min(int(random.choice([1, 1, 2, 4])), prisons.size)
        mine = np.isin(world.seen.prison, random.choice(prisons, size, replace=False))
        share = float(np.exp(random.uniform(np.log(SPARSEST), np.log(DENSEST))))
        true = mine & world.inside & (random.random(mine.size) < random.choice([0.4, 0.7, 1.0, 1.0]))
        true = true if true.any() else mine & world.inside
        others = np.flatnonzero(mine & ~world.inside)
        most = min(others.size, max(1, int(true.sum() * (1.0 / share - 1.0))))
        yield _some(
            world, np.sort(np.concatenate([np.flatnonzero(true), random.choice(others, most, replace=False)]))
        )


def _some(world: Known, rows: NDArray[np.intp]) -> Known:
    return Known(world.seen.some(rows.astype(np.int64)), world.inside[rows])


def _ratios(met: Seen, tables: tuple[Floats, ...], belongs: Floats) -> Floats:
    """log2 of the levels' shares inside over those of others in the case, shape (candidates, kinds)."""
    inside, others = shares_here(met, tables, belongs)
    bits = [np.log2(one) - np.log2(other) for one, other in zip(inside, others, strict=True)]
    return np.stack(
        [
            np.where(code >= 0, one[np.maximum(code, 0)], 0.0)
            for code, one in zip(met.codes.T, bits, strict=True)
        ],
        axis=1,
    )


def _fit(cases: Sequence[Known], ratios: Sequence[Floats], tables: tuple[Floats, ...]) -> Bounded:
    mass = [_evenly(case.inside) for case in cases]
    shown = np.concatenate([_indicators(case.seen, tables) for case in cases])
    truths = np.concatenate([case.inside for case in cases])
    whole = np.concatenate(mass)
    return fit_bounded(np.concatenate(ratios), shown, truths, whole / whole.sum(), RIDGE)


def _indicators(met: Seen, tables: tuple[Floats, ...]) -> Floats:
    """One column a level, less its share on the whole, shape (candidates, all levels); 0 where unseen.

    So what is the same for nearly everybody weighs next to nothing, and a kind that is not seen weighs what
    it weighs on average. A kind that does not carry over weighs by its ratio in the case alone.
    """
    columns = []
    for kind, code, table in zip(kinds(), met.codes.T, tables, strict=True):
        for level, usual in enumerate(table.mean(axis=0)):
            columns.append(np.where((code >= 0) & kind.carries, (code == level) - usual, 0.0))
    return np.stack(columns, axis=1)


def _sum(tables: tuple[Floats, ...], found: Bounded) -> Sum:
    ends = np.cumsum([len(kind.levels) for kind in kinds()])[:-1]
    parts = zip(np.split(found.free, ends), tables, strict=True)
    levels = tuple(np.round(one - table.mean(axis=0) @ one, 6) for one, table in parts)
    counted = np.maximum(found.bounded, [kind.counts for kind in kinds()])
    return Sum(tables, levels, tuple(np.round(counted, 6).tolist()), round(found.offset, 6))


def _applied(met: Seen, found: Sum, ratios: Floats) -> Floats:
    """What kinds weigh together, without the offset, shape (candidates,)."""
    bits = ratios @ np.array(found.coefficients)
    for code, levels in zip(met.codes.T, found.levels, strict=True):
        bits = bits + np.where(code >= 0, levels[np.maximum(code, 0)], 0.0)
    return np.asarray(bits)


def _hearing(world: Known, unheard: Sum) -> Known:
    """The same with the level of `radio`, by what is weighed without it."""
    if world.candidates is None:
        return world
    met = world.seen
    chance = posterior(met.placed, add_up(met, unheard).bits)[0]
    codes = radio_codes(world.candidates, np.where(met.known, 1.0, chance))
    return Known(met.having("radio", codes), world.inside)


Scored = list[tuple[Known, Floats]]
"""Worlds, and the bits of their candidates by what was fitted on others."""


def _left_out(worlds: Sequence[Known]) -> tuple[Scored, tuple[LogisticCalibration, LogisticCalibration]]:
    """Worlds weighed as cases are by what they had no part in; slopes and offsets where heard, and not."""
    weighed: list[tuple[Known, Summed]] = []
    for fold in range(FOLDS):
        rest = _both([world for place, world in enumerate(worlds) if place % FOLDS != fold])
        weighed += [(world, _weigh(world, rest)) for world in worlds[fold::FOLDS]]
    mixes = [heard(found.seen) for _, found in weighed]
    best = (_calibrate(weighed, mixes), _calibrate(weighed, [~one for one in mixes]))
    scored = [
        (world, np.where(mix, best[0].apply(found.bits), best[1].apply(found.bits)))
        for (world, found), mix in zip(weighed, mixes, strict=True)
    ]
    return scored, best


def _weigh(world: Known, found: Sum) -> Summed:
    if world.candidates is None:
        return add_up(world.seen, found)
    return hear(world.seen, world.candidates, found)


def _calibrate(weighed: Sequence[tuple[Known, Summed]], used: Sequence[Booleans]) -> LogisticCalibration:
    """Slope and offset on the used rows, each world that has both classes among them counting alike."""
    rows = [
        (found.bits[use], world.inside[use])
        for (world, found), use in zip(weighed, used, strict=True)
        if 0 < world.inside[use].sum() < use.sum()
    ]
    if not rows:
        return LogisticCalibration(0.0, 1.0)
    bits, truths = (np.concatenate(column) for column in zip(*rows, strict=True))
    mass = np.concatenate([_evenly(inside) for _, inside in rows])
    return calibrate(bits, truths, mass=mass / mass.sum())


def _evenly(inside: Booleans) -> Floats:
    """Mass of each candidate of a world: half for either class, and less of all where few are inside."""
    many = inside.sum()
    return np.asarray(np.where(inside, 0.5 / many, 0.5 / (~inside).sum()) * many / (many + FEW))


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
