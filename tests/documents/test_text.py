from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from parloir.documents import visible


@given(st.text())
def test_shown_text_holds_no_unseen_character(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n"]
    assert not [
        c for c in shown if unicodedata.bidirectional(c) in {"LRO", "RLO", "LRE", "RLE", "PDF", "RLI", "LRI"}
    ]


@given(st.text(alphabet=st.characters(whitelist_categories=["Lu", "Ll", "Lo", "Nd", "Po"])))
def test_letters_of_every_script_are_kept(text: str) -> None:
    assert visible(text) == text


def test_what_is_unseen_is_written_out() -> None:
    assert visible("a\u202etxt.exe\x00b\nc") == "a\\u202etxt.exe\\u0000b\nc"
    assert visible("\U000e0041") == "\\U000e0041"
