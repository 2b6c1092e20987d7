import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.identifiers import email


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("Jean.Dupont@Example.TEST", "jean.dupont@example.test"),
        ("  jean@example.test  ", "jean@example.test"),
        ("jean+shop@example.test", "jean@example.test"),
        ("J.e.a.n+x@googlemail.com", "jean@gmail.com"),
        ("jean.dupont@gmail.com", "jeandupont@gmail.com"),
        ("je-an_d@pm.me", "jeand@proton.me"),
        ("Jean <jean@example.test>", "jean@example.test"),
        ("mailto:jean@example.test", "jean@example.test"),
        ("jean@exämple.test", "jean@xn--exmple-cua.test"),
        ("jean@example.test, autre@example.test", "jean@example.test"),
        ("+@example.test", "+@example.test"),
    ],
)
def test_normalised(written, normalised):
    found = email.normalise(written)
    assert found.normalised == normalised
    assert found.original == written


@pytest.mark.parametrize("written", [None, "", "jean", "@example.test", "jean@", "jean@localhost", "a b@"])
def test_no_address(written):
    assert email.normalise(written) is None


def test_parts():
    found = email.normalise("a.b@example.test")
    assert (found.local, found.domain) == ("a.b", "example.test")


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_twice_is_once(written):
    found = email.normalise(written + "@example.test")
    if found:
        assert email.normalise(found.normalised).normalised == found.normalised
