"""What the page is written from, and how figures stand in it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parloir.trials.tried import Plain, at

PLOTS = "validation"
NONE = "–"


@dataclass(frozen=True)
class Report:
    """Everything measured.

    Attributes:
        docs: folder of the page. command: that writes it. size: of the worlds.
        seeds: measured worlds by seed.
        prevalences: by prevalence, worlds of the same seeds; the default one among them.
        independent: worlds of the same seeds in which no evidence depends on other evidence.
        outlooks: pessimistic and optimistic worlds of the first seed.
        rates: by the world's find rate, one world each.
        sweeps: by parameter, by its value, one world of the size demo each.
        drawn: worlds of other make-ups by their draw.
        spent: processor seconds of each world.
    """

    docs: Path
    command: str
    size: str
    seeds: dict[str, Plain] = field(default_factory=dict)
    prevalences: dict[str, dict[str, Plain]] = field(default_factory=dict)
    independent: dict[str, Plain] = field(default_factory=dict)
    outlooks: dict[str, Plain] = field(default_factory=dict)
    rates: dict[str, Plain] = field(default_factory=dict)
    sweeps: dict[str, dict[str, Plain]] = field(default_factory=dict)
    drawn: dict[str, Plain] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)

    @property
    def inhabited(self) -> dict[str, Plain]:
        """Worlds of other make-ups in which somebody has a handset: elsewhere there is nothing to find."""
        return {draw: world for draw, world in self.drawn.items() if at(world, "world.handsets") != 0}

    @property
    def first(self) -> Plain:
        """The world of the first seed."""
        return next(iter(self.seeds.values()))


def mean(worlds: Mapping[str, Plain], path: str, digits: int = 3, scale: float = 1.0) -> str:
    """Mean over worlds with the least and the most: `0.66 (0.64–0.69)`; a dash where there is no figure."""
    values = [value * scale for world in worlds.values() if (value := at(world, path)) is not None]
    if not values:
        return NONE
    centre = f"{sum(values) / len(values):.{digits}f}"
    return centre if len(values) == 1 else f"{centre} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def total(worlds: Mapping[str, Plain], path: str) -> float:
    """Sum over worlds."""
    return float(sum(at(world, path) or 0 for world in worlds.values()))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table and the empty line after it."""
    ruled = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return [*ruled, *("| " + " | ".join(row) + " |" for row in rows), ""]


def prose(*sentences: str) -> list[str]:
    """A paragraph and the empty line after it."""
    return [*textwrap.wrap(" ".join(sentences), 110, break_long_words=False, break_on_hyphens=False), ""]


def plot(path: Path, caption: str) -> list[str]:
    """A plot of the page."""
    return [f"![{caption}]({PLOTS}/{path.name})", ""]
