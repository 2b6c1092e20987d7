import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import phone


@pytest.mark.parametrize(
    "written",
    [
        "06 39 98 12 34",
        "06.39.98.12.34",
        "06/39/98/12/34",
        "+33639981234",
        "+33 (0)6 39 98 12 34",
        "0033 6 39 98 12 34",
        "0033(0)639981234",
        "33639981234",
        "639981234",
        "639981234.0",
        "tel: 0639981234 (perso)",
        "(06) 39-98-12-34",
        "٠٦٣٩٩٨١٢٣٤",
        "0639981234 poste 12",
        "+330639981234",
    ],
)
def test_one_number_however_written(written):
    found = phone.parse(written, "FR")
    assert found is not None
    assert found.number == 33639981234
    assert found.raw == written


def test_a_remark_is_never_dialled():
    assert phone.parse("0612345678 (perso)", "FR").number == 33612345678


def test_a_fictitious_number_is_kept_and_said_invalid():
    assert not phone.parse("06 39 98 12 34", "FR").valid
    assert phone.parse("06 12 34 56 78", "FR").valid


@pytest.mark.parametrize(
    "written",
    [
        "0639981234 / 0199001234",
        "0639981234/0199001234",
        "0639981234 ou 01 99 00 12 34",
        "06 39 98 12 34 ; 01 99 00 12 34",
        "0639981234 - 0199001234",
        "+33639981234 +33199001234",
        "0639981234, 0199001234, 0639981234",
    ],
)
def test_several_numbers_in_one_field(written):
    assert [p.number for p in phone.parse_all(written, "FR")] == [33639981234, 33199001234]


def test_national_form_of_other_countries():
    assert phone.parse("07700 900123", "GB").number == 447700900123
    assert phone.parse("0470 12 34 56", "BE").number == 32470123456
    assert phone.parse("+212 6 12 34 56 78", "FR").number == 212612345678


def test_another_countrys_number_without_its_plus():
    assert phone.parse("12025550123", "FR").number == 12025550123
    assert phone.parse("1 202 555 0123 (bureau)", "FR").number == 12025550123
    assert phone.parse("33639980011", "FR").number == 33639980011
    assert phone.parse("991234567890", "FR") is None  # no country has this code


def test_overseas_numbers_in_the_national_form_of_france():
    assert phone.parse("0692 12 34 56", "FR").number == 262692123456
    assert phone.parse("+262692123456", "FR").number == 262692123456


@pytest.mark.parametrize("written", [None, "", "   ", "n/a", "3949", "15", "inconnu", "3.36E+10"])
def test_no_number(written):
    assert phone.parse(written, "FR") is None


def test_text_is_read_back():
    assert phone.text(33639981234) == "+33 6 39 98 12 34"
    assert phone.parse(phone.text(447700900123), "FR").number == 447700900123


@given(st.text(max_size=40), st.sampled_from(["FR", "GB", "US", ""]))
def test_no_text_breaks_it(written, country):
    for found in phone.parse_all(written, country):
        assert 10**6 <= found.number < 10**15
