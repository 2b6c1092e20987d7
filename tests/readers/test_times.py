from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.errors import InputError
from parloir.readers.moments import Offsets, moments
from parloir.readers.times import (
    DAY_NUMBER,
    NEVER,
    TWICE,
    Moment,
    parse_day,
    parse_day_number,
    parse_moment,
    zone,
)

PARIS = zone("Europe/Paris")
_FIRST, _LAST = (datetime.fromisoformat(f"{year}-01-01") for year in (1950, 2150))
_TIMES = st.datetimes(_FIRST, _LAST)
AT = datetime(2026, 1, 31, 13, 5, tzinfo=UTC).timestamp() * 1e6


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T14:05:00+01:00",
        "2026-01-31 13:05Z",
        "2026-01-31 14:05:00.000000",
        "31/01/2026 14:05",
        "31.01.26 14h05",
        "31-01-2026 à 14:05:00",
        "31-JAN-2026 02:05 PM",
        "31 janvier 2026 14:05",
        "20260131140500",
        "1769864700",
        "1769864700000",
        "1769864700000000",
        "Sat Jan 31 13:05:00 UTC 2026",
    ],
)
def test_usual_forms(text: str) -> None:
    moment = parse_moment(text, PARIS)
    assert moment
    assert (moment.us, moment.remark) == (AT, "")


def test_clocks_without_noughts_or_minutes() -> None:
    assert parse_moment("31/1/2026 9:5", PARIS) == parse_moment("31/01/2026 09:05", PARIS)
    assert parse_moment("31/01/2026 14h", PARIS) == parse_moment("31/01/2026 14:00", PARIS)
    assert parse_moment("31/01/2026 14", PARIS) is None


def test_days_that_a_spreadsheet_counted() -> None:
    counted = parse_day_number("46053,586805555555", PARIS)
    assert counted == Moment(AT, 60, DAY_NUMBER)
    born = parse_day_number("29254", zone("UTC"))
    assert born
    assert [parse_day_number(text, PARIS) for text in ("9999", "75001", "29254 ")] == [None, None, None]
    assert born.day == date(1980, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31/02/2026",
        "2026-13-01",
        "2026-01-31 25:00",
        "1/1/1",
        "٣١/٠١/٢٠٢٦",
        "9" * 30,
        "31/01/2026 x",
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert parse_moment(text, PARIS) is None


def test_the_order_of_day_and_month() -> None:
    assert parse_day("02/03/2026") == date(2026, 3, 2)
    assert parse_day("02/03/2026", "mdy") == date(2026, 2, 3)
    assert parse_day("1 OCT 1999") == date(1999, 10, 1)


def test_hours_that_occur_twice_and_never() -> None:
    twice, never = parse_moment("2026-10-25 02:30", PARIS), parse_moment("2026-03-29 02:30", PARIS)
    assert twice
    assert never
    assert (twice.offset_min, twice.remark) == (120, TWICE)
    assert twice.us == datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp() * 1e6
    assert (never.offset_min, never.remark) == (120, NEVER)
    assert never.us == datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp() * 1e6


def test_no_such_zone() -> None:
    with pytest.raises(InputError, match="not a time zone"):
        zone("Europe/Atlantis")


@given(
    st.lists(_TIMES, min_size=1, max_size=50),
    st.sampled_from(
        ["Europe/Paris", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"]
    ),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%Y%m%d%H%M%S", "%Y-%m-%d"]),
)
def test_columns_of_times_agree_with_single_ones(times: list[datetime], name: str, form: str) -> None:
    texts = [time.strftime(form) for time in times]
    told = moments([pa.array(texts)], Offsets(zone(name)), "dmy")
    for place, text in enumerate(texts):
        moment = parse_moment(text, zone(name))
        assert moment
        if told.right[place]:
            assert (told.us[place], told.offset_min[place]) == (moment.us, moment.offset_min)
            assert not moment.remark
