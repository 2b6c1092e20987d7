"""Parameters of `holders`: a TOML file, checked against the kinds of evidence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parloir.errors import InputError
from parloir.holders.activity import Life
from parloir.holders.kinds import KINDS, Common, Mixture
from parloir.weights.bits import Bounds

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """What a weighing of holders starts from.

    Attributes:
        ratios: for each kind how many times likelier the regular user shows each code than others there; the
            chance of each code, where it is the user's own doing.
        mixtures: draws of correspondents, of which the likeliest is taken.
        common: when a number tells nothing.
        sample: handsets, at least and at most, that this choice rests on; the first draw is taken for fewer.
        start: probabilities of the points of the mixture: h, g and habit.
        powers, power: γ that may be learnt, and where it stands (see `NumberEvidence.mixed`).
        prior_none: π_0.
        strength: handsets that a starting value counts for.
        rounds, folds: of learning, from `learn_from` handsets at most.
        smoothing: candidates that the pooled share of a level counts for.
        rarity_strength, numbers_in_use: see `contacts.rarity`.
        fusion: coefficient of each kind's weight.
        place: where a handset lies, and how many finds that counts for (see `places`).
        unseen: share of handsets that no record shows, and how many finds that counts for.
        find_rate: q, that a search finds a handset that is there.
        life: of handsets.
        bought_for: that the buyer is a registered visitor; that an order is for nobody in prison.
        inside: probability of being used in detention under which a handset is left alone.
        candidates, floor: how many candidates of a handset are written, and down to which posterior those
            whom the evidence does not raise over their prior.
        bounds: of a reported weight.
        raw: the file, for the run's record.
    """

    ratios: Mapping[str, Floats]
    mixtures: tuple[Mixture, ...]
    common: Common
    sample: tuple[int, int]
    start: Floats
    powers: Floats
    power: float
    prior_none: float
    strength: float
    rounds: int
    learn_from: int
    folds: int
    smoothing: float
    rarity_strength: float
    numbers_in_use: float
    fusion: Mapping[str, float]
    place: Mapping[str, float]
    unseen: Mapping[str, float]
    find_rate: float
    life: Life
    bought_for: Mapping[str, float]
    inside: float
    candidates: int
    floor: float
    bounds: Bounds
    raw: Mapping[str, Any]


def load_parameters(path: Path | None = None) -> Parameters:
    """Read the parameters that come with Parloir, or a file of the same form.

    Raises:
        InputError: a kind, stratum or level is missing, or a distribution does not sum to 1.
    """
    text = (path or files("parloir.holders").joinpath("parameters.toml")).read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    draw = raw["correspondents"]
    return Parameters(
        ratios={kind.scale.name: _ratios(raw, kind.scale.name, kind.scale.strata) for kind in KINDS},
        mixtures=tuple(_mixture(draw, p, a) for p in draw["pooled"] for a in draw["others"]),
        common=Common(draw["common_share"], draw["common_count"]),
        sample=tuple(draw["sample"]),
        start=_points(draw),
        powers=np.array(draw["powers"], dtype=np.float64),
        power=1.0,
        prior_none=raw["prior"]["none"],
        strength=raw["prior"]["strength"],
        rounds=raw["prior"]["rounds"],
        learn_from=raw["prior"]["learn_from"],
        folds=raw["prior"]["folds"],
        smoothing=raw["background"]["smoothing"],
        rarity_strength=draw["rarity_strength"],
        numbers_in_use=draw["numbers_in_use"],
        fusion=raw["fusion"],
        place=raw["place"],
        unseen=raw["unseen"],
        find_rate=raw["place"]["find_rate"],
        life=Life(raw["life"]["days"], raw["life"]["pause"]),
        bought_for=raw["bought_for"],
        inside=raw["leads"]["inside"],
        candidates=raw["leads"]["candidates"],
        floor=raw["leads"]["floor"],
        bounds=Bounds(raw["bounds"]["low"], raw["bounds"]["high"]),
        raw=raw,
    )


def _mixture(draw: Mapping[str, Any], pooled: float, others: float) -> Mixture:
    return Mixture(
        called=tuple(draw["called"]),
        lent=tuple(draw["lent"]),
        lent_start=tuple(draw["lent_start"]),
        habits=tuple((own, lent) for own, lent in draw["habits"]),
        mate=draw["mate"],
        others=others,
        pooled=pooled,
    )


def _points(draw: Mapping[str, Any]) -> Floats:
    """Probabilities of the points of the mixture."""
    called, lent, habits = (_shares(draw, name) for name in ("called", "lent", "habits"))
    return np.asarray(np.einsum("h,g,k->hgk", called, lent, habits).ravel())


def _ratios(raw: Mapping[str, Any], kind: str, strata: tuple[tuple[str, tuple[str, ...]], ...]) -> Floats:
    """Of every code; chances where the level is the user's own doing."""
    own = kind in raw["chances"]
    section, read = ("chances", _distribution) if own else ("ratios", _positive)
    table = raw[section].get(kind, {})
    return np.concatenate(
        [read(table.get(name), len(levels), f"{section}.{kind}.“{name}”") for name, levels in strata]
    )


def _positive(values: Any, size: int, where: str) -> Floats:
    if not isinstance(values, list) or len(values) != size or min(values) <= 0:
        raise InputError(f"needs {size} numbers above 0", where=f"parameter {where}", do="correct the file")
    return np.array(values, dtype=float)


def _shares(draw: Mapping[str, Any], name: str) -> Floats:
    return _distribution(draw[f"{name}_start"], len(draw[name]), f"correspondents.{name}_start")


def _distribution(values: Any, size: int, where: str) -> Floats:
    numbers = _positive(values, size, where)
    if abs(numbers.sum() - 1) > 1e-6:
        raise InputError(
            "needs probabilities that sum to 1", where=f"parameter {where}", do="correct the file"
        )
    return numbers
