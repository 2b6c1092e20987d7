"""Octets of rows to Arrow columns of text.

Plain rows (numbers, NULL, single-quoted strings) become CSV by two substitutions and are read by Arrow. All
other rows, and whatever Arrow refuses, are read value by value, with a doubt for each thing that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.csv

from parloir.readers.sql import charsets, grammar
from parloir.readers.sql.literals import NoRow, values_of
from parloir.readers.text import decoded

csv: Any = pa.csv

_UNESCAPED = {
    b"0": b"\0",
    b"b": b"\b",
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"Z": b"\x1a",
    b"'": b"''",
    b"%": b"\\%",
    b"_": b"\\_",
}
"""MySQL 8.4 manual, table 11.1; the quote is doubled, as CSV wants it."""
_CSV = csv.ParseOptions(quote_char="'", double_quote=True, escape_char=False, newlines_in_values=True)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A doubt about a row: its place in the block (from 0) or number in the table (from 1)."""

    place: int
    set_aside: bool
    reason: str
    column: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Columns of a block of rows.

    Attributes:
        columns: the wanted columns as text.
        places: place in the block of each row that was kept, or None when all were.
        wrong: doubts.
    """

    columns: pa.Table
    places: list[int] | None = None
    wrong: Sequence[Wrong] = field(default=())


def decode(
    rows: Sequence[bytes], plain: bool, names: Sequence[str], wanted: Sequence[str], codec: str
) -> Decoded:
    """Read rows.

    Args:
        rows: as they were cut.
        plain: whether all are plain.
        names: of the values of a row, in their order.
        wanted: the columns to return; one that `names` lacks is null.
        codec: Python's name of the encoding.
    """
    if plain:
        try:
            return Decoded(_by_csv(rows, names, wanted, codec))
        except pa.ArrowInvalid:
            pass  # a row of another length, or octets that are no text: told row by row
    return _by_value(rows, names, wanted, codec)


def _by_csv(rows: Sequence[bytes], names: Sequence[str], wanted: Sequence[str], codec: str) -> pa.Table:
    block = b"\n".join([row[1 : row.rindex(b")")] for row in rows])
    if b", " in block:
        block = b"".join(grammar.UNSPACED.findall(block))
    if b"\\" in block:
        block = grammar.ESCAPE.sub(_unescape, block)
    if codec != "utf-8":
        block = charsets.text(block, codec)[0].encode()
    table: pa.Table = csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=list(names)),
        _CSV,
        csv.ConvertOptions(
            column_types=dict.fromkeys(wanted, pa.string()),
            include_columns=list(wanted),
            include_missing_columns=True,
            null_values=["NULL", "null"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    if table.num_rows != len(rows):
        raise pa.ArrowInvalid("rows were merged")
    return table


def _unescape(match: re.Match[bytes]) -> bytes:
    return _UNESCAPED.get(match[1], match[1])


def _by_value(rows: Sequence[bytes], names: Sequence[str], wanted: Sequence[str], codec: str) -> Decoded:
    index = {name: place for place, name in reversed(list(enumerate(names)))}
    kept: list[list[str | None]] = []
    places: list[int] = []
    wrong: list[Wrong] = []
    for place, row in enumerate(rows):
        values = values_of(row, codec)
        if isinstance(values, list) and len(values) != len(names):
            values = NoRow(f"has {len(values)} values where its table has {len(names) or 'no known'} columns")
        if isinstance(values, NoRow):
            wrong.append(Wrong(place, True, values.reason, raw=decoded(row[:4000])))
            continue
        places.append(place)
        chosen = [values[index[name]] if name in index else None for name in wanted]
        kept.append([value.text if value else None for value in chosen])
        wrong += [
            Wrong(place, False, value.doubt, name, value.text or "")
            for name, value in zip(wanted, chosen, strict=True)
            if value and value.doubt
        ]
    columns = [pa.array([row[c] for row in kept], pa.string()) for c in range(len(wanted))]
    return Decoded(pa.table(columns, names=list(wanted)), places, wrong)
