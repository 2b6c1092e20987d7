"""The values of one row, read one by one (MySQL 8.4 manual 11.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parloir.readers.sql import charsets, grammar

_ESCAPED = {
    b"0": b"\0",
    b"b": b"\b",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"Z": b"\x1a",
    b"%": b"\\%",
    b"_": b"\\_",
}
_NUMBER = re.compile(rb"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WORDS = {b"NULL": None, b"DEFAULT": None, b"TRUE": "1", b"FALSE": "0"}
EXPRESSION = "is an expression, not a value"
NOT_TEXT = "is no text in the dump's character set; its wrong octets are read as Windows-1252"


@dataclass(frozen=True, slots=True)
class NoRow:
    """Why something is no row."""

    reason: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as text, null where it is NULL, and what is doubtful about it."""

    text: str | None
    doubt: str = ""


def values_of(row: bytes, codec: str) -> list[Value] | NoRow:
    """The values of a row as it was cut, brackets included."""
    end = row.rfind(b")")
    if not row.startswith(b"(") or end < 0:
        return NoRow("is text that is no row")
    values: list[Value | None] = [None]
    for match in grammar.TOKEN.finditer(row, 1, end):
        if match["wrong"]:
            return NoRow("has a character that belongs to no value")
        if match["comma"]:
            values.append(None)
        elif match["text"] or match["hex"] or match["bare"]:
            values[-1] = _joined(values[-1], _value(match, codec))
    told = [value for value in values if value is not None]
    return told if len(told) == len(values) else NoRow("has nothing between two commas")


def _joined(first: Value | None, second: Value) -> Value:
    """Strings side by side are one string."""
    if first is None:
        return second
    return Value((first.text or "") + (second.text or ""), first.doubt or second.doubt)


def _value(match: re.Match[bytes], codec: str) -> Value:
    if match["text"]:
        return _string(match["text"], match["prefix"] or b"", codec)
    if match["hex"]:
        return _hexadecimal(match["hex"].lower().rpartition(b"0x")[2], codec)
    bare = match["bare"]
    if bare.upper() in _WORDS:
        return Value(_WORDS[bare.upper()])
    written = charsets.text(bare, codec)[0]
    return Value(written) if _NUMBER.fullmatch(bare) else Value(written, EXPRESSION)


def _string(token: bytes, prefix: bytes, codec: str) -> Value:
    quote = token[-1:]
    inside = token[len(prefix) :].lstrip()[1:-1].replace(quote * 2, quote)
    kind = prefix.lower()
    if kind == b"x":
        return _hexadecimal(inside, codec)
    if kind == b"b":
        return (
            Value(str(int(inside or b"0", 2)))
            if not inside.strip(b"01")
            else Value(inside.decode("ascii", "replace"), EXPRESSION)
        )
    octets = grammar.ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), inside)
    return _text(octets, charsets.codec(kind[1:].decode()) if kind.startswith(b"_") else codec)


def _hexadecimal(digits: bytes, codec: str) -> Value:
    try:
        octets = bytes.fromhex((b"0" * (len(digits) % 2) + digits).decode("ascii"))
    except ValueError:
        return Value(digits.decode("ascii", "replace"), EXPRESSION)
    return _text(octets, codec)


def _text(octets: bytes, codec: str) -> Value:
    text, right = charsets.text(octets, codec)
    return Value(text, "" if right else NOT_TEXT)
