from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import ParloirError
from parloir.readers import READERS, Reader, recognise

from .accounting import MemoryMember, account
from .mutate import check, mutated
from .samples import samples

MUTATIONS = 1500
"""As many as the tests have time for; 1,000,000 in `make validate`."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.format)
def test_a_sound_file_is_recognised_and_its_rows_add_up(reader: Reader) -> None:
    assert samples()[reader.format]
    for octets in samples()[reader.format]:
        assert recognise(MemoryMember(octets)).format == reader.format
        told = account(reader, octets)
        assert told.rows
        assert told.rows_in.total() > 0


@pytest.mark.parametrize("part", range(10))
def test_a_broken_file_gives_rows_that_add_up_or_one_error(part: int) -> None:
    for seed in range(part, MUTATIONS, 10):
        check(*mutated(seed))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.format)
@settings(max_examples=25)
@given(
    octets=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_octets_give_rows_that_add_up_or_one_error(reader: Reader, octets: bytes) -> None:
    check(reader.format, octets)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.format)
@pytest.mark.parametrize(
    "spoil",
    [
        lambda octets: octets + b"\0" * 100,
        lambda octets: octets + b"x" * 10_000_000,
        lambda octets: octets[: len(octets) // 2],
        lambda _: b"",
    ],
    ids=["nul", "long line", "truncated", "empty"],
)
def test_hard_cases_end_in_rows_or_one_clear_sentence(reader: Reader, spoil) -> None:
    for octets in samples()[reader.format][:2]:
        try:
            account(reader, spoil(octets))
        except ParloirError as error:
            assert error.what
            assert str(error).endswith(".")
            assert len(str(error)) < 500
