"""Parameters of weighing: what is expected before the records are read, and how weights are fused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parloir.errors import InputError
from parloir.presence.aggregates import Dwell
from parloir.presence.classes import classes
from parloir.presence.plain import SHARED, Sum, names, plain_kinds
from parloir.weights.fusion import Fusion, naive

Floats = NDArray[np.float64]
JOINT = "joint"
"""The component that joins all kinds through the classes of device: the weight that they have together."""


@dataclass(frozen=True)
class Parameters:
    """Everything a run of presence depends on besides its evidence; stored with the run.

    Attributes:
        shares: expected P(class), shape (classes,).
        priors: pseudo-cases of every single kind, by name, shape (classes, levels).
        concentration: how alike prisons are, in cases.
        fusion: of the kinds' weights and the `JOINT` weight.
        plain: the plain sum, fitted on drawn worlds.
        count_spread: standard deviation of the logarithm of a prison's true count round the expected one,
            beyond what the posteriors themselves leave open.
        dwell: the prefilter.
        least_probability: below, a handset reaches no finding: it is only counted.
        source: what the parameters were fitted on, in words.
    """

    shares: Floats
    priors: dict[str, Floats]
    concentration: float
    fusion: Fusion
    plain: Sum
    count_spread: float
    dwell: Dwell = field(default_factory=Dwell)
    least_probability: float = 0.01
    source: str = "expectation alone"

    def to_json(self) -> str:
        """Canonical text: the same parameters give the same bytes."""
        value = {
            "shares": _rounded(self.shares),
            "priors": {name: _rounded(table) for name, table in sorted(self.priors.items())},
            "concentration": self.concentration,
            "fusion": _as_json(self.fusion),
            "plain": {
                "tables": {
                    name: np.round(table, 6).tolist()
                    for name, table in zip(names(), self.plain.tables, strict=True)
                },
                "fusion": _as_json(self.plain.fusion),
            },
            "count_spread": self.count_spread,
            "dwell": {
                "least_records": self.dwell.least_records,
                "least_days": self.dwell.least_days,
                "offset_min": self.dwell.offset_min,
            },
            "least_probability": self.least_probability,
            "source": self.source,
        }
        return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Read what `to_json` wrote.

        Raises:
            InputError: it is something else.
        """
        try:
            value = json.loads(text)
            plain = value["plain"]
            tables = tuple(np.array(plain["tables"][name]) for name in names())
            return cls(
                np.array(value["shares"]),
                {name: np.array(table) for name, table in value["priors"].items()},
                float(value["concentration"]),
                _from_json(value["fusion"]),
                Sum(tables, _from_json(plain["fusion"])),
                float(value["count_spread"]),
                Dwell(**value["dwell"]),
                float(value["least_probability"]),
                str(value["source"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"these are no parameters of presence ({error})", do="give a file that `learn` wrote"
            ) from error


def _plain() -> Fusion:
    """What the kinds say together, as it is."""
    kinds = fused_kinds()
    return Fusion(kinds, 0.0, tuple(1.0 if kind == JOINT else 0.0 for kind in kinds))


def fused_kinds() -> tuple[str, ...]:
    """Names of what is fused: the kinds that are weighed, then `JOINT`."""
    return (*(kind.name for kind in classes().kinds), JOINT)


def flat_sum() -> Sum:
    """The plain sum before any world was seen: no level weighs anything."""
    sizes = [len(classes().singles[name].levels) for name in SHARED]
    sizes += [len(kind.levels) for kind in plain_kinds()]
    return Sum(tuple(np.full((2, size), 1.0 / size) for size in sizes), naive(names()))


def expected() -> Parameters:
    """Before anything was fitted: `data/classes.toml` and plain addition."""
    known = classes()
    priors = {name: kind.expected * known.strength for name, kind in known.singles.items()}
    return Parameters(known.shares, priors, known.concentration, _plain(), flat_sum(), 0.1)


@cache
def default() -> Parameters:
    """The package's own parameters; `source` says what they were fitted on."""
    own = files("parloir.presence") / "data" / "parameters.json"
    return Parameters.from_json(own.read_text(encoding="utf-8")) if own.is_file() else expected()


def load(path: Path) -> Parameters:
    """Parameters from a file.

    Raises:
        InputError: the file cannot be read as parameters.
    """
    try:
        return Parameters.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "these parameters cannot be read", where=str(path), do="give a file that `learn` wrote"
        ) from error


def with_dwell(parameters: Parameters, dwell: Dwell) -> Parameters:
    """The same with another prefilter."""
    return replace(parameters, dwell=dwell)


def _as_json(fusion: Fusion) -> dict[str, object]:
    return {"kinds": fusion.kinds, "offset": fusion.offset, "coefficients": fusion.coefficients}


def _from_json(value: Mapping[str, Any]) -> Fusion:
    return Fusion(tuple(value["kinds"]), float(value["offset"]), tuple(value["coefficients"]))


def _rounded(values: Floats) -> list[float] | list[list[float]]:
    return np.round(values, 6).tolist()  # type: ignore[no-any-return]
