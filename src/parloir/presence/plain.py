"""The sum: what levels weigh on worlds drawn at random, and against the devices of the case at hand.

A level's weight has two parts. One is what it weighed on many simulated worlds as unlike each other as can
be: a level that means one thing in one and another in the next comes out flat by itself. The other
compares, in the case at hand, the handsets most like those inside with all others: what is common here
weighs little here, and what those inside have in common here weighs more (decisions 0407, 0412).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from parloir.presence.apart import Apart
from parloir.presence.kinds import kinds, names
from parloir.presence.levels import UNSEEN
from parloir.presence.posterior import Placed, expected_inside, posterior
from parloir.presence.register import seized_in
from parloir.presence.scene import Scene

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
OTHERS_WORTH, INSIDE_WORTH = 50.0, 40.0
"""Devices of the case that the shares met elsewhere are worth."""
ROUNDS = 3
"""Weights and shares in the case are found in turn; more rounds move next to nothing."""
PERIOD_DAYS = 5
"""Days below which a period shows nothing of who stays, or of silences."""


@dataclass(frozen=True)
class Sum:
    """What was fitted on drawn worlds, for each of `names()`.

    Attributes:
        tables: shares of its levels inside and among others, shape (2, levels).
        levels: bits that each level weighs in any case, shape (levels,).
        coefficients: how far the ratio of the shares in the case counts; none below 0 or above 1 as fitted.
        offset: bits.
        unheard: what holds of candidates whose mix of radio cells says nothing; the same when None. Where
            it is heard it says most of what the geometry says too, which then counts for little
            (decision 0412). Its tables are these.
        apart: how far the weights were off on worlds left out.
    """

    tables: tuple[Floats, ...]
    levels: tuple[Floats, ...]
    coefficients: tuple[float, ...]
    offset: float
    unheard: Sum | None = None
    apart: Apart = field(default_factory=Apart)

    def scaled(self, slope: float, offset: float) -> Sum:
        """With all weights times a slope, and shifted."""
        return replace(
            self,
            levels=tuple(np.round(slope * one, 6) for one in self.levels),
            coefficients=tuple(round(slope * one, 6) for one in self.coefficients),
            offset=round(slope * self.offset + offset, 6),
        )


def flat_sum() -> Sum:
    """Before any world was seen: no level weighs anything."""
    sizes = [len(kind.levels) for kind in kinds()]
    flat = tuple(np.full((2, size), 1.0 / size) for size in sizes)
    return Sum(flat, tuple(np.zeros(size) for size in sizes), (0.0,) * len(sizes), 0.0)


@dataclass(frozen=True)
class Seen:
    """Levels of the candidates.

    Attributes:
        codes: level of each of `names()`, -1 where unseen, shape (candidates, kinds).
        figures: what findings say of a kind, by its name, shape (candidates,).
        stint, prison: shape (candidates,).
        known: whether it was found there, shape (candidates,).
        expected: handsets expected inside each prison, shape (prisons,).
        apart: how far weights may be off.
    """

    codes: Numbers
    figures: dict[str, Floats]
    stint: Numbers
    prison: Numbers
    known: Booleans
    expected: Floats
    apart: Apart = field(default_factory=Apart)

    @property
    def placed(self) -> Placed:
        """Where they are."""
        return Placed(self.stint, self.prison, self.known, self.expected, self.apart)

    def having(self, name: str, codes: Numbers) -> Seen:
        """With other levels (candidates,) of one kind."""
        changed = self.codes.copy()
        changed[:, names().index(name)] = codes
        return replace(self, codes=changed)

    def some(self, rows: Numbers) -> Seen:
        """Some of the candidates."""
        return Seen(
            self.codes[rows],
            {},
            self.stint[rows],
            self.prison[rows],
            self.known[rows],
            self.expected,
        )


@dataclass(frozen=True)
class Summed:
    """The sum of a case.

    Attributes:
        seen: levels.
        inside, others: shares of the levels in the case, one array a kind.
        single: weight of each kind, bits, shape (candidates, kinds).
        bits: all together, shape (candidates,).
    """

    seen: Seen
    inside: tuple[Floats, ...]
    others: tuple[Floats, ...]
    single: Floats
    bits: Floats


def seen(scene: Scene) -> Seen:
    """Levels of every candidate; a seized handset's end says nothing, nor does what was not asked for."""
    pairs = scene.candidates
    single = {name: code[pairs.stint] for name, code in scene.single.items()}
    shown = single["elsewhere"] > 0
    single["elsewhere"] = np.where(shown, single["elsewhere"], UNSEEN)
    single["radio"] = np.full(pairs.stint.size, UNSEEN, dtype=np.int64)
    ended = np.isin(scene.handsets.imei14, scene.register.seized["imei14"].to_numpy())
    single["ending"] = np.where(ended[scene.stints.handset[pairs.stint]], UNSEEN, single["ending"])
    figures = _figures(scene, shown)
    if _period(scene) < PERIOD_DAYS:
        for name in ("days", "present", "silences"):
            single[name] = np.full(pairs.stint.size, UNSEEN)
        figures["span"] = np.full(pairs.stint.size, np.nan)
    expected = expected_inside(scene.prisons, pairs.prison)
    return Seen(_codes(single, figures), figures, pairs.stint, pairs.prison, known_there(scene), expected)


def _figures(scene: Scene, shown: Booleans) -> dict[str, Floats]:
    """What is told as a figure, by kind; some kinds are two, by whether elsewhere was asked for (`shown`)."""
    pairs, steady = scene.candidates, scene.seen.steady[scene.candidates.stint]
    return {
        "served": np.where(shown, pairs.served, np.nan),
        "asked": np.where(shown, np.nan, pairs.served),
        "steady": np.where(shown, steady, np.nan),
        "fringe": np.where(shown, np.nan, steady),
        "span": scene.seen.span[pairs.stint],
    }


def _codes(single: dict[str, Numbers], figures: dict[str, Floats]) -> Numbers:
    """Levels of all kinds (candidates, kinds): single ones as they are, others cut from figures or joined."""
    told = dict(single)
    for kind in kinds():
        if kind.ends:
            code = np.digitize(np.nan_to_num(figures[kind.name]), kind.ends)
            told[kind.name] = np.where(np.isnan(figures[kind.name]), UNSEEN, code)
        if kind.joins:
            told[kind.name] = joined([told[part] for part in kind.joins], kind.joins)
    return np.stack([told[name] for name in names()], axis=1)


def joined(codes: Sequence[Numbers], parts: Sequence[str]) -> Numbers:
    """Levels of several kinds, shape (n,) each, as one of their combinations; unseen where one of them is."""
    sizes = {kind.name: len(kind.levels) for kind in kinds()}
    both = np.zeros_like(codes[0])
    for code, part in zip(codes, parts, strict=True):
        both = both * sizes[part] + np.maximum(code, 0)
    return np.where(np.min(codes, axis=0) < 0, UNSEEN, both)


def known_there(scene: Scene) -> Booleans:
    """Candidates whose handset was found in that prison, under way or over, shape (candidates,)."""
    pairs = scene.candidates
    imei14 = scene.handsets.imei14[scene.stints.handset[pairs.stint]]
    prison = np.array(scene.prison_names, dtype=object)[pairs.prison]
    return seized_in(scene.register.seized, imei14, prison, scene.seen.from_us[pairs.stint])


def _period(scene: Scene) -> int:
    first, last = scene.stints.first, scene.stints.last
    return int(last.max() - first.min()) + 1 if first.size else 0


def add_up(met: Seen, fitted: Sum) -> Summed:
    """Weigh the candidates against the others of the same case."""
    met = replace(met, apart=fitted.apart)
    belongs = met.known.astype(np.float64)
    for _ in range(ROUNDS):
        belongs = belonging(met, _summed(met, fitted, belongs).bits)
    return _summed(met, fitted, belongs)


def heard(met: Seen) -> Booleans:
    """Candidates whose mix of radio cells says something, shape (candidates,)."""
    return np.asarray(met.codes[:, names().index("radio")] >= 0)


def _summed(met: Seen, fitted: Sum, belongs: Floats) -> Summed:
    """As the shares in the case are when candidates belong by so much."""
    inside, others = shares_here(met, fitted.tables, belongs)
    single, offset = _weigh_kinds(met, fitted, inside, others), np.full(belongs.size, fitted.offset)
    if fitted.unheard is not None:
        here = heard(met)
        single = np.where(here[:, None], single, _weigh_kinds(met, fitted.unheard, inside, others))
        offset = np.where(here, offset, fitted.unheard.offset)
    return Summed(met, inside, others, single, np.round(offset + single.sum(axis=1), 6))


def _weigh_kinds(met: Seen, fitted: Sum, inside: tuple[Floats, ...], others: tuple[Floats, ...]) -> Floats:
    """Weight of each kind (candidates, kinds); 0 where unseen."""
    columns = []
    for place, kind in enumerate(kinds()):
        ratio = np.log2(inside[place]) - np.log2(others[place])
        bits = fitted.coefficients[place] * ratio + fitted.levels[place]
        for level in kind.favours:
            bits[level] = max(float(bits[level]), 0.0)
        if kind.against:
            bits = np.minimum(bits, 0.0)
        code = met.codes[:, place]
        columns.append(np.where(code >= 0, bits[np.maximum(code, 0)], 0.0))
    return _raised(met, np.stack(columns, axis=1))


def _raised(met: Seen, single: Floats) -> Floats:
    """With joint kinds raised so far that they and their parts do not weigh below the least together."""
    for place, kind in enumerate(kinds()):
        if kind.joins:
            code = met.codes[:, place]
            held = (code >= 0) & ~np.isin(code, kind.freely)
            together = single[:, [place, *(names().index(part) for part in kind.joins)]].sum(axis=1)
            single[:, place] += np.where(held, np.maximum(kind.least - together, 0.0), 0.0)
    return single


def belonging(met: Seen, bits: Floats) -> Floats:
    """How far each candidate counts as inside in the shares of the case, shape (candidates,).

    Each counts by its chance, times its chance again: by how far what it teaches is right. Were each to count
    by its chance, many who are rather outside would teach what they have in common, and draw each other in.
    """
    return np.where(met.known, 1.0, posterior(met.placed, bits)[0] ** 2)


def shares_here(
    met: Seen, tables: tuple[Floats, ...], belongs: Floats
) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """Share of each level inside, and among the other devices of the case."""
    inside: list[Floats] = []
    others: list[Floats] = []
    for code, table in zip(met.codes.T, tables, strict=True):
        use = code >= 0
        for found, start, mass in (
            (inside, INSIDE_WORTH * table[0], belongs),
            (others, OTHERS_WORTH * table[1], 1.0 - belongs),
        ):
            counted = np.bincount(code[use], mass[use], minlength=table.shape[1]) + start + 1e-6
            found.append(counted / counted.sum())
    return tuple(inside), tuple(others)
