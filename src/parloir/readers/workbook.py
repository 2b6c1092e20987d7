"""XLSX workbooks (ISO/IEC 29500, SpreadsheetML) as sheets of text, streamed with bounded memory.

Read with an event parser without entities: a sheet is never held whole, however large the bounds it claims.
Dates, which a workbook keeps as days since 1900 (or 1904) and tells by the cell's number format, become ISO
8601 text.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import IO, Any

from lxml import etree

from parloir.errors import DamagedFileError
from parloir.readers.delimited import HEADER_WITHIN, Sheet, SourceRow
from parloir.vault.member import Member

LARGEST_PART = 1_000_000_000
"""Octets of one part after inflation."""
LARGEST_STRINGS = 200_000_000
"""Octets of all shared strings, which alone are held in memory."""
WIDEST = 1024
"""Columns that are read; a register has fewer."""
_LARGEST_ROW = 100_000
"""Elements of one row; the parser holds a row whole."""
_NS = re.compile(r"\{[^}]*\}")
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in number formats that show dates and times (ISO/IEC 29500-1 §18.8.30)."""
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to."""

    strings: Sequence[str]
    dates: frozenset[int]
    epoch: datetime


def looks_like_workbook(member: Member) -> bool:
    """Whether the file begins as a zip archive does."""
    return member.head(4) == b"PK\x03\x04"


def sheets(member: Member) -> Iterator[Sheet]:
    """The sheets of a workbook in their order; each must be read before the next.

    Raises:
        DamagedFileError: not a workbook, or broken, or larger than any register.
    """
    try:
        with member.open() as stream, zipfile.ZipFile(stream) as archive:
            names, epoch = _workbook(archive)
            book = _Book(_strings(archive), _date_styles(archive), epoch)
            for name, part in names:
                rows = _rows(archive, part, book, member.file_name)
                first = list(islice(rows, HEADER_WITHIN))
                yield Sheet(name, [row.cells for row in first], chain(first, rows))
    except (*_BROKEN, KeyError, ValueError, IndexError) as error:
        raise _damaged(member.file_name, error) from error


def _damaged(where: str, error: Exception) -> DamagedFileError:
    said = " ".join(str(error).split())[:120]
    return DamagedFileError(
        f"cannot be read as an XLSX workbook ({said or type(error).__name__})",
        where=where,
        do="open it in a spreadsheet and save it again as XLSX or CSV",
    )


def _local(element: Any) -> str:
    return _NS.sub("", element.tag) if isinstance(element.tag, str) else ""


def _elements(archive: zipfile.ZipFile, part: str, wanted: str) -> Iterator[Any]:
    """Elements of a part by their local name, freed after use."""
    with archive.open(part) as stream:
        bounded = _Bounded(stream, LARGEST_PART)
        events = etree.iterparse(
            bounded, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        held = 0
        for _, element in events:
            held += 1
            if held > _LARGEST_ROW:
                raise ValueError("a row larger than any register's")
            if _local(element) == wanted:
                held = 0
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]


class _Bounded:
    """A stream that ends with an error where a bomb would go on."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._left = stream, limit

    def read(self, size: int = -1) -> bytes:
        octets = self._stream.read(size)
        self._left -= len(octets)
        if self._left < 0:
            raise ValueError("larger than any register")
        return octets


def _workbook(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], datetime]:
    """Sheet names with their parts, and the day that dates count from."""
    targets = {}
    for relation in _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship"):
        target = relation.get("Target", "")
        targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found, epoch = [], datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no zone
    for element in _elements(archive, "xl/workbook.xml", "sheet"):
        identifier = next(
            (value for key, value in element.attrib.items() if _NS.sub("", str(key)) == "id"), ""
        )
        if identifier in targets:
            found.append((str(element.get("name", "")), targets[identifier]))
    for properties in _elements(archive, "xl/workbook.xml", "workbookPr"):
        if properties.get("date1904") in ("1", "true"):
            epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - a workbook knows no zone
    return [(name, part) for name, part in found if part.startswith("xl/worksheets/")], epoch


def _strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings, size = [], 0
    for element in _elements(archive, "xl/sharedStrings.xml", "si"):
        text = _text(element)
        size += len(text) + 50
        if size > LARGEST_STRINGS:
            raise ValueError("more text than any register")
        strings.append(text)
    return strings


def _text(element: Any) -> str:
    """The text of a string or inline string, without its phonetic reading."""
    pieces = [t.text or "" for t in element.iter() if _local(t) == "t" and _local(t.getparent()) != "rPh"]
    return "".join(pieces)


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Cell styles that show a date or time."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    own = {
        int(element.get("numFmtId", "0"))
        for element in _elements(archive, "xl/styles.xml", "numFmt")
        if _shows_date(element.get("formatCode", ""))
    }
    for element in _elements(archive, "xl/styles.xml", "cellXfs"):
        ids = [int(xf.get("numFmtId", "0")) for xf in element if _local(xf) == "xf"]
        return frozenset(place for place, number in enumerate(ids) if number in own | _DATE_FORMATS)
    return frozenset()


def _shows_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower()
    return re.search(r"[ymdhs]", bare) is not None and "general" not in bare


def _rows(archive: zipfile.ZipFile, part: str, book: _Book, where: str) -> Iterator[SourceRow]:
    try:
        for element in _elements(archive, part, "row"):
            cells = _cells(element, book)
            if any(cells):
                yield SourceRow(cells, " | ".join(cells))
    except (*_BROKEN, KeyError, ValueError, IndexError) as error:
        raise _damaged(where, error) from error


def _cells(row: Any, book: _Book) -> list[str]:
    cells: list[str] = []
    for element in row:
        if _local(element) != "c":
            continue
        place = _place(element.get("r", ""), len(cells))
        if place >= WIDEST:
            break
        cells.extend([""] * (place - len(cells)))
        cells[place:] = [_cell(element, book)]
    return cells


def _place(reference: str, following: int) -> int:
    """Column of a reference such as BC12, counted from 0; cells without one follow each other."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return following
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def _cell(element: Any, book: _Book) -> str:
    kind = element.get("t", "n")
    if kind == "inlineStr":
        return _text(element)
    written = next((child.text or "" for child in element if _local(child) == "v"), "")
    if kind == "s":
        return book.strings[int(written)] if written else ""
    if kind != "n" or not written:
        return "" if kind == "e" else written
    style = element.get("s", "0")
    return _number(written, style.isdecimal() and int(style) in book.dates, book.epoch)


def _number(written: str, date: bool, epoch: datetime) -> str:
    number = float(written)
    if date and 0 <= number < 2_958_466:  # the last day of the year 9999
        return _date(number, epoch)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return written


def _date(serial: float, epoch: datetime) -> str:
    seconds = round(serial * 86400)
    moment = epoch + timedelta(seconds=seconds)
    if serial < 1:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d") if seconds % 86400 == 0 else moment.strftime("%Y-%m-%d %H:%M:%S")
