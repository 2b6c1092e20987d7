"""Digits of every script as those of ASCII: Arabic-Indic, Persian, Devanagari, full-width, and all others.

Registers write dates, telephone numbers and postcodes in the digits of their script. Unicode tells the value
of each (category Nd, UAX #44); NFKC brings full-width signs beside them to their usual form, and marks of the
direction of writing (category Cf) are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute
_FOREIGN = r"[^\P{Nd}0-9]"
_DIGIT = re.compile(r"(?![0-9])\d")


def western(text: str) -> str:
    """The text with ASCII digits (`٢٨/١١/١٩٦٥` → `28/11/1965`); one that has no others comes back as is."""
    if text.isascii() or not _DIGIT.search(text):
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(_sign(sign) for sign in folded if unicodedata.category(sign) != "Cf")


def _sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def western_column(texts: Any) -> Any:
    """`western` of each text of an Arrow array or chunked array of strings; a null stays null."""
    if isinstance(texts, pa.ChunkedArray):
        return pa.chunked_array([western_column(chunk) for chunk in texts.chunks], texts.type)
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return texts
    foreign = pc.fill_null(pc.match_substring_regex(texts, _FOREIGN), False)
    if not pc.any(foreign).as_py():
        return texts
    read: Any = pa.array([western(text) for text in texts.filter(foreign).to_pylist()], texts.type)
    return pc.replace_with_mask(texts, foreign, read)
