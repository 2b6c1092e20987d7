import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identities import dates


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1984-03-12", "1984-03-12"),
        ("1984-03-12T00:00:00", "1984-03-12"),
        ("1984-03-12 00:00:00", "1984-03-12"),
        ("12/03/1984", "1984-03-12"),
        ("12.3.84", "1984-03-12"),
        ("19840312", "1984-03-12"),
        ("12031984", "1984-03-12"),
        ("12 mars 1984", "1984-03-12"),
        ("1er février 1984", "1984-02-01"),
        ("March 12, 1984", "1984-03-12"),
        ("25/12/1984", "1984-12-25"),
        ("1984", "1984"),
        ("1984-03", "1984-03"),
        ("00/03/1984", "1984-03"),
        ("00/00/1984", "1984"),
        ("1630-01-01", "1630-01-01"),
        ("٢٨/١١/١٩٦٥", "1965-11-28"),
        ("\u200f۱۹۶۵-۱۱-۲۸", "1965-11-28"),
        ("२८.११.१९६५", "1965-11-28"),
        ("２８／１１／１９６５", "1965-11-28"),
        ("3 de março de 1984", "1984-03-03"),
        ("12. Dezember 1984", "1984-12-12"),
        ("7 ottobre 1984", "1984-10-07"),
        ("5 października 1984", "1984-10-05"),
        ("9 Ağustos 1984", "1984-08-09"),
        ("2 enero 1984", "1984-01-02"),
        ("28 نوفمبر 1965", "1965-11-28"),
        ("1er août 1984", "1984-08-01"),
    ],
)
def test_written_forms(written, date):
    assert dates.parse(written) == date


@pytest.mark.parametrize(
    "written", [None, "", "00/00/0000", "0000-00-00", "31/31/1984x", "inconnue", "99999999"]
)
def test_no_date(written):
    assert dates.parse(written) is None


def test_the_month_may_stand_first():
    assert dates.month_first(["03/25/1984", "12/30/1990", "01/02/1970"])
    assert not dates.month_first(["25/03/1984", "30/12/1990"])
    assert dates.parse("03/12/1984", True) == "1984-03-12"


@given(st.text(max_size=30))
def test_no_text_breaks_it(written):
    found = dates.parse(written)
    assert found is None or len(found) in (4, 7, 10)
