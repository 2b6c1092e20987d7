"""Names in a dump, and what a CREATE TABLE says of a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parloir.readers.sql.grammar import COLUMN_NAME
from parloir.readers.text import decoded

_CHARSET = re.compile(rb"(?:CHARSET|CHARACTER\s+SET)\s*=?\s*(\w+)", re.I)
_KEYS = re.compile(
    rb"\s*(?:PRIMARY\s+KEY|UNIQUE\s+(?:KEY|INDEX)|UNIQUE\s*\(|(?:FULLTEXT|SPATIAL)\b|KEY\b|INDEX\b|CONSTRAINT\b"
    rb"|FOREIGN\s+KEY|CHECK\b|PERIOD\s+FOR)",
    re.I,
)
_HIDDEN = re.compile(rb"\bGENERATED\s+ALWAYS\b|\bAS\s*\(|\bINVISIBLE\b", re.I)
_PIECE = re.compile(
    rb"[^'\"`(),]++|'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|`[^`]*+(?:``[^`]*+)*+`|.",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Structure:
    """The columns of a table.

    Attributes:
        columns: names in lower case, in the order of a row that names none.
        stored: the same without generated and invisible columns, which most dumps leave out.
        charset: the table's own character set, in which a dump made with `binary` writes it; may be empty.
    """

    columns: tuple[str, ...]
    stored: tuple[str, ...]
    charset: str


def unquoted(name: bytes) -> str:
    """A name without its quotes."""
    if name[:1] in (b"`", b'"'):
        quote = name[:1]
        name = name[1:-1].replace(quote * 2, quote)
    return decoded(name)


def column_names(listed: bytes) -> tuple[str, ...]:
    """The names of a column list, in lower case: MySQL compares them so."""
    return tuple(unquoted(match["name"]).lower() for match in COLUMN_NAME.finditer(listed))


def structure(body: bytes) -> Structure:
    """Read a CREATE TABLE from behind its opening bracket to the end of its options."""
    definitions, options = _definitions(body)
    columns, stored = [], []
    for definition in definitions:
        match = COLUMN_NAME.match(definition)
        if match is None or (not definition.lstrip().startswith((b"`", b'"')) and _KEYS.match(definition)):
            continue
        name = unquoted(match["name"]).lower()
        columns.append(name)
        if not _HIDDEN.search(definition, match.end()):
            stored.append(name)
    charset = _CHARSET.search(options)
    return Structure(tuple(columns), tuple(stored), charset[1].decode().lower() if charset else "")


def _definitions(body: bytes) -> tuple[list[bytes], bytes]:
    """The comma-separated definitions, and what follows the bracket that closes them."""
    found, current, depth = [], bytearray(), 0
    for match in _PIECE.finditer(body):
        piece = match[0]
        if piece == b")" and depth == 0:
            found.append(bytes(current))
            return found, body[match.end() :]
        depth += (piece == b"(") - (piece == b")")
        if piece == b"," and depth == 0:
            found.append(bytes(current))
            current.clear()
        else:
            current += piece
    return [*found, bytes(current)], b""
