"""Levels and bars in words."""

from __future__ import annotations

from parloir.identities.levels import Comparison

BARS = {
    "alternative": (
        "relatives, namesakes and neighbours",
        "relatives under one roof, namesakes or neighbours would agree on some of this too",
    ),
    "pseudonym": ("another name", "the name may be a false one: everything else is weighed without it"),
}
"""Bar → its level, its sentence."""


def field_sentence(comparison: Comparison, level: str) -> str:
    """What a level of a comparison says."""
    return next(one.words for one in comparison.levels if one.name == level)


def bar_level(bar: str) -> str:
    """The level that a bar is stored under."""
    return BARS[bar][0]


def bar_sentence(bar: str) -> str:
    """What a bar says."""
    return BARS[bar][1]
