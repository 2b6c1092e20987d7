"""Two IMEIs that behave as one handset: a device with two SIM slots has two IMEIs and is counted once.

Only handsets that may be inside the same prison are compared. What unrelated pairs look like is counted among
all pairs of the case; what one handset's two IMEIs look like is assumed (`SAME`), for hardly any seizure
report names both. A handset has one other IMEI at most: partners compete, so that of several that are alike
(a gang, a family, a batch) none is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.presence.register import SERIALS
from parloir.presence.together import Calls
from parloir.weights.bits import probability

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Levels = NDArray[np.int8]
LINKED = 0.9
"""Posterior above which two IMEIs are counted as one handset."""
ROUNDS = 8
"""Rounds of telling related pairs from unrelated ones; more move next to nothing."""
ASSUMED = 20.0
"""Pairs that what is assumed of one handset's two IMEIs is worth, beside those that the case shows."""
TWO_IMEIS = 0.3
"""Share of handsets with two active IMEIs; assumed."""
SLIPS = 0.1
"""Of what would begin by chance in the other's calls, so much does even in one handset: newer ones with two
radios, wrong clocks and lengths."""
MOST_CALLS = 3.0
"""Bits at most for never disturbing each other's calls: one man with two handsets does not talk on both."""
LEAST_CALLS = -12.0
TO_EXPECT = 0.5
"""Where chance would have fewer records begin in the other's calls, none was to be expected."""


@dataclass(frozen=True)
class Trait:
    """One thing compared.

    Attributes:
        kind, levels: in words.
        ends: upper ends of the levels but the last.
        same: P(level | one handset), assumed.
        least: P(level | two handsets of one prison) at the least, assumed: cellmates, kin, and one man's two
            handsets are alike, even where the case at hand shows none; nothing for levels without a bound.
    """

    kind: str
    levels: tuple[str, ...]
    ends: tuple[float, ...]
    same: tuple[float, ...]
    least: tuple[float, ...] = ()


SAME = (
    Trait(
        "imei",
        (
            "serial numbers follow each other",
            "one serial number under two type codes",
            "same run",
            "same type",
            "different types",
        ),
        (0.5, 1.5, 2.5, 3.5),
        (0.60, 0.07, 0.06, 0.06, 0.21),
    ),
    Trait(
        "numbers and SIMs in common",
        (
            "none",
            "common numbers alone",
            "a rare number or two",
            "several rare numbers",
            "most of the numbers",
            "a SIM went over from one to the other",
            "a SIM is in the one and the other by turns",
        ),
        (0.5, 1.5, 2.5, 3.5, 4.5, 5.5),
        (0.30, 0.09, 0.13, 0.18, 0.22, 0.03, 0.05),
        (0.0, 0.0, 0.008, 0.003, 0.00015, 0.004, 0.001),
    ),
    Trait(
        "in touch with each other",
        ("no", "they called or wrote to each other"),
        (0.5,),
        (0.995, 0.005),
    ),
    Trait(
        "days",
        (
            "one is on when the other is off",
            "no more alike than chance",
            "a little alike",
            "alike",
            "busy and silent on the same days",
        ),
        (-0.1, 0.15, 0.35, 0.6),
        (0.05, 0.20, 0.25, 0.27, 0.23),
        (0.0, 0.0, 0.0, 0.04, 0.015),
    ),
    Trait(
        "minutes",
        ("less together than chance", "as chance", "more than chance", "far more than chance"),
        (0.6, 1.6, 3.0),
        (0.12, 0.46, 0.27, 0.15),
        (0.0, 0.0, 0.1, 0.04),
    ),
    Trait(
        "radio cells",
        ("other radio cells", "partly the same", "much the same", "the same", "no network in common"),
        (0.5, 0.75, 0.9, 1.5),
        (0.03, 0.10, 0.27, 0.30, 0.30),
    ),
    Trait(
        "change of prison",
        ("none", "on the same days", "one alone, or on another day"),
        (0.5, 1.5),
        (0.86, 0.11, 0.03),
        (0.0, 0.014, 0.0),
    ),
)
"""P(level | one handset) of the first is of handsets bought as they are made; one in five minis bears numbers
that have nothing to do with each other."""
CALLS = "calls"
CALL_LEVELS = (
    "records of one began while the other was in a call",
    "neither was disturbed in its calls, nor would it be by chance",
    "neither was disturbed in its calls, where by chance it would be",
)


@dataclass(frozen=True)
class Behaviour:
    """What is compared of the n (n - 1) / 2 pairs of n handsets of one prison, first below second.

    Attributes:
        size: n.
        first, second: places of the two, shape (pairs,).
        levels: of each trait of `SAME`, -1 where nothing is said, shape (pairs, traits).
        talk, talk_bits: level and weight of what began in the other's calls, shape (pairs,).
    """

    size: int
    first: Numbers
    second: Numbers
    levels: Levels
    talk: Levels
    talk_bits: Floats

    @classmethod
    def of(cls, values: Floats, calls: Calls) -> Behaviour:
        """Compare.

        Args:
            values: a column a trait, shape (pairs, traits); NaN says nothing.
            calls: what began in the other's calls, shape (n, n).
        """
        size = len(calls.during)
        first, second = (one.astype(np.int64) for one in np.triu_indices(size, 1))
        during, chance = (one[first, second] for one in (calls.during, calls.chance))
        level = np.where(during > 0, 0, np.where(chance < TO_EXPECT, 1, 2)).astype(np.int8)
        bits = _calls(during, chance, calls.own)
        return cls(size, first, second, _levels(values), level, bits)


@dataclass(frozen=True)
class Pairs:
    """Compared pairs, arrays of one length.

    Attributes:
        first, second: indexes into the handsets compared, first below second.
        levels: level of each trait and of the calls, shape (n, traits + 1); -1 where nothing is said.
        bits: weight of each, shape (n, traits + 1).
        probability: that the two are one handset.
    """

    first: Numbers
    second: Numbers
    levels: Levels
    bits: Floats
    probability: Floats


def compare(groups: list[Behaviour]) -> list[Pairs]:
    """Weigh all pairs within each prison.

    What unrelated pairs look like is counted over all prisons together, each pair with its chance of being
    unrelated: else the pairs that are one handset would speak against themselves.
    """
    if not groups:
        return []
    whole = np.concatenate([group.levels for group in groups])
    talks = np.concatenate([group.talk_bits for group in groups])
    ends = np.cumsum([group.first.size for group in groups])[:-1]
    chance = np.zeros(len(whole))
    for _ in range(ROUNDS):
        single = [_bits(trait, whole[:, k], chance) for k, trait in enumerate(SAME)]
        bits = np.column_stack([*single, talks])
        parts = np.split(bits.sum(axis=1), ends)
        chance = np.concatenate([_competing(one, own) for one, own in zip(groups, parts, strict=True)])
    shown = np.column_stack([whole, np.concatenate([group.talk for group in groups])])
    return [
        Pairs(group.first, group.second, level, own, sure)
        for group, level, own, sure in zip(
            groups, np.split(shown, ends), np.split(bits, ends), np.split(chance, ends), strict=True
        )
    ]


def mutual(pairs: Pairs) -> list[int]:
    """Indexes of linked pairs, best first, no handset in two: pairs never become chains."""
    taken: set[int] = set()
    linked = []
    for at in np.argsort(-pairs.bits.sum(axis=1), kind="stable"):
        both = {int(pairs.first[at]), int(pairs.second[at])}
        if pairs.probability[at] >= LINKED and not both & taken:
            taken |= both
            linked.append(int(at))
    return linked


def told(pairs: Pairs, at: int) -> dict[str, tuple[str, float]]:
    """What each trait says of a pair: its level in words and bits; what says nothing is left out."""
    names = [(trait.kind, trait.levels) for trait in SAME] + [(CALLS, CALL_LEVELS)]
    return {
        kind: (levels[int(pairs.levels[at, place])], float(pairs.bits[at, place]))
        for place, (kind, levels) in enumerate(names)
        if pairs.levels[at, place] >= 0
    }


def imei_levels(one: Numbers, other: Numbers) -> Numbers:
    """How the numbers of two IMEIs stand to each other, by the levels of the first trait, shape (n,)."""
    apart = np.abs(one - other)
    same_type = one // SERIALS == other // SERIALS
    serial = np.abs(one % SERIALS - other % SERIALS)
    return np.select(
        [same_type & (apart <= 2), ~same_type & (serial == 0), same_type & (apart <= 1_000), same_type],
        [0, 1, 2, 3],
        4,
    ).astype(np.int64)


def _levels(values: Floats) -> Levels:
    columns = [
        np.where(np.isnan(value), -1, np.digitize(value, trait.ends))
        for trait, value in zip(SAME, values.T, strict=True)
    ]
    return np.stack(columns, axis=1).astype(np.int8)


def _bits(trait: Trait, codes: Levels, chance: Floats) -> Floats:
    """Bits of each pair: of two handsets counted, of one assumed and, as far as it is known, counted too."""
    seen = codes >= 0
    size = len(trait.levels)
    one = np.bincount(codes[seen], chance[seen], minlength=size) + ASSUMED * np.array(trait.same)
    two = np.bincount(codes[seen], 1.0 - chance[seen], minlength=size) + 1.0 / size
    shares = one / one.sum(), np.maximum(two / two.sum(), trait.least or 0.0)
    bits = np.round(np.log2(shares[0]) - np.log2(shares[1]), 6)
    return np.asarray(np.where(seen, bits[np.maximum(codes, 0)], 0.0), dtype=np.float64)


def _calls(during: Floats, chance: Floats, own: float) -> Floats:
    """Bits of what began in the other's calls: Poisson by chance for two, the rate of slips for one."""
    two = chance + 0.05
    one = np.minimum(max(own, SLIPS), 1.0) * chance + 0.05
    bits = during * np.log2(one / two) + (two - one) / np.log(2.0)
    return np.asarray(np.round(np.clip(bits, LEAST_CALLS, MOST_CALLS), 6), dtype=np.float64)


def _competing(group: Behaviour, bits: Floats) -> Floats:
    """Posterior of each pair: a handset has one other IMEI, so all pairs of either share its chance."""
    prior = min(0.5, TWO_IMEIS / max(group.size - 1, 1))
    odds = prior / (1.0 - prior) * np.exp2(np.minimum(bits, 60.0))
    each = np.bincount(group.first, odds, minlength=group.size)
    each += np.bincount(group.second, odds, minlength=group.size)
    others = each[group.first] + each[group.second] - 2.0 * odds
    return np.asarray(probability(0.5, np.log2(np.maximum(odds, 1e-30) / (1.0 + others))), dtype=np.float64)
