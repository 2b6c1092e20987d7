"""The model: one person's records against every way in which two people's records come to look alike.

Each kind of pair has its own share of all pairs and its own frequency of every level:

    same         one person: m, learnt from the data, starting from the comparisons' own expectation
    pseudonym    one person under another name: everything but the name agrees as it would
    strangers    two people taken at random: u, from a sample of all pairs
    household    relatives under one roof: they share family name, address, perhaps the telephone
    namesakes    two people with one name and nothing else in common
    neighbours   two people in one place: the postcode and the city go together

The last three mix m and u by their ties, so dependent fields are not counted twice: an address that comes
with the family name adds little once a household explains both. How often relatives share a given name or a
telephone, and people of one town a house, differs from file to file, so ties are learnt too. Learning
(`maximising.py`) is over the compared pairs and a weighted sample of all others, that is over all pairs, so
no blocking rule biases u or the prior.
Parameters are rounded to six digits before use; numbers are summed in a fixed order: runs agree to the bit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from parloir.identities.levels import Comparison

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

_KINDS = tomllib.loads(files("parloir.identities").joinpath("data/kinds.toml").read_text("utf-8"))
SHARES: Mapping[str, Mapping[str, float]] = {kind: one["shares"] for kind, one in _KINDS.items()}
"""Ties before learning: kind → role → share of such pairs that agree on it as one person's records do."""
NEEDS: Mapping[str, tuple[set[str], ...]] = {
    kind: tuple(set(need) for need in one["needs"]) for kind, one in _KINDS.items()
}
COINCIDENCES = frozenset(kind for kind, one in _KINDS.items() if one.get("coincidence"))
"""Kinds that agree by chance, so on rare values rarely: a rare name's bearers are seldom two people."""
ONE_PERSON = ("same", "pseudonym")
NEIGHBOURS = 0.02
"""Where learning starts: high, so that people of one town are not taken for one person before it has
begun."""
FALSE_NAMES = 0.02
"""Expected share of pseudonyms among one person's pairs. Assumed."""
FLOOR = 1e-7
"""Least share of a level."""


@dataclass(frozen=True)
class Model:
    """Parameters, rounded to six digits.

    Attributes:
        same: comparison → frequency of each level among one person's pairs.
        strangers: comparison → the same among pairs taken at random.
        expected: comparison → mean frequency of the value agreed upon, by chance.
        kinds: kind → share of all pairs; `same` is the prior.
        ties: kind → role → share of such pairs that agree on it as one person's records do.
    """

    same: Mapping[str, tuple[float, ...]]
    strangers: Mapping[str, tuple[float, ...]]
    kinds: Mapping[str, float]
    ties: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: SHARES)


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


def joined(parts: Sequence[Evidence]) -> Evidence:
    """Several pieces of evidence as one."""
    return Evidence(
        np.concatenate([part.levels for part in parts]),
        np.concatenate([part.rarity for part in parts]),
        np.concatenate([part.mass for part in parts]),
        np.concatenate([part.maybe for part in parts]),
    )


def condensed(seen: Evidence) -> Evidence:
    """The same evidence with like rows as one, rarity to the nearest half bit: for learning only."""
    rarity = np.round(seen.rarity * 2) / 2
    columns = np.concatenate(
        [seen.levels, (rarity * 2).astype(np.int8), seen.maybe[:, None].astype(np.int8)], axis=1
    )
    keys = np.ascontiguousarray(columns).view(np.dtype((np.void, columns.shape[1]))).ravel()
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    mass = np.bincount(place, weights=seen.mass, minlength=len(first)).astype(np.float64)
    return Evidence(seen.levels[first], rarity[first].astype(np.float32), mass, seen.maybe[first])


def start(comparisons: Sequence[Comparison], strangers: Mapping[str, Floats], prior: float) -> Model:
    """The model before learning."""
    fields = {c.role for c in comparisons}
    fewer = {"pseudonym": FALSE_NAMES * prior, "neighbours": NEIGHBOURS}
    kinds = {
        kind: fewer.get(kind, prior) for kind, needs in NEEDS.items() if all(need & fields for need in needs)
    }
    # Names alone cannot tell one person from a namesake: there must be something else to compare.
    if not fields - {"given", "family", "name_order", "sex"}:
        kinds.pop("namesakes", None)
    return Model(
        {
            c.name: tuple(level.same / sum(x.same for x in c.levels) for level in c.levels)
            for c in comparisons
        },
        {
            c.name: (1.0,) * len(c.levels) if c.chosen else tuple(floored(strangers[c.name]))
            for c in comparisons
        },
        {"same": prior, **kinds},
    )


def floored(shares: Floats) -> list[float]:
    """Shares of which none is below the least, summing to one."""
    raised = np.maximum(shares, FLOOR)
    return [float(x) for x in raised / raised.sum()]


def log_likelihoods(model: Model, comparisons: Sequence[Comparison], seen: Evidence) -> dict[str, Floats]:
    """Natural logarithm of P(levels | kind) for each pair, by kind; `strangers` is one of them.

    A value's rarity divides every agreement by chance: one person's records agree on a value as often as it
    occurs, two people's as often as the square of that.
    """
    total = {kind: np.zeros(len(seen.levels)) for kind in ("same", "strangers", *_alternatives(model))}
    for k, comparison in enumerate(comparisons):
        level = seen.levels[:, k].astype(np.intp)
        said = level >= 0
        same = np.asarray(model.same[comparison.name])[level]
        rare = np.exp2(-seen.rarity[:, k])
        chance = np.asarray(model.strangers[comparison.name])[level] * rare
        total["same"] += np.where(said, np.log(same), 0.0)
        total["strangers"] += np.where(said, np.log(chance), 0.0)
        for kind in _alternatives(model):
            share = model.ties[kind].get(comparison.role, 0.0)
            shared = np.minimum(same * rare, 1.0) if kind in COINCIDENCES else same
            total[kind] += np.where(said, np.log(share * shared + (1 - share) * chance), 0.0)
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
    for kind in ONE_PERSON:
        if kind in joint:
            joint[kind] = np.where(seen.maybe, joint[kind], -np.inf)
    top = np.maximum.reduce(list(joint.values()))
    mass = {kind: np.exp(value - top) for kind, value in joint.items()}
    total = np.add.reduce(list(mass.values()))
    return {kind: value / total for kind, value in mass.items()}


def rounded(model: Model) -> Model:
    """To six digits."""
    return Model(
        {name: tuple(_six(max(x, FLOOR)) for x in shares) for name, shares in model.same.items()},
        {name: tuple(_six(max(x, FLOOR)) for x in shares) for name, shares in model.strangers.items()},
        {kind: _six(share) for kind, share in model.kinds.items()},
        {kind: {role: _six(share) for role, share in ties.items()} for kind, ties in model.ties.items()},
    )


def _six(share: float) -> float:
    return float(f"{share:.6g}")


def mixed_chance(model: Model, comparison: Comparison) -> tuple[Floats, Floats]:
    """Frequency of each level among all pairs of two people, of whatever kind, in two parts: what they
    share as one person's records would, and what chance gives, which a value's rarity divides."""
    kinds = {kind: share for kind, share in log_shares(model).items() if kind not in ONE_PERSON}
    weights = {kind: float(np.exp(share)) for kind, share in kinds.items()}
    total = sum(weights.values())
    shares = {k: w / total * model.ties.get(k, {}).get(comparison.role, 0.0) for k, w in weights.items()}
    chance = sum(share for kind, share in shares.items() if kind in COINCIDENCES)
    ties = sum(shares.values()) - chance
    same, strangers = np.asarray(model.same[comparison.name]), np.asarray(model.strangers[comparison.name])
    return ties * same, chance * same + (1 - ties - chance) * strangers


@dataclass(frozen=True)
class Bits:
    """The weight of each pair, in parts that sum to it.

    Attributes:
        fields: of each comparison by itself, one person against two; shape (pairs, comparisons).
        alternative: what changes because relatives, namesakes and neighbours agree on several fields at once;
            shape (pairs,).
        pseudonym: what the possibility of a false name gives back; shape (pairs,).
        relatives: P(relatives under one roof | levels, two people); shape (pairs,). No part of the weight.
    """

    fields: Floats
    alternative: Floats
    pseudonym: Floats
    relatives: Floats


def bits(model: Model, comparisons: Sequence[Comparison], seen: Evidence) -> Bits:
    """log2 P(levels | one person) / P(levels | two people), in parts."""
    fields = np.zeros(seen.levels.shape)
    for k, comparison in enumerate(comparisons):
        level = seen.levels[:, k].astype(np.intp)
        alike, chance = mixed_chance(model, comparison)
        two_people = alike[level] + chance[level] * np.exp2(-seen.rarity[:, k])
        ratio = np.asarray(model.same[comparison.name])[level] / two_people
        fields[:, k] = np.where(level >= 0, np.log2(ratio), 0.0)
    likelihoods, shares = log_likelihoods(model, comparisons, seen), log_shares(model)

    def mixed(kinds: list[str]) -> Floats:
        total = np.logaddexp.reduce([likelihoods[kind] + shares[kind] for kind in kinds], axis=0)
        return np.asarray(total - np.logaddexp.reduce([shares[kind] for kind in kinds]), np.float64)

    one = mixed([kind for kind in likelihoods if kind in ONE_PERSON])
    two = mixed([kind for kind in likelihoods if kind not in ONE_PERSON])
    together = (likelihoods["same"] - two) / np.log(2) - fields.sum(axis=1)
    kin = np.zeros(len(two))
    if "household" in likelihoods:
        others = np.logaddexp.reduce([shares[kind] for kind in shares if kind not in ONE_PERSON])
        kin = np.exp(likelihoods["household"] + shares["household"] - others - two)
    return Bits(fields, together, (one - likelihoods["same"]) / np.log(2), kin)


def usual_bits(model: Model, comparison: Comparison) -> Floats:
    """Bits of each level for a value of usual frequency."""
    alike, chance = mixed_chance(model, comparison)
    return np.asarray(np.log2(np.asarray(model.same[comparison.name]) / (alike + chance)), np.float64)


def level_bits(model: Model, comparison: Comparison) -> dict[str, float]:
    """The same by the name of the level."""
    names = (level.name for level in comparison.levels)
    return dict(zip(names, usual_bits(model, comparison).tolist(), strict=True))


def prior(model: Model) -> float:
    """Share of all pairs that are one person."""
    return sum(share for kind, share in model.kinds.items() if kind in ONE_PERSON)
