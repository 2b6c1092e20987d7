"""The world's calendar: it ends at midnight of 20 May 2025 in Paris. Times are microseconds since 1970
UTC."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.simulation.arrow import Column, column
from parloir.simulation.streams import Bools, Ints

pc: Any = pyarrow.compute

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
END = int(dt.datetime(2025, 5, 19, 22, tzinfo=dt.UTC).timestamp()) * SECOND
"""Midnight in Paris, where summer time is UTC+2."""


def weekday_of_first(days: int) -> int:
    """Weekday (Monday 0) of the first day of the records; 1 January 1970 was a Thursday."""
    return ((END + 2 * HOUR) // DAY - days + 3) % 7


def offset_min(times: Ints) -> Ints:
    """Paris's offset from UTC in minutes: 120 from the last Sunday of March to that of October (Directive
    2000/84/EC)."""
    summer = np.zeros(times.shape, dtype=bool)
    for year in range(2020, 2027):
        summer |= (times >= _change(year, 3)) & (times < _change(year, 10))
    return np.where(summer, 120, 60).astype(np.int64)


def _change(year: int, month: int) -> int:
    last = dt.datetime(year, month, 31, 1, tzinfo=dt.UTC)
    sunday = last - dt.timedelta(days=(last.weekday() + 1) % 7)
    return int(sunday.timestamp()) * SECOND


def hours_off(rng: np.random.Generator, count: int, share: float) -> Ints:
    """Microseconds to add where a clock is an hour ahead or behind, as often the one as the other; else 0."""
    die = rng.random(count)
    return np.where(die < share / 2, HOUR, np.where(die < share, -HOUR, 0)).astype(np.int64)


def local(times: Ints) -> Ints:
    """Microseconds of the clock on the wall in Paris."""
    return times + offset_min(times) * MINUTE


def texts(times: Ints, pattern: str, missing: Bools | None = None) -> Column:
    """Local times as text by a strftime pattern; seconds are whole; null where missing."""
    seconds = column(local(times) // SECOND, missing).cast(pa.timestamp("s"))
    return pc.strftime(seconds, format=pattern)


def days_written(days: Ints) -> list[str]:
    """Days since 1970 as French offices write them."""
    first = dt.date(1970, 1, 1)
    return [(first + dt.timedelta(days=day)).strftime("%d/%m/%Y") for day in days.tolist()]


def iso(times: Ints, missing: Bools | None = None) -> Column:
    """Local times with their offset, ISO 8601."""
    offsets = column(np.where(offset_min(times) == 120, "+02:00", "+01:00"), missing)
    return pc.binary_join_element_wise(texts(times, "%Y-%m-%dT%H:%M:%S", missing), offsets, "")
