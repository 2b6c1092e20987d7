import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import radio_cell
from parloir.identifiers.radio_cell import RadioCell


@pytest.mark.parametrize(
    ("written", "technology", "cell"),
    [
        ("208-01-1234-56789", "", RadioCell("CGI", 208, "01", 1234, 56789)),
        ("208-1-1234-56789", "", RadioCell("CGI", 208, "01", 1234, 56789)),
        ("208/001/1234/56789", "", RadioCell("CGI", 208, "001", 1234, 56789)),
        ("SAI: 208-01-1234-56789", "", RadioCell("SAI", 208, "01", 1234, 56789)),
        ("404-96-290-128686112", "", RadioCell("ECGI", 404, "96", None, 128686112)),
        ("404-96-128686112", "", RadioCell("ECGI", 404, "96", None, 128686112)),
        ("208-01-290-300", "4G", RadioCell("ECGI", 208, "01", None, 300)),
        ("208-01-502680-112", "", RadioCell("ECGI", 208, "01", None, 502680 * 256 + 112)),
        ("208-01-68719476735", "", RadioCell("NCGI", 208, "01", None, 68719476735)),
        ("208-01-128686112", "5G", RadioCell("NCGI", 208, "01", None, 128686112)),
    ],
)
def test_written_forms(written, technology, cell):
    assert radio_cell.decode(radio_cell.parse(written, technology)) == cell


@pytest.mark.parametrize(
    "written",
    [None, "", "20801123456789", "208-01", "208-01-1-2-3", "CGI: 208-01-70000-1", "Fresnes", "9" * 30],
)
def test_ambiguous_or_none(written):
    assert radio_cell.parse(written) is None


def test_plain_integers_pass_through():
    assert radio_cell.parse(4242) == 4242
    assert radio_cell.parse("4242") == 4242
    assert radio_cell.decode(4242) is None
    assert radio_cell.text(4242) == "4242"
    assert radio_cell.parse(-1) is None


def test_the_layout_is_pinned():
    number = radio_cell.parse("208-01-1234-56789")
    assert number == 1 << 62 | 1 << 59 | 208 << 49 | 1 << 39 | 1234 << 16 | 56789
    assert number < 2**63
    assert radio_cell.parse(str(number)) == number


@given(
    st.sampled_from(radio_cell.KINDS),
    st.integers(0, 999),
    st.integers(0, 999),
    st.booleans(),
    st.integers(0, 2**28 - 1),
)
def test_text_is_read_back(kind, country, network, three, local):
    digits = f"{network:03d}" if three or network > 99 else f"{network:02d}"
    rest = f"{local >> 16}-{local & 65535}" if kind in ("CGI", "SAI") else str(local)
    number = radio_cell.parse(f"{kind}:{country:03d}-{digits}-{rest}")
    assert number is not None
    assert radio_cell.parse(radio_cell.text(number)) == number


def test_column():
    column = pa.array(["208-01-1234-56789", None, "20801123456789", "7"])
    assert radio_cell.radio_cell_column(column).to_pylist() == [
        radio_cell.parse("208-01-1234-56789"),
        None,
        None,
        7,
    ]
    assert radio_cell.radio_cell_column(pa.array([5, None])).to_pylist() == [5, None]
