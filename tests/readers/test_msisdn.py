from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.readers.msisdn import parse_msisdn, read_alone


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("0639980001", "FR", 33639980001),
        ("33639980001", "FR", 33639980001),
        ("+33 6 39 98 00 01", "FR", 33639980001),
        ("0033639980001", "FR", 33639980001),
        ("4915550000001", "FR", 4915550000001),
        ("4915550000001", "DE", 4915550000001),
        ("447700900123", "GB", 447700900123),
        ("2025550101", "US", 12025550101),
        ("12025550101", "US", 12025550101),
        ("919900000001", "IN", 919900000001),
        # Ten digits that begin with the country's own code and are a national number all the same.
        ("9199000001", "IN", 919199000001),
        ("3900", "FR", None),
        ("ORANGE", "FR", None),
    ],
)
def test_numbers_as_networks_record_them(text: str, country: str, number: int | None) -> None:
    assert parse_msisdn(text, country) == number


@settings(max_examples=400)
@given(
    st.from_regex(r"(0|00|33|91|1|44|0033|262|7|49|971)?[0-9]{8,12}", fullmatch=True),
    st.sampled_from(["FR", "US", "IN", "GB", "DE", ""]),
)
def test_numbers_of_one_block_are_read_alike(text: str, country: str) -> None:
    assert parse_msisdn(text, country) == read_alone(text, country)
