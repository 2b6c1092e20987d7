"""The parameters of a world: one TOML file, each with its source and range, and what the caller overrides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from parloir.errors import InputError


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its value in use, the range that sweeps go through, its source or `assumed`."""

    name: str
    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is: prisons, days of network records, and inmates in all (0 = as published)."""

    name: str
    prisons: int
    days: int
    inmates: int = 0


@dataclass(frozen=True)
class Parameters:
    """The values of one world by name, `section.name`."""

    values: Mapping[str, float]
    size: Size
    seed: int
    overrides: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def error(self, name: str) -> float:
        """An error rate, multiplied by the knob `world.noise`, 0.95 at most."""
        return min(0.95, self.values[name] * self.values["world.noise"])

    def missing(self, name: str) -> float:
        """A share that is missing, multiplied by the knob `world.missingness`, 0.95 at most."""
        return min(0.95, self.values[name] * self.values["world.missingness"])

    @property
    def dependent(self) -> bool:
        """Whether people share contacts, visitors and handsets."""
        return self.values["world.dependent"] > 0.5

    def shared(self, name: str) -> float:
        """A parameter that exists in the dependent world only, else 0."""
        return self.values[name] if self.dependent else 0.0


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((files("parloir.simulation") / "parameters.toml").read_text(encoding="utf-8"))


@cache
def catalogue_of_parameters() -> tuple[Parameter, ...]:
    """Every parameter with its default, in the order of the file."""
    return tuple(
        Parameter(
            f"{section}.{name}",
            float(entry["value"]),
            float(entry["range"][0]),
            float(entry["range"][1]),
            entry["source"],
        )
        for section, entries in _document().items()
        if section != "sizes"
        for name, entry in entries.items()
    )


def sizes() -> tuple[str, ...]:
    """The names of the sizes, smallest first."""
    return tuple(_document()["sizes"])


def load(size: str, seed: int, overrides: Mapping[str, str]) -> Parameters:
    """Defaults with overrides by full name (`handsets.prevalence`) or by its last part where that is unique.

    Raises:
        InputError: no such size or parameter, or a value that is no number or lies beyond what can be.
    """
    known = {p.name: p for p in catalogue_of_parameters()}
    values = {p.name: p.value for p in known.values()}
    chosen = dict(_size(size))
    for name, text in overrides.items():
        if name in _COUNTS:
            chosen[name] = int(_within(name, text, *_COUNTS[name]))
        else:
            full = _full_name(name, values)
            values[full] = _within(full, text, *_bounds(known[full]))
    return Parameters(values, Size(size, **chosen), seed, dict(overrides))


_COUNTS = {"prisons": (1.0, 186.0), "days": (1.0, 365.0), "inmates": (1.0, 1_000_000.0)}
"""What a size consists of, and how much of it there can be."""


def _bounds(parameter: Parameter) -> tuple[float, float]:
    """What a value can be: a share up to 1; anything else, and every knob, up to ten times what sweeps try.

    Above 0 where 0 would divide: where sweeps stay above it.
    """
    share = parameter.high <= 1 and not parameter.name.startswith("world.")
    low = min(parameter.low, 0.01) if parameter.low > 0 else 0.0
    return low, 1.0 if share else 10 * parameter.high


def _within(name: str, text: str, low: float, high: float) -> float:
    value = _number(name, text)
    if not low <= value <= high:
        raise InputError(f"{name}={text} cannot be", do=f"give a number from {low:g} to {high:g}")
    return value


def _size(name: str) -> Mapping[str, int]:
    known: Mapping[str, Mapping[str, int]] = _document()["sizes"]
    if name not in known:
        raise InputError(f"there is no size “{name}”", do=f"choose one of {', '.join(known)}")
    return known[name]


def _full_name(name: str, values: Mapping[str, float]) -> str:
    found = [full for full in values if full == name or full.split(".")[1] == name]
    if not found:
        raise InputError(f"there is no parameter “{name}”", do="choose one of simulation/parameters.toml")
    if len(found) > 1:
        raise InputError(f"“{name}” names {len(found)} parameters", do=f"write {' or '.join(found)}")
    return found[0]


def _number(name: str, text: str) -> float:
    words = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
    try:
        return words[text.lower()] if text.lower() in words else float(text)
    except ValueError:
        raise InputError(f"{name}={text} is not a number", do="give a number") from None
