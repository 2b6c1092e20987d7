"""Numbers and names in words, the same in every statement."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

from parloir.identifiers import imei
from parloir.weights.bits import verbal

HOLDER = "the proposition"
UNKNOWN_USER = "the alternative"

LEAST_SHOWN = 50
"""Thousandths of a bit below which a weight reads as 0.0: it speaks neither for nor against."""
LONGEST_VALUE = 400
"""Characters of a value that are shown."""


def kind_in_words(kind: str) -> str:
    """`shared_numbers` → shared numbers."""
    return kind.replace("_", " ")


def tone(millibits: int) -> str:
    """`up`, `down`, or `none` for a weight that reads as 0.0."""
    if abs(millibits) < LEAST_SHOWN:
        return "none"
    return "up" if millibits > 0 else "down"


def signed_bits(millibits: int) -> str:
    """A weight with its sign, one decimal: "+3.4", "−0.6", "0.0"; U+2212 is the minus sign."""
    sign = {"up": "+", "down": "−", "none": ""}[tone(millibits)]
    return f"{sign}{(abs(millibits) + 50) // 100 / 10:.1f}"


def support(millibits: int) -> str:
    """The weight in the words of the scale."""
    return verbal(millibits / 1000, HOLDER, UNKNOWN_USER)


def strength(millibits: int) -> str:
    """The words of the scale where the proposition is understood: "strong support"."""
    return support(millibits).removesuffix(f" for {HOLDER}")


def ratio_in_words(millibits: int) -> str:
    """ "about 2,000 times more probable", two significant digits and never more than a million.

    The words compare P(evidence | proposition) with P(evidence | alternative); they say nothing about
    the probability of either.
    """
    ratio = 2 ** (min(abs(millibits), 30_000) / 1000)
    if ratio < 1.05:
        return "as probable"
    if ratio >= 1_000_000:
        size = "more than a million"
    else:
        digits = max(0, 1 - math.floor(math.log10(ratio)))
        rounded = round(ratio, 1 - math.floor(math.log10(ratio)))
        size = f"about {rounded:,.{digits}f}"
    return f"{size} times {'more' if millibits > 0 else 'less'} probable"


def moment(value: datetime) -> str:
    """A time in UTC, to the minute."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def day(microseconds: int | None) -> str:
    """The UTC day of a stored time, empty where there is none."""
    if microseconds is None:
        return ""
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%d")


def instant(microseconds: int) -> str:
    """A stored time in UTC, to the second, with its fraction where it has one."""
    whole, fraction = divmod(microseconds, 1_000_000)
    try:
        text = datetime.fromtimestamp(whole, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return f"{microseconds} µs"
    return f"{text}{f'.{fraction:06d}' if fraction else ''} UTC"


def readable(name: str, value: str) -> str:
    """A stored time as a time; a very long value by its beginning."""
    if name.endswith("_us") and value.lstrip("-").isdecimal() and len(value) < 20:
        return instant(int(value))
    if len(value) <= LONGEST_VALUE:
        return value
    return f"{value[:LONGEST_VALUE]}… ({len(value):,} characters in the file)"


def imei_in_groups(handset: str) -> str:
    """Type allocation code and serial number apart, as printed: "86741801 001234"; of a copy, which."""
    imei14, copy = imei.copy_of(handset)
    grouped = f"{imei14[:8]} {imei14[8:]}" if len(imei14) == 14 and imei14.isdigit() else imei14
    return f"{grouped} (copy {copy})" if copy else grouped


def row_numbers(rows: Iterable[int]) -> str:
    """Sorted row numbers, runs drawn together: "3, 7, 9-14"."""
    ordered = sorted(set(rows))
    if not ordered:
        return ""
    starts = [ordered[0], *(after for before, after in pairwise(ordered) if after != before + 1)]
    ends = [*(before for before, after in pairwise(ordered) if after != before + 1), ordered[-1]]
    return ", ".join(f"{a:,}" if a == b else f"{a:,}–{b:,}" for a, b in zip(starts, ends, strict=True))


def file_size(size: int) -> str:
    """Bytes in the largest unit that gives 1 or more, binary units."""
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = min((max(size, 1).bit_length() - 1) // 10, len(units) - 1)
    return f"{size / 1024**power:.{1 if power else 0}f} {units[power]}"
