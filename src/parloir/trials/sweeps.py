"""The values that a parameter is swept over."""

from __future__ import annotations

from parloir.errors import InputError
from parloir.simulation import catalogue_of_parameters


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
