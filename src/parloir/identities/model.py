"""The model: one person's records against every way in which two people's records come to look alike.

Each kind of pair has its own share of all pairs and its own frequency of every level:

    same         one person: m, learnt from the data, starting from the comparisons' own expectation
    strangers    two people taken at random: u, from a sample of all pairs
    household    relatives under one roof: they share family name, address, perhaps the telephone
    namesakes    two people with one name and nothing else in common
    neighbours   two people in one place: the postcode and the city go together

The last three mix m and u by `SHARES`, so dependent fields are not counted twice: an address that comes with the
family name adds little once a household explains both. Learning is expectation–maximisation over the compared
pairs and a weighted sample of all others, that is over all pairs, so no blocking rule biases u or the prior.
Parameters are rounded to 1e-6 before use; numbers are summed in a fixed order, so runs agree to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parloir.identities.comparisons import Comparison

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

SHARES: Mapping[str, Mapping[str, float]] = {
    "household": {
        "family": 0.85, "address": 0.9, "postcode": 1.0, "city": 1.0, "region": 1.0, "phone": 0.4, "email": 0.1,
        "given": 0.03, "birth": 0.02, "birth_place": 0.4, "name_order": 1.0, "occupation": 0.1,
    },
    "namesakes": {"given": 1.0, "family": 1.0, "name_order": 1.0, "sex": 1.0},
    "neighbours": {"postcode": 0.8, "city": 1.0, "region": 1.0, "address": 0.05, "birth_place": 0.3, "name_order": 1.0},
}  # fmt: skip
"""Share of such pairs that agree on a field as one person's records do; the others agree by chance. Assumed: a
father and son of one name in 3 of 100 pairs under one roof, twins in 2 of 100, one line or mobile shared in 40."""
NEEDS = {"household": ({"family"}, {"address", "phone", "postcode"}), "namesakes": ({"given"}, {"family"}), "neighbours": ({"postcode", "address"}, {"city", "region"})}  # fmt: skip
"""A kind is weighed when each of its sets has a field that is compared."""
PRIOR_PAIRS = 20.0
"""Weight of the expectation in m, in pairs: data of a few true pairs barely move it."""
FLOOR = 1e-6
STEPS = 40
SMALLEST_KIND = 1e-9


@dataclass(frozen=True)
class Model:
    """Parameters, rounded to 1e-6 (shares of kinds, which are smaller, to 6 digits).

    Attributes:
        same: comparison → frequency of each level among one person's pairs.
        strangers: comparison → the same among pairs taken at random.
        expected: comparison → mean frequency of the value agreed upon, by chance.
        kinds: kind → share of all pairs; `same` is the prior.
    """

    same: Mapping[str, tuple[float, ...]]
    strangers: Mapping[str, tuple[float, ...]]
    kinds: Mapping[str, float]


@dataclass(frozen=True)
class Evidence:
    """Pairs and what was seen on them.

    Attributes:
        levels: shape (pairs, comparisons), -1 where nothing is said.
        rarity: bits added to a level because the value is rare, same shape; 0 where not.
        mass: pairs that each row stands for, shape (pairs,).
        maybe: whether the row can be one person; shape (pairs,). Sampled rows that no rule found cannot.
    """

    levels: Levels
    rarity: npt.NDArray[np.float32]
    mass: Floats
    maybe: npt.NDArray[np.bool_]


def start(comparisons: Sequence[Comparison], strangers: Mapping[str, Floats], prior: float) -> Model:
    """The model before learning."""
    fields = {c.role for c in comparisons}
    kinds = {kind: prior for kind, needs in NEEDS.items() if all(need & fields for need in needs)}
    # Names alone cannot tell one person from a namesake: there must be something else to compare.
    if not fields - {"given", "family", "name_order", "sex"}:
        kinds.pop("namesakes", None)
    if "neighbours" in kinds:
        kinds["neighbours"] = 10 * prior
    return Model(
        {c.name: tuple(level.same / sum(x.same for x in c.levels) for level in c.levels) for c in comparisons},
        {name: tuple(_floored(shares)) for name, shares in strangers.items()},
        {"same": prior, **kinds},
    )


def _floored(shares: Floats) -> list[float]:
    raised = np.maximum(shares, FLOOR)
    return [float(x) for x in raised / raised.sum()]


def log_likelihoods(model: Model, comparisons: Sequence[Comparison], seen: Evidence) -> dict[str, Floats]:
    """Natural logarithm of P(levels | kind) for each pair, by kind; `strangers` is one of them.

    A value's rarity divides its chance agreement: that is how `rarity` enters every kind but `same`.
    """
    total = {kind: np.zeros(len(seen.levels)) for kind in ("same", "strangers", *_alternatives(model))}
    for k, comparison in enumerate(comparisons):
        level = seen.levels[:, k].astype(np.intp)
        said = level >= 0
        same = np.asarray(model.same[comparison.name])[level]
        chance = np.asarray(model.strangers[comparison.name])[level] * np.exp2(-seen.rarity[:, k])
        total["same"] += np.where(said, np.log(same), 0.0)
        total["strangers"] += np.where(said, np.log(chance), 0.0)
        for kind in _alternatives(model):
            share = SHARES[kind].get(comparison.role, 0.0)
            total[kind] += np.where(said, np.log(share * same + (1 - share) * chance), 0.0)
    return total


def _alternatives(model: Model) -> list[str]:
    return [kind for kind in model.kinds if kind != "same"]


def log_shares(model: Model) -> dict[str, float]:
    """Natural logarithm of each kind's share of all pairs."""
    strangers = max(1.0 - sum(model.kinds.values()), 0.5)
    return {kind: float(np.log(share)) for kind, share in {**model.kinds, "strangers": strangers}.items()}


def belongs(model: Model, comparisons: Sequence[Comparison], seen: Evidence) -> dict[str, Floats]:
    """P(kind | levels) for each pair."""
    likelihoods, shares = log_likelihoods(model, comparisons, seen), log_shares(model)
    joint = {kind: likelihood + shares[kind] for kind, likelihood in likelihoods.items()}
    joint["same"] = np.where(seen.maybe, joint["same"], -np.inf)
    top = np.maximum.reduce(list(joint.values()))
    mass = {kind: np.exp(value - top) for kind, value in joint.items()}
    total = np.add.reduce(list(mass.values()))
    return {kind: value / total for kind, value in mass.items()}


def learn(model: Model, comparisons: Sequence[Comparison], seen: Evidence, steps: int = STEPS) -> Model:
    """Expectation–maximisation until the prior moves by less than one in a thousand."""
    expected = dict(model.same)
    for _ in range(steps):
        before = model.kinds["same"]
        model = _step(model, comparisons, seen, expected)
        if abs(model.kinds["same"] / before - 1) < 1e-3:
            break
    return rounded(model)


def _step(model: Model, comparisons: Sequence[Comparison], seen: Evidence, expected: Mapping[str, tuple[float, ...]]) -> Model:
    share = belongs(model, comparisons, seen)
    all_pairs = float(seen.mass.sum())
    same, strangers = share["same"] * seen.mass, share["strangers"] * seen.mass
    new_same, new_strangers = {}, {}
    for k, comparison in enumerate(comparisons):
        level, size = seen.levels[:, k], len(comparison.levels)
        prior = np.asarray(expected[comparison.name]) * PRIOR_PAIRS
        new_same[comparison.name] = tuple(_floored(_shares(level, same, size, prior)))
        by_chance = np.asarray(model.strangers[comparison.name]) * PRIOR_PAIRS
        new_strangers[comparison.name] = tuple(_floored(_shares(level, strangers, size, by_chance)))
    kinds = {kind: max(float((share[kind] * seen.mass).sum()) / all_pairs, SMALLEST_KIND) for kind in model.kinds}
    return replace(model, same=new_same, strangers=new_strangers, kinds=kinds)


def _shares(level: Levels, mass: Floats, size: int, prior: Floats) -> Floats:
    said = level >= 0
    counts = np.bincount(level[said].astype(np.intp), weights=mass[said], minlength=size) + prior
    shares: Floats = counts / counts.sum()
    return shares


def rounded(model: Model) -> Model:
    """To 1e-6, or to six digits for what is smaller."""
    return Model(
        {name: tuple(max(round(x, 6), FLOOR) for x in shares) for name, shares in model.same.items()},
        {name: tuple(max(round(x, 6), FLOOR) for x in shares) for name, shares in model.strangers.items()},
        {kind: float(f"{share:.6g}") for kind, share in model.kinds.items()},
    )


def bits(model: Model, comparisons: Sequence[Comparison], seen: Evidence) -> tuple[Floats, Floats]:
    """Bits of each comparison against strangers, shape (pairs, comparisons), and of the alternative, shape (pairs,).

    The alternative's bits are what a household, namesakes or neighbours take away: never above 0 by more than the
    strangers' own share. The weight of a pair is the sum of all.
    """
    table = np.zeros(seen.levels.shape)
    for k, comparison in enumerate(comparisons):
        level = seen.levels[:, k].astype(np.intp)
        ratio = np.log2(np.asarray(model.same[comparison.name])) - np.log2(np.asarray(model.strangers[comparison.name]))
        table[:, k] = np.where(level >= 0, ratio[level] + seen.rarity[:, k], 0.0)
    likelihoods, shares = log_likelihoods(model, comparisons, seen), log_shares(model)
    others = [likelihoods[kind] + shares[kind] for kind in likelihoods if kind != "same"]
    against = np.logaddexp.reduce(others, axis=0) - np.log1p(-model.kinds["same"])
    return table, (likelihoods["strangers"] - against) / np.log(2)
