"""PDF/A with fixed bytes: archivable, accessible, no network, no fonts of the machine it is made on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from parloir.errors import ParloirError

STANDARDS = ["a-2a", "ua-1"]
"""PDF/A-2a (ISO 19005-2, level A: tagged, Unicode) and PDF/UA-1 (ISO 14289-1)."""

if TYPE_CHECKING:
    import typst


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a PDF's template lies: `template` in the folder `templates` of `package`."""

    package: str
    template: str


def render_pdf(sheet: Sheet, values: Mapping[str, Any], created: datetime) -> bytes:
    """Typeset the template with the values.

    The values reach the template as data, never as markup, so text in evidence cannot become a command.
    Fonts come with the installed packages; those of the machine are not looked at.

    Args:
        sheet: the template; it reads `json(bytes(sys.inputs.values))`.
        values: what JSON can hold. Strings are made printable, but for those under a key that starts
            with `svg`, which are drawings.
        created: aware; stands in the file as its date. Same values and date, same bytes.

    Raises:
        ParloirError: the document cannot be typeset.
    """
    import typst  # here, as what it loads would slow the start of every command

    compiled: Any = typst.compile  # its published type cannot be inferred for a source in bytes
    source = (files(sheet.package) / "templates" / sheet.template).read_bytes()
    try:
        pdf = compiled(
            source,
            sys_inputs={"values": json.dumps(_printable(values), ensure_ascii=False)},
            font_paths=_fonts(),
            pdf_standards=STANDARDS,
            timestamp=int(created.timestamp()),
        )
    except typst.TypstError as error:
        raise ParloirError(
            f"the document cannot be typeset ({error.message[:200]})",
            where=sheet.template,
            do="use the HTML or CSV form, which holds the same",
        ) from error
    return bytes(pdf)


@cache
def _fonts() -> typst.Fonts:
    """Read once: Libertinus, which typst carries, and DejaVu; none of the machine's."""
    import typst

    from parloir.documents.glyphs import FONTS

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(FONTS)])


def _printable(value: object, key: str = "") -> object:
    from parloir.documents.glyphs import printable

    match value:
        case str():
            return value if key.startswith("svg") else printable(value)
        case Mapping():
            return {name: _printable(entry, str(name)) for name, entry in value.items()}
        case list() | tuple():
            return [_printable(entry, key) for entry in value]
        case _:
            return value
