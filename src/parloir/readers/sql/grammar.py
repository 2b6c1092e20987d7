"""The lexical grammar of MySQL and MariaDB dumps, as compiled patterns over bytes.

Sources: MySQL 8.4 manual 11.1.1 (string literals), 11.2 (identifiers), 11.7 (comments); MariaDB manual,
mariadb-dump ("enable the sandbox mode"). Every repetition is possessive: a pattern never goes back over
what it read, so no text can make it slow.
"""

from __future__ import annotations

import re

_SINGLE = rb"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'(?!')"
_DOUBLE = rb'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"(?!")'
_BACK = rb"`[^`]*+(?:``[^`]*+)*+`(?!`)"
_BLOCK = rb"/\*(?:[^*]++|\*(?!/))*+\*/"
_LINE = rb"(?:--(?=[\s\x00]|\Z)|#)[^\n]*+(?:\n|\Z)"
_NAME = rb"(?:" + _BACK + rb"|" + _DOUBLE + rb"|[\w$\x80-\xff]++)"
_QUALIFIED = rb"(?:(?P<database>" + _NAME + rb")\s*+\.\s*+)?+(?P<table>" + _NAME + rb")"


def _compiled(pattern: bytes, flags: int = re.I) -> re.Pattern[bytes]:
    return re.compile(pattern, re.S | flags)


GAP = _compiled(
    rb"(?:[\s;\x00]++|"
    + _LINE
    + rb"|/\*M!999999\\-[^*]*+\*/|/\*M?!\d*+|\*/|/\*(?!M?!)(?:[^*]++|\*(?!/))*+\*/)*+"
)
"""Between statements. A comment that the server executes (`/*!40101 … */`) is read as what it holds."""

DELIMITER = _compiled(rb"DELIMITER[ \t]++(?P<mark>[^\s]++)[ \t\r]*+(?:\n|\Z)")
"""The client command around stored programs, whose bodies are no data."""

USE = _compiled(rb"USE\s++(?P<table>" + _NAME + rb")\s*+;")
NAMES = _compiled(rb"SET\s++(?:NAMES|CHARACTER\s++SET|CHARSET)\s++['\"]?(?P<charset>\w++)")
CREATE = _compiled(
    rb"CREATE\s++(?:TEMPORARY\s++)?+TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?+" + _QUALIFIED + rb"\s*+\("
)
INSERT = _compiled(
    rb"(?:INSERT|REPLACE)\s++(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s++)*+(?:INTO\s++)?+"
    + _QUALIFIED
    + rb"\s*+(?:\((?P<columns>(?:[^()`\"]++|"
    + _BACK
    + rb"|"
    + _DOUBLE
    + rb")*+)\)\s*+)?+VALUES?\s*+(?=\()"
)
INSERT_OTHERWISE = _compiled(rb"(?:INSERT|REPLACE)\s++(?:\w++\s++)*?INTO\s++" + _QUALIFIED)
"""An INSERT whose rows are not written out (SET, SELECT), or whose head cannot be read."""
COLUMN_NAME = _compiled(rb"\s*+(?P<name>" + _NAME + rb")\s*+,?+")

SKIPPED = _compiled(
    rb"(?:[^'\"`;/#-]++|"
    + _SINGLE
    + rb"|"
    + _DOUBLE
    + rb"|"
    + _BACK
    + rb"|"
    + _LINE
    + rb"|"
    + _BLOCK
    # Comments that the server executes may hold quotes; their contents are read like the rest.
    + rb"|/\*M?!|/(?!\*)|-(?!-)|--(?![\s\x00]|\Z))*+",
    flags=0,
)
"""As much of a statement as can be passed over: to its end, or to a string or comment not yet complete."""

_VALUE = rb"(?:[-+.0-9eE]++|NULL|null|" + _SINGLE + rb")"
_AFTER = rb"[\s,]*+"
_PLAIN = rb"\(" + _VALUE + rb"(?:, ?" + _VALUE + rb")*+\)" + _AFTER
PLAIN_ROW = _compiled(_PLAIN, flags=0)
"""A row of numbers, NULL and single-quoted strings alone, which a parser of CSV reads right."""
PLAIN_ROWS = _compiled(_PLAIN + rb"|.++", flags=0)
"""The same; and where there is none, everything that is left, so that a search never leaps over text."""
UNSPACED = _compiled(rb"(?:[^' ]++|" + _SINGLE + rb")++", flags=0)
"""What stands between spaces that are in no string."""

_INSIDE = rb"[^'\"`()/#-]++|" + _SINGLE + rb"|" + _DOUBLE + rb"|" + _LINE + rb"|" + _BLOCK + rb"|[/-](?![*-])"
ROW = _compiled(rb"\((?:" + _INSIDE + rb"|--(?![\s\x00])|\((?:" + _INSIDE + rb")*+\))*+\)" + _AFTER, flags=0)
"""Any row: hexadecimal and introduced literals, calls of functions and comments among its values."""

NO_ROW = _compiled(rb"[^(;'\"][^(;]*+", flags=0)
"""Text among rows that is none: the file was altered."""

TAIL = _compiled(rb"(?:ON\s++DUPLICATE|AS\s|RETURNING\s|\*/)")
"""What may follow the last row."""

AFTER_ROW = _compiled(rb"(?:[\s,]++|" + _LINE + rb"|" + _BLOCK + rb")*+")

INSIDE_QUOTES = {
    quote: _compiled(rb"(?:[^\\" + quote + rb"]++|\\.|" + quote + quote + rb")*+", flags=0)
    for quote in (b"'", b'"')
} | {b"`": _compiled(rb"(?:[^`]++|``)*+", flags=0)}
"""The rest of a string that is passed over piece by piece."""

TOKEN = _compiled(
    rb"\s++|(?P<comma>,)|(?P<text>(?:(?P<prefix>[bnx]|_\w++)\s*+)?+(?:" + _SINGLE + rb"|" + _DOUBLE + rb"))"
    rb"|(?P<hex>(?:_\w++\s++)?+0x[0-9a-f]*+)(?![\w$])|(?P<comment>" + _LINE + rb"|" + _BLOCK + rb")"
    rb"|(?P<bare>[^\s,'\"()#]++(?:\((?:" + _INSIDE + rb")*+\))?+)|(?P<wrong>.)"
)
"""One piece of a row's inside."""

ESCAPE = _compiled(rb"\\(.)")
DUMP_HEAD = _compiled(
    rb"-- (?:MySQL|MariaDB) dump|-- phpMyAdmin SQL Dump|-- Adminer|/\*M?!\d{5}|"
    rb"^\s*+(?:CREATE\s++TABLE|INSERT\s++(?:IGNORE\s++)?INTO|DROP\s++TABLE|LOCK\s++TABLES)\s",
    flags=re.I | re.M,
)
