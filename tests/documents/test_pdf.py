from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parloir.documents import Sheet, render_pdf
from parloir.documents.glyphs import printable
from parloir.errors import ParloirError

MOMENT = datetime(2025, 5, 19, 3, 12, tzinfo=UTC)
TEMPLATE = """
#set document(title: "A page")
#set text(font: ("Libertinus Serif", "DejaVu Sans"), lang: "en")
#let values = json(bytes(sys.inputs.values))
= #values.title
#values.text
"""


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sheet:
    package = tmp_path / "some_room"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "templates" / "page.typ").write_text(TEMPLATE)
    (package / "templates" / "broken.typ").write_text("#nothing-like-this")
    monkeypatch.syspath_prepend(str(tmp_path))
    return Sheet("some_room", "page.typ")


def test_it_is_archivable_and_accessible(sheet: Sheet) -> None:
    pdf = render_pdf(sheet, {"title": "t", "text": "x"}, MOMENT)
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (b"<pdfaid:part>2", b"<pdfaid:conformance>A", b"<pdfuaid:part>1", b"2025-05-19T03:12"):
        assert mark in pdf, mark


def test_same_values_and_date_same_bytes(sheet: Sheet) -> None:
    values = {"title": "t", "text": "x"}
    first = render_pdf(sheet, values, MOMENT)
    assert render_pdf(sheet, values, MOMENT.astimezone(timezone(timedelta(hours=9)))) == first
    assert render_pdf(sheet, values | {"text": "y"}, MOMENT) != first
    assert render_pdf(sheet, values, MOMENT + timedelta(days=1)) != first


def test_another_process_gives_the_same_bytes(sheet: Sheet, tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from datetime import UTC, datetime; from parloir.documents import Sheet, render_pdf;"
        "sys.stdout.buffer.write(render_pdf(Sheet('some_room', 'page.typ'), {'title': 't', 'text': 'x'},"
        "datetime(2025, 5, 19, 3, 12, tzinfo=UTC)))"
    )
    other = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True)
    assert other.stdout == render_pdf(sheet, {"title": "t", "text": "x"}, MOMENT)


@given(text=st.text(max_size=60))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_typeset(sheet: Sheet, text: str) -> None:
    assert render_pdf(sheet, {"title": "t", "text": text}, MOMENT).startswith(b"%PDF")


def test_text_is_never_a_command(sheet: Sheet) -> None:
    assert render_pdf(sheet, {"title": '#panic("no")', "text": "$ #read('/etc/passwd') _x_"}, MOMENT)


def test_letters_without_a_glyph_are_written_in_latin() -> None:
    assert printable("a株式b") == "a‹ZhuShi›b"
    assert printable("محمد Ødegård €") == "محمد Ødegård €"
    assert printable("\x00\u202e") == "\\u0000\\u202e"


def test_a_broken_template_is_one_sentence(sheet: Sheet) -> None:
    with pytest.raises(ParloirError, match=r"broken\.typ: the document cannot be typeset"):
        render_pdf(Sheet(sheet.package, "broken.typ"), {}, MOMENT)
