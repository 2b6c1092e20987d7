"""Learning the model: expectation–maximisation over the compared pairs and a sample of all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from parloir.identities.levels import Comparison
from parloir.identities.model import (
    COINCIDENCES,
    FALSE_NAMES,
    FLOOR,
    ONE_PERSON,
    SHARES,
    Evidence,
    Floats,
    Levels,
    Model,
    belongs,
    floored,
    rounded,
)

KIND_PAIRS = 200.0
"""Pairs that the expected shares of the kinds are worth: few records keep them, many overrule them."""
FALSE_NAME_PAIRS = 100.0
"""Pairs of one person that the expected share of pseudonyms among them is worth. Assumed."""
PRIOR_PAIRS = 20.0
"""Weight of the expectation in m, in pairs: data of a few true pairs barely move it."""
STEPS = 40
"""At most."""
AWAY = 2.0
"""How far the prior may move, either way, from where it stood when the first steps had settled."""
SETTLING = 6
"""First steps, in which only chance and the kinds' shares move: m follows once these have settled."""
SMALLEST_KIND = 1e-9
"""Share of all pairs that a kind has at least."""
RELATIVES, RELATIVE_PAIRS = 0.1, 50.0
"""Pairs of relatives expected for each pair of one person, and how many of the latter that is worth: a file
that shows no relatives may hold a few, however large it is. Assumed."""
TIE_PAIRS, PERSONAL_PAIRS = 100.0, 30.0
"""Pairs that the expected share of a tie is worth; and of a tie in what tells relatives apart."""
TIGHTEST = 3.0
"""How many times its expected share a tie may be learnt to be: relatives who share all are no relatives."""
PERSONAL = frozenset(("given", "birth"))
"""Fields that tell relatives apart."""
ERRORS = 200.0
"""Errors in such a field for which a value that is wholly another is half believed to be one: most errors
leave it alike. Assumed."""
HOMES = frozenset(("address", "phone"))
"""Fields that show a household: a postcode alone is shared by a quarter of a town."""


def maximise(model: Model, comparisons: Sequence[Comparison], seen: Evidence, steps: int = STEPS) -> Model:
    """Expectation–maximisation until the prior moves by less than one in a thousand."""
    expected = model
    settled = np.inf
    for step in range(steps):
        before = model.kinds["same"]
        if step == SETTLING:
            settled = before
        moved = _step(model, comparisons, seen, expected)
        moved = replace(
            moved,
            kinds={
                **moved.kinds,
                "same": float(
                    np.clip(moved.kinds["same"], 0.0 if step < SETTLING else settled / AWAY, settled * AWAY)
                ),
            },
        )
        model = moved if step >= SETTLING else replace(moved, same=model.same)
        if step > SETTLING and abs(model.kinds["same"] / before - 1) < 1e-3:
            break
    return rounded(model)


def _step(model: Model, comparisons: Sequence[Comparison], seen: Evidence, expected: Model) -> Model:
    share = belongs(model, comparisons, seen)
    strangers = share["strangers"] * seen.mass
    new_same, new_strangers = {}, {}
    for k, comparison in enumerate(comparisons):
        level, size = seen.levels[:, k], len(comparison.levels)
        prior = np.asarray(expected.same[comparison.name]) * PRIOR_PAIRS
        new_same[comparison.name] = tuple(
            floored(_of_one_person(comparison, level, prior, share["same"], seen.mass))
        )
        if comparison.chosen:
            new_strangers[comparison.name] = tuple(model.strangers[comparison.name])
            continue
        by_chance = np.asarray([x.chance for x in comparison.levels]) * comparison.firmness
        counts = _counts(level, strangers, size) + by_chance
        new_strangers[comparison.name] = tuple(floored(counts))
    return replace(
        model,
        same=new_same,
        strangers=new_strangers,
        kinds=_kinds(share, seen.mass, expected.kinds, _homes(comparisons, seen)),
        ties={
            kind: _ties(model, comparisons, seen, kind, share[kind]) if kind in share else ties
            for kind, ties in model.ties.items()
        },
    )


def _ties(
    model: Model, comparisons: Sequence[Comparison], seen: Evidence, kind: str, belongs: Floats
) -> Mapping[str, float]:
    """A kind's ties, drawn towards what is expected; those that always or never hold stay.

    Args:
        model: before this step.
        comparisons, seen: what was compared, and the pairs.
        kind: of pairs.
        belongs: P(kind | levels) for each pair.
    """
    learnt = dict(model.ties[kind])
    if kind == "household" and not HOMES & {c.role for c in comparisons}:
        return learnt
    for k, comparison in enumerate(comparisons):
        expected = SHARES[kind].get(comparison.role, 0.0)
        if not 0.0 < expected < 1.0:
            continue
        level = seen.levels[:, k].astype(np.intp)
        rare = np.exp2(-seen.rarity[:, k])
        share = learnt[comparison.role]
        same = np.asarray(model.same[comparison.name])[level]
        by_tie = share * (np.minimum(same * rare, 1.0) if kind in COINCIDENCES else same)
        by_chance = (1 - share) * np.asarray(model.strangers[comparison.name])[level] * rare
        told = np.where(_told_apart(comparisons, seen, k), belongs * seen.mass, 0.0)
        firm = PERSONAL_PAIRS if comparison.role in PERSONAL else TIE_PAIRS
        tied = float((told * by_tie / (by_tie + by_chance)).sum()) + expected * firm
        learnt[comparison.role] = min(tied / (float(told.sum()) + firm), expected * TIGHTEST)
    return learnt


def _told_apart(comparisons: Sequence[Comparison], seen: Evidence, k: int) -> npt.NDArray[np.bool_]:
    """Pairs that tell how often relatives agree on a field: a given name where dates of birth are told, and
    the other way round, for without them a father and a son of one name are like one person."""
    needed = {comparisons[k].role} | (PERSONAL if comparisons[k].role in PERSONAL else set())
    fields = [j for j, comparison in enumerate(comparisons) if comparison.role in needed]
    if not needed <= {comparisons[j].role for j in fields}:
        return np.zeros(len(seen.levels), np.bool_)
    return np.asarray((seen.levels[:, fields] >= 0).all(axis=1), np.bool_)


def _homes(comparisons: Sequence[Comparison], seen: Evidence) -> Floats:
    """Pairs that each pair stands for where relatives are counted: those whose address or telephone is told
    stand for the others, for without a home relatives cannot be told from bearers of one family name."""
    told = [k for k, comparison in enumerate(comparisons) if comparison.role in HOMES]
    if not told:
        return seen.mass
    known = np.where((seen.levels[:, told] >= 0).any(axis=1), seen.mass, 0.0)
    return known * (float(seen.mass.sum()) / max(float(known.sum()), FLOOR))


def _kinds(
    share: Mapping[str, Floats], mass: Floats, expected: Mapping[str, float], homes: Floats
) -> dict[str, float]:
    """Shares of all pairs, drawn towards the expected ones."""
    counts = {kind: float((share[kind] * mass).sum()) for kind in expected}
    one = sum(counts[kind] for kind in ONE_PERSON if kind in counts)
    if "pseudonym" in counts:
        part = (counts["pseudonym"] + FALSE_NAMES * FALSE_NAME_PAIRS) / (one + FALSE_NAME_PAIRS)
        counts |= {"same": one * (1 - part), "pseudonym": one * part}
    if "household" in counts:
        counts["household"] = float((share["household"] * homes).sum())
        counts["household"] += RELATIVES * RELATIVE_PAIRS * one / (one + RELATIVE_PAIRS)
    total = float(mass.sum()) + KIND_PAIRS
    return {
        kind: max((counts[kind] + expected[kind] * KIND_PAIRS) / total, SMALLEST_KIND) for kind in expected
    }


def _counts(level: Levels, mass: Floats, size: int) -> Floats:
    said = level >= 0
    counts = np.bincount(level[said].astype(np.intp), weights=mass[said], minlength=size)
    return counts.astype(np.float64)


def _of_one_person(
    comparison: Comparison, level: Levels, prior: Floats, same: Floats, mass: Floats
) -> Floats:
    """Frequency of each level among one person's pairs.

    A pair is no witness in its own case: of each level, what its pairs count for by themselves is left out.
    A given name or a date that is wholly another counts the less, the fewer errors of all sorts there are.

    Args:
        comparison: whose levels.
        level: of each row.
        prior: pairs added to each level.
        same: P(one person) of each row.
        mass: pairs that each row stands for.
    """
    size = len(comparison.levels)
    counts = _counts(level, same * mass, size)
    counts -= _counts(level, same**2 * mass, size) / np.maximum(counts, FLOOR)
    counts = np.maximum(counts, 0.0)
    if comparison.role in PERSONAL:
        errors = float((counts + prior)[1:].sum())
        counts[-1] *= errors / (errors + ERRORS)
    counts += prior
    return _bounded(counts / counts.sum(), comparison.unlike)


def _bounded(shares: Floats, unlike: float) -> Floats:
    """The last level lowered to its bound, the others raised in proportion."""
    if shares[-1] <= unlike:
        return shares
    rest = shares[:-1] / max(float(shares[:-1].sum()), FLOOR)
    return np.append(rest * (1 - unlike), unlike)
