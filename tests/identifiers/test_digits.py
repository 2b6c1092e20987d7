import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import imsi, phone
from parloir.identifiers.digits import western, western_column
from parloir.identifiers.phone_columns import plain_numbers

SCRIPTS = {
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Devanagari": "०१२३४५६७८९",
    "full-width": "０１２３４５６７８９",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_digits_of_every_script(script):
    written = SCRIPTS[script]
    assert western(f"n° {written}") == "n° 0123456789"
    assert imsi.parse("".join(written[int(digit)] for digit in "208011234567890")) == 208011234567890
    number = "".join(written[int(digit)] for digit in "0639981234")
    assert phone.parse(number, "FR") == phone.Phone(33639981234, number)
    # A column leaves what it does not know to the reader of one text.
    assert plain_numbers(western_column(pa.array([number])), "FR").to_pylist() == [33639981234]


@pytest.mark.parametrize("written", ["", "Zoé 12²", "½ rue du Port", "12/03/1984"])
def test_texts_without_other_digits_stay(written):
    assert western(written) == written


@given(st.lists(st.one_of(st.none(), st.text("a٣۴é5 \u200f／", max_size=8), st.text(max_size=8))))
def test_a_column_is_read_as_its_texts_are(texts):
    read = western_column(pa.array(texts, pa.string())).to_pylist()
    assert read == [None if text is None else western(text) for text in texts]
    digits = "".join(sign for text in read for sign in text or "")
    assert not any(unicodedata.category(sign) == "Nd" and sign not in "0123456789" for sign in digits)
