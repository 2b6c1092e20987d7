"""One parameter swept, everything else as it was: how each score moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from parloir.errors import InputError
from parloir.simulation import catalogue_of_parameters
from parloir.trials.weighed import Scores, Setting, build, score


@dataclass(frozen=True, slots=True)
class Swept:
    """The scores at one value of a parameter."""

    value: float
    scores: Scores


def values_of(parameter: str, count: int = 3) -> list[float]:
    """Values over the range of a parameter, evenly, both ends among them.

    Raises:
        InputError: no such parameter.
    """
    for known in catalogue_of_parameters():
        if known.name == parameter:
            step = (known.high - known.low) / max(count - 1, 1)
            return [round(known.low + k * step, 6) for k in range(count)]
    raise InputError(f"there is no parameter “{parameter}”", do="write section.name as parameters.toml does")


def sweep(parameter: str, home: Path, setting: Setting, values: Sequence[float] | None = None) -> list[Swept]:
    """Build, weigh and score a world at each value (by default three over the parameter's range)."""
    found = []
    for value in values if values is not None else values_of(parameter):
        world = build(replace(setting, overrides={**setting.overrides, parameter: f"{value:g}"}), home)
        found.append(Swept(value, score(world)))
    return found
