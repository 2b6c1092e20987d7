"""Delimited text as header and rows (RFC 4180, and what people make of it), streamed."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from parloir.readers.text import LONGEST_LINE, blocks, decoded, head_text, looks_like_text
from parloir.vault.member import Member

DELIMITERS = ";,\t|"
HEADER_WITHIN = 100
"""Rows among which the header is looked for; what stands before it is a title."""
_LONGEST_ROW = 50
"""Lines that one quoted row may span; a quote open for longer was never meant to be one."""
UNCLOSED = "a quote is opened and never closed"

csv.field_size_limit(2 * LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it stood in the file.

    Attributes:
        cells: the fields.
        raw: the text of the row.
        broken: why it is no row, or empty.
    """

    cells: Sequence[str]
    raw: str
    broken: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of a file.

    Attributes:
        name: sheet of a workbook, empty for delimited text.
        opening: the first rows, among them the header.
        rows: all rows from the first on; to be read once.
    """

    name: str
    opening: Sequence[Sequence[str]]
    rows: Iterator[SourceRow]


def sheet(member: Member) -> Sheet:
    """A delimited text as a sheet.

    Raises:
        DamagedFileError: while its rows are read: NUL octets, a line without end.
    """
    return Sheet("", opening(member), rows(member))


def opening(member: Member) -> list[Sequence[str]]:
    """The first rows of a delimited text, none where the file is no text. Never raises on strange bytes."""
    head = head_of(member)
    return _opening(head, sniff(head)) if head else []


def sniff(text: str) -> str:
    """The delimiter of the first lines: the one that cuts most of them into equally many fields.

    One that cuts the first line too goes first: what stands in later lines alone may part a list in a field.
    """
    first = [line for line in text.split("\n")[:HEADER_WITHIN] if line.strip()]

    def order(delimiter: str) -> tuple[bool, int, int]:
        counts = [len(cells_of(line, delimiter)) for line in first]
        widest = max(counts, default=1)
        agreed = (sum(count == widest for count in counts) if widest > 1 else 0) * widest
        return counts[:1] > [1], agreed, widest

    return max(DELIMITERS, key=order)


def head_of(member: Member) -> str:
    """The beginning of a text with line feeds between its lines, empty where the file is no text."""
    octets = member.head()
    if not looks_like_text(octets):
        return ""
    head = head_text(octets)[:65536].replace("\r\n", "\n")
    return head if "\n" in head else head.replace("\r", "\n")


def _opening(head: str, delimiter: str) -> list[Sequence[str]]:
    return [row.cells for row in islice(rows_of(head.split("\n"), delimiter), HEADER_WITHIN)]


def rows(member: Member) -> Iterator[SourceRow]:
    """The rows of a delimited text, empty lines left out."""
    return rows_of(lines(member), sniff(head_of(member)))


def lines(member: Member) -> Iterator[str]:
    """The lines of a text, without their ends."""
    for block in blocks(member):
        for line in block.removesuffix(b"\n").split(b"\n"):
            yield decoded(line.removesuffix(b"\r"))


def rows_of(told: Iterable[str], delimiter: str) -> Iterator[SourceRow]:
    """Lines as rows, empty lines left out."""
    coming = iter(told)
    waiting: deque[str] = deque()
    while (line := waiting.popleft() if waiting else next(coming, None)) is not None:
        if not line:
            continue
        state = field_state("start", line, delimiter)
        if state != "quoted":
            yield SourceRow(cells_of(line, delimiter), line)
            continue
        taken = _closing(state, len(line), waiting, coming, delimiter)
        if taken:
            text = "\n".join((line, *taken))
            yield SourceRow(cells_of(text, delimiter), text)
        else:
            yield SourceRow((), line, UNCLOSED)


def cells_of(text: str, delimiter: str) -> list[str]:
    """The fields of one row, which may hold line feeds within quotes."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader(_kept(text), delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _kept(text: str) -> list[str]:
    """Lines with their line feeds. `splitlines` would also cut at characters that end no line here."""
    cut = text.split("\n")
    return [line + "\n" for line in cut[:-1]] + cut[-1:]


_State = Literal["start", "plain", "quoted", "closed"]
_AFTER_QUOTE: dict[_State, _State] = {
    "start": "quoted",
    "plain": "plain",
    "quoted": "closed",
    "closed": "quoted",
}


def field_state(state: _State, text: str, delimiter: str) -> _State:
    """Where a field stands at the end of a text (RFC 4180; a quote within a plain field is a character)."""
    if '"' not in text:
        return state if state == "quoted" else "plain"
    for piece in re.split(rf'("|{re.escape(delimiter)})', text):
        if piece == '"':
            state = _AFTER_QUOTE[state]
        elif piece and state != "quoted":
            state = "start" if piece == delimiter else "plain"
    return state


def _closing(
    state: _State, length: int, waiting: deque[str], coming: Iterator[str], delimiter: str
) -> list[str]:
    """The lines that close an open quote; where none does, none, and all that were tried are `waiting`."""
    taken: list[str] = []
    while len(taken) < _LONGEST_ROW and length < LONGEST_LINE:
        line = waiting.popleft() if waiting else next(coming, None)
        if line is None:
            break
        taken.append(line)
        length += len(line)
        state = field_state(state, line, delimiter)
        if state != "quoted":
            return taken
    waiting.extendleft(reversed(taken))
    return []
