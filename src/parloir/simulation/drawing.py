"""Worlds of another make-up: every doubtful parameter drawn at random from a wide range (drawn.toml).

What is fitted on one make-up leans on it. A draw is a number: the same number gives the same parameters
always, and the value of one never depends on the others.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from parloir.errors import InputError
from parloir.simulation.streams import stream

SCALES = ("even", "log")


@dataclass(frozen=True, slots=True)
class Range:
    """From where to where a parameter is drawn, evenly on its scale of `SCALES`; its source or `assumed`.

    `none` is the share of draws in which it is 0 instead.
    """

    name: str
    low: float
    high: float
    scale: str
    source: str
    none: float = 0.0

    def draw(self, draw: int) -> float:
        """Its value in a draw."""
        die = float(stream(draw, "drawn", self.name).random())
        if die < self.none:
            return 0.0
        die = (die - self.none) / (1 - self.none)
        if self.scale == "even":
            return self.low + die * (self.high - self.low)
        return math.exp(math.log(self.low) + die * (math.log(self.high) - math.log(self.low)))


@cache
def ranges() -> tuple[Range, ...]:
    """Every range, in the order of the file, named as the parameters are (`days` by itself)."""
    document = tomllib.loads((files("parloir.simulation") / "drawn.toml").read_text(encoding="utf-8"))
    return tuple(
        Range(name if section == "size" else f"{section}.{name}", **entry)
        for section, entries in document.items()
        for name, entry in entries.items()
    )


def drawn(draw: int) -> Mapping[str, str]:
    """Overrides of every doubtful parameter by a draw's number, for `write_nation`; none for draw 0.

    Raises:
        InputError: a negative number.
    """
    if draw < 0:
        raise InputError(f"there is no draw {draw}", do="give a number from 1, or 0 for the usual make-up")
    return {known.name: f"{known.draw(draw):.6g}" for known in ranges()} if draw else {}
