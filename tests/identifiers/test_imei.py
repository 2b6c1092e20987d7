import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import imei


@pytest.mark.parametrize(
    ("written", "imei14", "check"),
    [
        ("352099001761481", 35209900176148, "ok"),
        ("352099001761482", 35209900176148, "wrong"),
        ("352099001761480", 35209900176148, "zero"),
        ("35209900176148", 35209900176148, "absent"),
        ("3520990017614823", 35209900176148, "absent"),
        ("35-209900-176148-1", 35209900176148, "ok"),
        ("IMEI: 352099001761481/01", 35209900176148, "ok"),
        (352099001761481, 35209900176148, "ok"),
        ("٣٥٢٠٩٩٠٠١٧٦١٤٨١", 35209900176148, "ok"),
        ("010000000000000", 1000000000000, "zero"),
    ],
)
def test_parse(written, imei14, check):
    found = imei.parse(written)
    assert (found.imei14, found.check) == (imei14, check)


def test_the_version_of_an_imeisv():
    assert imei.parse("3520990017614823").version == 23


@pytest.mark.parametrize("written", [None, "", "352099", "0" * 15, "35209900176148123", "inconnu"])
def test_no_imei(written):
    assert imei.parse(written) is None


def test_a_check_digit_that_is_zero_by_right():
    imei14 = next(n for n in range(35209900176148, 35209900176248) if imei.luhn_digit(n) == 0)
    assert imei.parse(f"{imei14}0").check == "ok"


def test_parts():
    assert imei.tac(35209900176148) == 35209900
    assert imei.label(35209900176148) == "352099001761481"
    assert imei.text(1000000000000) == "01000000000000"


@given(st.lists(st.integers(1, 10**14 - 1), min_size=1))
def test_arrays_agree_with_one_by_one(numbers):
    written = [imei.label(n) for n in numbers]
    assert imei.imei14_column(pa.array(written)).to_pylist() == numbers


def test_a_column_with_nulls_and_rubbish():
    column = pa.chunked_array([["352099001761481", None], ["abc", "0" * 15, "٣٥٢٠٩٩٠٠١٧٦١٤٨١"]])
    assert imei.imei14_column(column).to_pylist() == [35209900176148, None, None, None, 35209900176148]
    assert imei.imei14_column(pa.array([3520990017614810, None])).to_pylist() == [35209900176148, None]


def test_a_copy_of_a_cloned_imei_is_named_by_it() -> None:
    assert imei.handset_name("35209900176148") == "35209900176148"
    assert imei.handset_name(str(imei.COPY + 1_234_567_890_123)) == "01234567890123 (copy 1)"
    assert imei.copy_of(str(2 * imei.COPY + 35209900176148)) == ("35209900176148", 2)
    assert imei.copy_of("unknown") == ("unknown", 0)
