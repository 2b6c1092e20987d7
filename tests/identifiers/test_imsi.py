import pytest

from parloir.identifiers import imsi


def test_parse():
    assert imsi.parse("208011234567890") == 208011234567890
    assert imsi.parse("208 01 1234567890") == 208011234567890
    assert imsi.parse(208011234567890) == 208011234567890
    assert imsi.country(208011234567890) == 208
    assert imsi.country(imsi.parse("001010123456789")) == 1
    assert imsi.text(imsi.parse("001010123456789")) == "001010123456789"


@pytest.mark.parametrize("written", [None, "", "20801", "2080112345678901", "0" * 15, "sim 208"])
def test_no_imsi(written):
    assert imsi.parse(written) is None
