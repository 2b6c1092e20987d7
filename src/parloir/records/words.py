"""Text from people and from files, as any database and any JSON can hold it."""

from __future__ import annotations

import re

from parloir.errors import InputError

_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


def readable(text: str) -> str:
    """The text with U+FFFD for NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold."""
    return _UNKEEPABLE.sub("\ufffd", text)


def named(what: str, text: str, longest: int = 100) -> str:
    """A name or a line that a person typed, without spaces around it.

    Raises:
        InputError: it is empty, too long, or holds characters that cannot be printed.
    """
    name = text.strip()
    if not name:
        raise InputError(f"the {what} is missing", do=f"give 1 to {longest} printable characters")
    if len(name) > longest or not name.isprintable():
        raise InputError(
            f"“{readable(name)[:longest]}” cannot be the {what}",
            do=f"give 1 to {longest} printable characters",
        )
    return name


def perhaps_named(what: str, text: str, longest: int = 100) -> str:
    """The same, or empty.

    Raises:
        InputError: as `named`.
    """
    return named(what, text, longest) if text.strip() else ""
