"""Text that the fonts at hand can print; what they lack is transliterated and marked."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from anyascii import anyascii
from matplotlib.ft2font import FT2Font

from parloir.documents.text import visible

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
"""DejaVu, which Matplotlib carries: Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian and more."""


def printable(text: str) -> str:
    """The text as a PDF/A may hold it: every character has a glyph.

    Letters outside the fonts are written in Latin letters between ‹ ›: 株式 → ‹ZhuShi›. Statements in HTML
    keep the letters themselves.
    """
    shown = visible(text)
    runs = groupby(shown, key=lambda character: character in "\n\t" or ord(character) in _glyphs())
    return "".join("".join(run) if has_glyph else _latin("".join(run)) for has_glyph, run in runs)


def _latin(run: str) -> str:
    return f"‹{anyascii(run) or ' '.join(f'U+{ord(c):04X}' for c in run)}›"


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(FT2Font(str(FONTS / "DejaVuSans.ttf")).get_charmap())
