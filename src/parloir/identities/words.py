"""Levels and bars in words: the one place where they are made, for every screen and report."""

from __future__ import annotations

from collections.abc import Iterable

from parloir.identities.levels import Comparison

TELLING = 2.0
"""Bits by which a value's own frequency must move a weight to be called rare or common."""

BARS = {
    "alternative": (
        "relatives, namesakes and neighbours",
        "relatives under one roof, namesakes or neighbours would agree on some of this too",
    ),
    "pseudonym": ("another name", "the name may be a false one: everything else is weighed without it"),
}
"""Bar → its level, its sentence."""


NOTHING = 0.05
"""Bits that round to nothing."""


def field_sentence(comparison: Comparison, level: str, rarity: float) -> str:
    """What a level of a comparison says: `same rare family name`.

    Args:
        comparison: what was compared.
        level: as stored.
        rarity: bits that the value's own frequency moved the weight by.
    """
    words = next(one.words for one in comparison.levels if one.name == level)
    if abs(rarity) < TELLING:
        return words
    how = "rare" if rarity > 0 else "common"
    if words.startswith("same "):
        return f"same {how} {words.removeprefix('same ')}"
    return f"{words}, {how}"


def bar_level(bar: str) -> str:
    """The level that a bar is stored under."""
    return BARS[bar][0]


def bar_sentence(bar: str) -> str:
    """What a bar says."""
    return BARS[bar][1]


def bits_in_words(bits: float) -> str:
    """`+9.1 bits`, `−1.2 bits`."""
    return f"{bits:+.1f} bits".replace("-", "−")


def in_one_sentence(bars: Iterable[tuple[str, float]]) -> str:
    """`same rare family name: +9.1 bits; born the same day: +8.4 bits; another postcode: −1.2 bits`.

    Bars that round to nothing are left out.

    Args:
        bars: sentence and bits of each, in the order told.
    """
    return "; ".join(f"{sentence}: {bits_in_words(bits)}" for sentence, bits in bars if abs(bits) >= NOTHING)


def order(kind: str, bits: float) -> tuple[int, float, str]:
    """Where a bar stands in a waterfall: fields before what belongs to no field, the strongest first."""
    return (kind in (*BARS, "payer")) + 2 * (kind == "judgement"), -abs(bits), kind
