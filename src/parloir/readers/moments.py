"""Columns of times read all at once; each agrees with `times.parse_moment`, or is left to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from threading import Lock
from typing import Any, cast
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from parloir.readers.digits import Flags, Integers, Octets, matrices, whole, widths
from parloir.readers.times import SINCE_1970, DateOrder, localised

pc: Any = pyarrow.compute
_HOUR = 3_600_000_000
_UNPLAIN = -(1 << 15)
"""Offset that marks an hour in which clocks change."""
_DATES = {"dmy": ("YYYY-MM-DD", "DD-MM-YYYY"), "mdy": ("YYYY-MM-DD", "MM-DD-YYYY")}
_CLOCKS = ("", " hh:mm", " hh:mm:ss")
_ZONES = ("", "Z", "+zz:kk", "+zzkk")
_LITERALS = {"-": b"-/.", " ": b" T", ":": b":", "Z": b"Z", "+": b"+-"}
_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@cache
def _patterns(width: int, order: DateOrder) -> tuple[str, ...]:
    """The forms of a width: digits as letters, all else as it stands."""
    written = ("".join(parts) for parts in product(_DATES[order], _CLOCKS, _ZONES))
    told = [form for form in written if not {"+", "Z"} & {*form} or "h" in form]
    return tuple(form for form in (*told, "YYYYMMDD", "YYYYMMDDhhmmss") if len(form) == width)


@dataclass
class Offsets:
    """Offsets of a zone from UTC by the local hour, learnt as hours are met.

    Attributes:
        zone: the zone.
        first: local hours since 1970 of the first entry.
        minutes: offset of each hour; `_UNPLAIN` where clocks change within it or it occurs twice.
    """

    zone: ZoneInfo
    first: int = 0
    minutes: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    known: Flags = field(default_factory=lambda: np.empty(0, np.bool_))
    _learning: Lock = field(default_factory=Lock)

    def of(self, hours: Integers) -> npt.NDArray[np.int32]:
        """Offsets in minutes of some local hours; several threads may ask."""
        if not len(hours):
            return np.empty(0, np.int32)
        with self._learning:
            self._reach(int(hours.min()), int(hours.max()))
            met = np.bincount(hours - self.first, minlength=len(self.known)).astype(bool)
            for place in np.flatnonzero(met & ~self.known).tolist():
                if not self.known[place]:
                    self._learn(self.first + place)
            return self.minutes[hours - self.first]

    def _learn(self, hour: int) -> None:
        """The whole day where no clock changes in it, which is quicker than each of its hours."""
        first, hours = hour // 24 * 24, 24
        offset = _offset(first, hours, self.zone)
        if offset == _UNPLAIN:
            first, hours = hour, 1
            offset = _offset(first, hours, self.zone)
        known = slice(max(first - self.first, 0), first - self.first + hours)
        self.minutes[known], self.known[known] = offset, True

    def _reach(self, lowest: int, highest: int) -> None:
        if len(self.known) and self.first <= lowest and highest < self.first + len(self.known):
            return
        first = min(lowest, self.first) if len(self.known) else lowest
        last = max(highest, self.first + len(self.known) - 1)
        minutes, known = np.zeros(last - first + 1, np.int32), np.zeros(last - first + 1, np.bool_)
        start = self.first - first
        minutes[start : start + len(self.minutes)] = self.minutes
        known[start : start + len(self.known)] = self.known
        self.first, self.minutes, self.known = first, minutes, known


def _offset(hour: int, hours: int, zone: ZoneInfo) -> int:
    """The one offset of some hours, or `_UNPLAIN`; clocks are taken not to change twice within a day."""
    start = datetime(1970, 1, 1) + timedelta(hours=hour)  # noqa: DTZ001 - local on purpose
    ends = [localised(start + timedelta(minutes=minute), zone) for minute in (0, hours * 60 - 1)]
    plain = ends[0].offset_min == ends[1].offset_min and not any(end.remark for end in ends)
    return ends[0].offset_min if plain else _UNPLAIN


_GENERALIZED = {len(form): form for form in ("YYYYMMDDhhmmssZ", "YYYYMMDDhhmmss+zzkk")}
_NO_OFFSETS = Offsets(ZoneInfo("UTC"))
"""For forms that name their own."""


@dataclass(frozen=True)
class Moments:
    """Times read all at once.

    Attributes:
        us: UTC microseconds.
        offset_min: the sources' offset from UTC in minutes.
        right: which texts were understood; the rest is for `times.parse_moment`.
        empty: which texts were empty.
    """

    us: Integers
    offset_min: npt.NDArray[np.int16]
    right: Flags
    empty: Flags


def moments(parts: Sequence[pa.StringArray], offsets: Offsets, order: DateOrder) -> Moments:
    """Read times written in one column, or the day in one and the clock in another; none may be null."""
    count = len(parts[0])
    us, offset, right = np.zeros(count, np.int64), np.zeros(count, np.int16), np.zeros(count, np.bool_)
    for places, octets in _matrices(parts):
        if scale := SINCE_1970.get(octets.shape[1]):
            value, digits = whole(octets)
            us[places], right[places] = value * scale, digits
        for pattern in _patterns(octets.shape[1], order):
            fits = _fits(octets, pattern) & ~right[places]
            if not fits.any():
                continue
            chosen, form = (places[fits], octets[fits]) if not fits.all() else (places, octets)
            us[chosen], offset[chosen], right[chosen] = _read(form, pattern, offsets)
    empty = np.logical_and.reduce([widths(part) == 0 for part in parts])
    return Moments(us, offset, right, empty)


def generalized(texts: pa.StringArray) -> Moments:
    """Read times with an offset as ASN.1 GeneralizedTime has them; `right` only where there is one."""
    count = len(texts)
    us, offset, right = np.zeros(count, np.int64), np.zeros(count, np.int16), np.zeros(count, np.bool_)
    for places, octets in matrices(texts):
        pattern = _GENERALIZED.get(octets.shape[1])
        if pattern and (fits := _fits(octets, pattern)).any():
            chosen = places[fits]
            us[chosen], offset[chosen], right[chosen] = _read(octets[fits], pattern, _NO_OFFSETS)
    return Moments(us, offset, right, widths(texts) == 0)


def _matrices(parts: Sequence[pa.StringArray]) -> Iterator[tuple[Integers, Octets]]:
    """Texts of one width at a time, the parts of each with a space between."""
    cut = [next(matrices(part), None) for part in parts]
    if len(parts) == 1:
        yield from matrices(parts[0])
    elif all(block is not None and len(block[0]) == len(parts[0]) for block in cut):
        between = np.full((len(parts[0]), 1), ord(" "), np.uint8)
        (_, days), (places, clocks) = cast("list[tuple[Integers, Octets]]", cut)
        yield places, np.hstack([days, between, clocks])
    else:
        yield from matrices(pc.binary_join_element_wise(*parts, " "))


def _fits(octets: Octets, pattern: str) -> Flags:
    fits = np.ones(len(octets), np.bool_)
    for place, sign in enumerate(pattern):
        if allowed := _LITERALS.get(sign):
            column = octets[:, place]
            # Most files write one form throughout.
            if column[0] not in allowed or (column != column[0]).any():
                fits &= np.isin(column, np.frombuffer(allowed, np.uint8))
    return fits


def _read(octets: Octets, pattern: str, offsets: Offsets) -> tuple[Integers, Integers, Flags]:
    right = np.ones(len(octets), np.bool_)

    def part(letter: str) -> Integers:
        nonlocal right
        places = [place for place, sign in enumerate(pattern) if sign == letter]
        if not places:
            return np.zeros(len(octets), np.int64)
        value, digits = whole(octets[:, places[0] : places[-1] + 1])
        right &= digits
        return value

    year, month, day = part("Y"), part("M"), part("D")
    hour, minute, second = part("h"), part("m"), part("s")
    right &= _calendar(year, month, day) & (hour < 24) & (minute < 60) & (second < 60)
    local = (_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 1_000_000
    if "+" in pattern:
        zone_hour, zone_minute = part("z"), part("k")
        sign = np.where(octets[:, pattern.index("+")] == ord("-"), -1, 1)
        offset = sign * (zone_hour * 60 + zone_minute)
        right &= zone_hour * 60 + zone_minute <= 18 * 60
    elif "Z" in pattern:
        offset = np.zeros(len(octets), np.int64)
    else:
        offset = np.zeros(len(octets), np.int64)
        offset[right] = offsets.of(local[right] // _HOUR)
        right &= offset != _UNPLAIN
    return local - offset * 60_000_000, np.where(right, offset, 0), right


def _calendar(year: Integers, month: Integers, day: Integers) -> Flags:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.clip(month, 1, 12) - 1] + (leap & (month == 2))
    right: Flags = (year >= 1900) & (year <= 2199) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)
    return right


def _days(year: Integers, month: Integers, day: Integers) -> Integers:
    """Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms")."""
    shifted = np.where(month <= 2, year - 1, year)
    since_march = (month + 9) % 12
    of_year = (153 * since_march + 2) // 5 + day - 1
    era, of_era = shifted // 400, shifted % 400
    days: Integers = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return days
