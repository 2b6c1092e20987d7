import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.errors import InputError
from parloir.provenance import Locator

words = st.text(st.characters(blacklist_characters="!#", blacklist_categories=("Cs",)))


@given(words, words, words, st.integers(0, 2**40))
def test_a_locator_reads_back_what_it_printed(evidence, member, table, row):
    locator = Locator(evidence, member, table, row)
    assert Locator.parse(str(locator)) == locator


@pytest.mark.parametrize("text", ["", "abc", "a!b!c", "a!b!c#x", "a#1"])
def test_what_is_not_a_locator_is_refused_with_what_to_do(text):
    with pytest.raises(InputError, match="is not a locator; write evidence!member!table#row"):
        Locator.parse(text)
