"""Names, and the ways in which registers and shops get them wrong."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from parloir.simulation.streams import Bools, Floats, Ints, mix

MAGHREB_SHARE = 0.35
"""Assumed share of people whose names are written in several ways."""


@dataclass(frozen=True, slots=True)
class Name:
    """One name: as its bearer writes it, other ways, and in Arabic script where it has one."""

    name: str
    variants: tuple[str, ...] = ()
    arabic: str = ""


@dataclass(frozen=True)
class Lexicon:
    """All names; maghreb names stand first in each tuple, `maghreb_…` tells how many they are."""

    families: tuple[Name, ...]
    given: tuple[Name, ...]
    maghreb_families: int
    maghreb_given: int


@cache
def document() -> dict[str, Any]:
    """The lists of names.toml."""
    return tomllib.loads((files("parloir.simulation") / "names.toml").read_text(encoding="utf-8"))


@cache
def lexicon() -> Lexicon:
    """Maghreb names, common French names, then names put together from syllables (rare ones)."""
    lists = document()
    maghreb = [_entry(e) for e in lists["maghreb_families"]]
    composed = sorted(
        {
            a + m + z
            for a in lists["first_syllables"]
            for m in lists["middle_syllables"]
            for z in lists["last_syllables"]
        }
    )
    families = maghreb + [Name(n) for n in lists["french_families"]] + [Name(n) for n in composed]
    first = [_entry(e) for e in lists["maghreb_given"]]
    given = first + [Name(n) for n in lists["french_given"]]
    return Lexicon(tuple(families), tuple(given), len(maghreb), len(first))


def _entry(entry: dict[str, Any]) -> Name:
    return Name(entry["name"], tuple(entry["variants"]), entry["arabic"])


def draw(rng: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    """Indexes of family and given names for so many people; rare families are many, each of them rare."""
    book = lexicon()
    maghreb = rng.random(count) < MAGHREB_SHARE
    given = np.where(
        maghreb,
        rng.integers(0, book.maghreb_given, count),
        rng.integers(book.maghreb_given, len(book.given), count),
    )
    return draw_family(rng, maghreb), given


def draw_family(rng: np.random.Generator, maghreb: Bools) -> Ints:
    """Indexes of family names, a third of the French ones common."""
    book, count = lexicon(), maghreb.size
    common = rng.integers(book.maghreb_families, book.maghreb_families + 66, count)
    rare = rng.integers(book.maghreb_families + 66, len(book.families), count)
    french = np.where(rng.random(count) < 0.34, common, rare)
    of_maghreb = np.where(rng.random(count) < 0.55, rng.integers(0, book.maghreb_families, count), rare)
    return np.where(maghreb, of_maghreb, french).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Slips:
    """How a source writes names: shares of variants, typing errors and Arabic script."""

    variant: float
    typo: float
    arabic: float = 0.0


def written(names: tuple[Name, ...], chosen: Ints, rng: np.random.Generator, slips: Slips) -> list[str]:
    """The names as a source has them."""
    dice: Floats = rng.random((chosen.size, 4))
    return [
        _write(names[index], row, slips) for index, row in zip(chosen.tolist(), dice.tolist(), strict=True)
    ]


def _write(name: Name, dice: list[float], slips: Slips) -> str:
    text = name.name
    if name.arabic and dice[0] < slips.arabic:
        return name.arabic
    if name.variants and dice[1] < 2.5 * slips.variant:
        text = name.variants[int(dice[3] * len(name.variants))]
    return misspelt(text, dice[3]) if dice[2] < slips.typo else text


def misspelt(text: str, die: float) -> str:
    """One letter doubled, dropped, swapped with the next or replaced; `die` in [0, 1) says which."""
    if len(text) < 4:
        return text
    kind, rest = divmod(die * 4, 1)
    at = 1 + int(rest * (len(text) - 2))
    if kind == 0:
        return text[:at] + text[at] + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + "aeiourstln"[int(mix(np.array([int(die * 1e9)]), 1)[0]) % 10] + text[at + 1 :]
