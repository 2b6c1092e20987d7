from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.statements import wording


@pytest.mark.parametrize(
    ("millibits", "words"),
    [
        (0, "as probable"),
        (1_000, "about 2 times more probable"),
        (-1_585, "about 3 times less probable"),
        (3_300, "about 9.8 times more probable"),
        (10_200, "about 1,200 times more probable"),
        (19_900, "about 980,000 times more probable"),
        (25_000, "more than a million times more probable"),
    ],
)
def test_ratios_in_words(millibits: int, words: str) -> None:
    assert wording.ratio_in_words(millibits).replace(".0 ", " ") == words


@pytest.mark.parametrize(
    ("millibits", "words"),
    [
        (999, "no support either way"),
        (1_000, "weak support for the proposition"),
        (3_300, "moderate support for the proposition"),
        (-6_600, "moderately strong support for the alternative"),
        (19_900, "extremely strong support for the proposition"),
    ],
)
def test_words_of_the_scale(millibits: int, words: str) -> None:
    assert wording.support(millibits) == words


@pytest.mark.parametrize(
    ("millibits", "text"),
    [(3_400, "+3.4"), (-640, "−0.6"), (49, "0.0"), (-49, "0.0"), (0, "0.0"), (50, "+0.1")],
)
def test_signed_bits(millibits: int, text: str) -> None:
    assert wording.signed_bits(millibits) == text


@given(st.sets(st.integers(1, 60), max_size=20))
def test_row_numbers_name_exactly_the_rows(rows: set[int]) -> None:
    named: set[int] = set()
    for part in filter(None, wording.row_numbers(rows).split(", ")):
        first, _, last = part.partition("–")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == rows


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (3_210_000_000, "3.0 GiB")]
)
def test_file_sizes(size: int, text: str) -> None:
    assert wording.file_size(size) == text


def test_times_are_told_in_utc() -> None:
    paris = timezone(timedelta(hours=2))
    assert wording.moment(datetime(2025, 5, 19, 6, 0, tzinfo=paris)) == "2025-05-19 04:00 UTC"
    assert wording.day(None) == ""
    assert wording.day(1_747_627_200_000_000) == "2025-05-19"
    assert wording.instant(1_746_560_071_000_000) == "2025-05-06 19:34:31 UTC"
    assert wording.instant(-1_500_000) == "1969-12-31 23:59:58.500000 UTC"
    assert wording.instant(10**18) == "1000000000000000000 µs"
