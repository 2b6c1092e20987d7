"""Numbers as sources write them: whole ones, decimals, money, durations, coordinates."""

from __future__ import annotations

import re

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'")
_WHOLE = re.compile(r"([+-]?[0-9]{1,19})(?:[.,]0+)?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")
_MONEY = re.compile(r"(?:€|EUR|\$|£)?([0-9]{1,15})(?:[.,]([0-9]{1,2}))?(?:€|EUR|EUROS?|\$|£)?", re.I)
_CLOCK = re.compile(r"(?:([0-9]{1,4})[:h])?([0-9]{1,4})[:m]([0-9]{1,2})s?", re.I)
_SECONDS = re.compile(r"([0-9]{1,9})(?:[.,][0-9]+)?(?:s|sec|secondes?|seconds?)?", re.I)
_DEGREES = re.compile(
    r"([NSEWO])?([0-9]{1,3})[°d:]([0-9]{1,2})['′m:]([0-9]{1,2}(?:[.,][0-9]+)?)(?:[\"″s]|'')?([NSEWO])?", re.I
)
INT64 = 1 << 63


def parse_whole(text: str) -> int | None:
    """A whole number, thousands separated by spaces, or None."""
    match = _WHOLE.fullmatch(text.translate(_SPACES)) if text.isascii() or "\u00a0" in text else None
    number = int(match[1]) if match else INT64
    return number if -INT64 <= number < INT64 else None


def parse_decimal(text: str) -> float | None:
    """A number with decimal point or comma, or None."""
    plain = text.translate(_SPACES)
    return float(plain.replace(",", ".")) if _DECIMAL.fullmatch(plain) else None


def parse_cents(text: str) -> int | None:
    """An amount of money in hundredths of its currency, or None."""
    match = _MONEY.fullmatch(text.translate(_SPACES))
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else None


def parse_seconds(text: str) -> int | None:
    """A duration in whole seconds: `75`, `1:15`, `00:01:15`, `0h01m15s`; or None."""
    plain = text.translate(_SPACES)
    if match := _SECONDS.fullmatch(plain):
        return int(match[1])
    if match := _CLOCK.fullmatch(plain):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    return None


def parse_degrees(text: str, limit: float) -> float | None:
    """A latitude (limit 90) or longitude (limit 180) in decimal degrees or in degrees, minutes, seconds."""
    plain = text.translate(str.maketrans("", "", " \u00a0\u202f"))
    number = parse_decimal(plain)
    if number is None and (match := _DEGREES.fullmatch(plain)):
        number = int(match[2]) + int(match[3]) / 60 + float(match[4].replace(",", ".")) / 3600
        # O is the French west.
        number = -number if (match[1] or match[5] or "").upper() in ("S", "W", "O") else number
    return number if number is not None and -limit <= number <= limit else None
