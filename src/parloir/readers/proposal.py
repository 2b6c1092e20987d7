"""A first layout for a file that none of the package fits, drawn from its headers and its values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from parloir.errors import InputError, UnknownFormatError
from parloir.identifiers import imei, imsi, radio_cell
from parloir.provenance import Locator
from parloir.readers.delimited import Sheet
from parloir.readers.fields import CLOSED
from parloir.readers.layout import Layout, header_key, names, preset
from parloir.readers.msisdn import parse_msisdn
from parloir.readers.registers import sheets
from parloir.readers.times import parse_day, parse_moment, zone

SAMPLE = 200
"""Rows whose values are looked at."""
_SURE = 0.8
"""Share of the values of a column that have to be of one kind."""
_WORDS = {"imei": "imei14", "imsi": "imsi", "msisdn": "number", "ecgi": "radio_cell", "cgi": "radio_cell"}
"""Words that decide, whatever else stands in a header: fifteen digits may be an IMEI or an IMSI."""
_KINDS = {
    **dict.fromkeys(("moc", "mocall", "mocallrecord", "mobileoriginated"), "call_out"),
    **dict.fromkeys(("mtc", "mtcall", "mtcallrecord", "mobileterminated"), "call_in"),
    **dict.fromkeys(("mosms", "smsmo", "smmo", "mosmsrecord"), "text_out"),
    **dict.fromkeys(("mtsms", "smsmt", "smmt", "mtsmsrecord"), "text_in"),
    **dict.fromkeys(("gprs", "data", "pdp", "sgsnpdprecord", "pgwrecord"), "data"),
}
"""Kinds of record as 3GPP TS 32.298 and switches name them, written as `header_key` has it."""


@dataclass(frozen=True)
class _PlainFile:
    """A file outside the vault, which is looked at and not taken in."""

    path: Path
    evidence: str = ""
    name: str = ""

    @property
    def file_name(self) -> str:
        return self.path.name

    def open(self) -> BinaryIO:
        return self.path.open("rb")

    def head(self, size: int = 65536) -> bytes:
        with self.open() as stream:
            return stream.read(size)

    def locator(self, table: str, row: int) -> Locator:
        return Locator(self.evidence, self.name, table, row)


def propose_layout(path: str | Path) -> str:
    """The text of a TOML layout, to be read and mended by a person.

    Headers are known by those of the package's layouts, other columns by their values. What is not understood
    stands as a comment with an example.

    Raises:
        InputError: the file cannot be opened.
        UnknownFormatError: it has no table with a header row.
        DamagedFileError: a workbook that cannot be read.
    """
    file = _PlainFile(Path(path))
    try:
        for sheet in sheets(file):
            if (place := _header(sheet)) is not None:
                rows = [row.cells for row in islice(sheet.rows, place + 1, place + 1 + SAMPLE)]
                return _written(file.path.stem, sheet.opening[place], rows)
    except OSError as error:
        raise InputError(
            "the file cannot be opened", where=str(path), do="give the path of a sample"
        ) from error
    raise UnknownFormatError(
        "has no table with a header row", where=file.file_name, do="give a CSV or XLSX file with one"
    )


def _header(sheet: Sheet) -> int | None:
    """The row with the most known headers, else the first with three texts and no numbers."""
    known = {
        key for layout in _layouts() for source in layout.sources for key in map(header_key, source.headers)
    }
    scores = [sum(header_key(cell) in known for cell in cells) for cells in sheet.opening]
    if max(scores, default=0) >= 2:
        return scores.index(max(scores))
    for place, cells in enumerate(sheet.opening):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) >= 3 and not any(cell.strip()[0].isdigit() for cell in filled):
            return place
    return None


def _layouts() -> list[Layout]:
    return [preset(name) for name in names()]


def _table(header: Sequence[str]) -> str:
    """The canonical table whose headers the file has most of; operators' records where that is open."""
    keys = {header_key(cell) for cell in header} - {""}

    def shared(layout: Layout) -> tuple[int, bool]:
        known = {header_key(name) for source in layout.sources for name in source.headers}
        return len(keys & known), layout.table == "network_records"

    return max(_layouts(), key=shared).table


def _written(name: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    table = _table(header)
    columns = {
        cell: [row[place] for row in rows if place < len(row) and row[place].strip()]
        for place, cell in enumerate(header)
        if cell.strip()
    }
    meant = _meant(table, columns)
    lines = [
        f"# Proposed for {_comment(name)}: read each line, mend it, then check it against the file.",
        f"table = {_quoted(table)}",
        f"title = {_quoted(name)}",
        "required = [" + ", ".join(_quoted(column) for column in meant) + "]",
        f"needed = [{_quoted('started_us') if 'started_us' in meant else ''}]",
        '# timezone = "UTC"   # of times without an offset',
        '# country = "FR"     # of numbers in national form',
        '# date_order = "mdy" # when 02/03 is the third of February',
        "",
        "[columns]",
        *(f"{column} = {_spec(headers)}" for column, headers in meant.items()),
        *_left(columns, meant),
    ]
    return "\n".join(lines + _values(table, columns, meant)) + "\n"


def _meant(table: str, columns: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Canonical column to its headers: one, or those of the date and the time."""
    known = {
        header_key(name): source.column
        for layout in _layouts()
        if layout.table == table
        for source in layout.sources
        for name in source.headers
    }
    found: dict[str, list[str]] = {}
    for header, values in columns.items():
        column = known.get(header_key(header), "")
        if not column and table == "network_records":
            column = _by_word(header) or _by_values(values)
        if column == "number" and column in found:
            column = "correspondent"
        if column == "started_us" and len(found.get(column, ())) == 1:
            found[column].append(header)
        elif column:
            found.setdefault(column, [header])
    return found


def _by_word(header: str) -> str:
    """The column of network records that a word of the header names, or an empty text."""
    words = {header_key(word) for word in re.split(r"[^\w]|_", header)}
    return next((column for word, column in _WORDS.items() if word in words), "")


def _by_values(values: Sequence[str]) -> str:
    """The column of network records that values look like, or an empty text."""
    utc = zone("UTC")
    looks = (
        ("kind", lambda text: header_key(text) in _KINDS),
        ("radio_cell", lambda text: "-" in text and (radio_cell.parse(text) or 0) >= radio_cell.CODED),
        (
            "started_us",
            lambda text: not text.isdigit() and (parse_moment(text, utc) or parse_day(f"2000-01-01 {text}")),
        ),
        ("imsi", lambda text: len(text) == 15 and imsi.parse(text) and not _labelled(text)),
        ("imei14", lambda text: len(text) in (14, 15, 16) and imei.parse(text)),
        (
            "number",
            lambda text: (
                text.lstrip("+").isdigit() and 9 <= len(text) <= 15 and parse_msisdn(text, "FR") is not None
            ),
        ),
    )
    for column, look in looks:
        if values and sum(bool(look(text.strip())) for text in values) >= _SURE * len(values):
            return column
    return ""


def _labelled(text: str) -> bool:
    found = imei.parse(text)
    return found is not None and found.check in ("ok", "zero")


def _spec(headers: Sequence[str]) -> str:
    if len(headers) == 1:
        return f"[{_quoted(headers[0])}]"
    return f"{{ date = [{_quoted(headers[0])}], time = [{_quoted(headers[1])}] }}"


def _left(columns: Mapping[str, Sequence[str]], meant: Mapping[str, Sequence[str]]) -> Iterable[str]:
    used = {header for headers in meant.values() for header in headers}
    for header, values in columns.items():
        if header not in used:
            example = _comment(values[0]) if values else "always empty"
            yield f"# not understood: {_comment(header)} ({example})"


def _values(
    table: str, columns: Mapping[str, Sequence[str]], meant: Mapping[str, Sequence[str]]
) -> list[str]:
    """Comments for the values of columns that admit only some."""
    lines: list[str] = []
    for column, headers in meant.items():
        if allowed := CLOSED.get((table, column)):
            lines += ["", f"[values.{column}]", f"# each to one of {', '.join(sorted(allowed))}"]
            distinct = list(dict.fromkeys(value.strip() for value in columns[headers[0]]))[:30]
            lines += [_value(value) for value in distinct if value not in allowed]
    return lines


def _value(written: str) -> str:
    """A line of values: what is known by its word, else for a person to fill in."""
    meant = _KINDS.get(header_key(written))
    return f"{_quoted(written)} = {_quoted(meant)}" if meant else f'# {_quoted(written)} = ""'


def _quoted(text: str) -> str:
    return json.dumps(text[:200], ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:60]
