"""Columns of digits read all at once: texts of one width as a matrix of octets.

A text that these functions do not understand is no error: it is marked, and its row is read with care.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Octets = npt.NDArray[np.uint8]
_ZERO = ord("0")
WIDEST = 40
"""Octets of the longest text that is looked at."""


def widths(texts: pa.StringArray) -> Integers:
    """Octets of each text."""
    lengths: Integers = np.diff(_offsets(texts)).astype(np.int64)
    return lengths


def matrices(texts: pa.StringArray) -> Iterator[tuple[Integers, Octets]]:
    """Texts of one width at a time: their places and their octets, one row a text. No text may be null."""
    offsets, octets = _offsets(texts), _data(texts)
    wide = np.diff(offsets)
    counts = np.bincount(np.minimum(wide, WIDEST + 1), minlength=1) if len(wide) else np.empty(0)
    for width in np.flatnonzero(counts):
        if not 0 < width <= WIDEST:
            continue
        if counts[width] == len(wide):
            block = octets[offsets[0] : offsets[0] + width * len(wide)]
            yield np.arange(len(wide)), block.reshape(-1, width)
        else:
            places = np.flatnonzero(wide == width)
            yield places, octets[offsets[places][:, None] + np.arange(width)]


def spaced(texts: pa.StringArray) -> Flags:
    """Which texts begin or end with what may be white space: a control, a space, or no ASCII."""
    offsets, octets = _offsets(texts), _data(texts)
    filled = offsets[1:] > offsets[:-1]
    if not filled.any():
        return np.zeros(len(texts), np.bool_)
    # Subtracting 33 turns what is below into large numbers.
    first = octets[np.minimum(offsets[:-1], len(octets) - 1)] - np.uint8(33)
    last = octets[np.maximum(offsets[1:], 1) - 1] - np.uint8(33)
    return cast("Flags", filled & ((first > 126 - 33) | (last > 126 - 33)))


def whole(octets: Octets) -> tuple[Integers, Flags]:
    """The number that each row of digits writes, and which rows are digits alone. At most 18 columns."""
    # Column after column, each of them in one piece of memory, is what a processor does fastest.
    digits = np.ascontiguousarray(octets.T) - _ZERO
    value = np.zeros(len(octets), np.int64)
    for start in range(0, len(digits), 9):
        run = digits[start].astype(np.uint32)
        for digit in digits[start + 1 : start + 9]:
            run *= 10
            run += digit
        value *= 10 ** len(digits[start : start + 9])
        value += run
    fine = digits.max(initial=0) <= 9
    return value, np.ones(len(octets), np.bool_) if fine else cast("Flags", (digits <= 9).all(axis=0))


def _offsets(texts: pa.StringArray) -> Any:
    offsets = np.frombuffer(cast("Any", texts.buffers()[1]), np.int32)
    return offsets[texts.offset : texts.offset + len(texts) + 1]


def _data(texts: pa.StringArray) -> Octets:
    data: Any = texts.buffers()[2]
    return np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
