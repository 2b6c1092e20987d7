from __future__ import annotations

from parloir.errors import EvidenceError, ParloirError


def test_the_message_is_one_line_whatever_the_names_hold() -> None:
    error = EvidenceError("breaks off inside a\n\x1b[31mtable", where="x\ty", do="ask again")
    assert str(error) == "x y: breaks off inside a [31mtable; ask again."
    assert error.what == "breaks off inside a\n\x1b[31mtable"
    assert isinstance(error, ParloirError)
