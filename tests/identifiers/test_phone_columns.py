"""Numbers of a whole column at once are those that the library finds in each text."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parloir.identifiers import phone
from parloir.identifiers.phone_columns import plain_numbers

NUMBERS = st.one_of(
    st.from_regex(r"(\+33|0033|33|0)[0-9]{6,11}", fullmatch=True),
    st.from_regex(r"0?(26[239]|508|590|594|596|639|69[0-9]|70[89])[0-9]{6}", fullmatch=True),
    st.from_regex(r"0[1-9]([ .\-\u00a0]?[0-9]{2}){4}( \(soeur\))?", fullmatch=True),
    st.text("0123456789+ .-/()", max_size=16),
)


@settings(max_examples=500)
@given(st.lists(NUMBERS, min_size=1, max_size=20))
@example(
    ["063912", "0639123", "06391234", "063912345", "0639123456", "06391234567", "0692123456", "0639981234"]
)
def test_plain(texts: list[str]) -> None:
    for text, number in zip(texts, plain_numbers(pa.array(texts), "FR").to_pylist(), strict=True):
        if number is not None:
            assert [one.number for one in phone.parse_all(text, "FR")] == [number], text


def test_most_are_plain() -> None:
    texts = pa.array(["01 99 00 12 34", "+33 1 99 00 12 34", "0692123456", "019900123", "01990012345"])
    assert plain_numbers(texts, "FR").to_pylist() == [
        33199001234, 33199001234, 262692123456, 33019900123, 331990012345
    ]  # fmt: skip


def test_others_are_read_one_by_one() -> None:
    texts = pa.array(["+44 20 7946 0018", "01 99 00 12 34 / 02 61 91 00 11", None, "", "15"])
    assert plain_numbers(texts, "FR").null_count == 5
    assert plain_numbers(pa.array(["0199001234"]), "GB").null_count == 1
