from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from parloir.records.clock import end_of, from_microseconds, microseconds, moment, start_of
from parloir.vault import Moment

HOUR = 3_600_000_000


def test_a_day_is_as_long_as_its_place_makes_it() -> None:
    assert end_of(date(2025, 3, 29)) - start_of(date(2025, 3, 29)) == 24 * HOUR
    assert end_of(date(2025, 3, 30)) - start_of(date(2025, 3, 30)) == 23 * HOUR
    assert end_of(date(2025, 10, 26)) - start_of(date(2025, 10, 26)) == 25 * HOUR
    assert start_of(date(2025, 1, 1), "UTC") - start_of(date(2025, 1, 1)) == HOUR


def test_a_moment_keeps_the_offset_of_its_clock() -> None:
    at = datetime(2025, 5, 20, 6, 0, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at) == Moment(microseconds(at), 120)
    assert from_microseconds(microseconds(at)) == at
