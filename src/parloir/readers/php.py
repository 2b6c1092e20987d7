"""Values that plugins pack into one column: JSON, or PHP's own serialised form (php.net, serialize)."""

from __future__ import annotations

import json
import re
from typing import Any

import phpserialize

LONGEST = 1 << 16
"""Characters of a value that is looked into."""
_PHP = re.compile(r"(?:a|O|s):[0-9]+:")
_DEEPEST = 3
_FAILURES = (ValueError, TypeError, KeyError, OverflowError, RecursionError, MemoryError)
"""What a hostile value makes the parsers raise."""


def unpacked(text: str | None) -> Any:
    """What a value holds: dictionaries, lists, texts and numbers; the text itself where it is not packed.

    A packed value inside a packed value is unpacked too, as WordPress writes them.
    """
    found: Any = text
    for _ in range(_DEEPEST):
        if not isinstance(found, str) or len(found) > LONGEST:
            break
        opened = _opened(found.strip())
        if opened is None:
            break
        found = opened
    return found


def _opened(text: str) -> Any:
    """One layer off, or None where there is none."""
    if text[:1] in ("{", "[", '"'):
        try:
            return json.loads(text)
        except _FAILURES:
            return None
    if _PHP.match(text):
        # The lengths count octets of the encoding that the shop's database had.
        for encoding in ("utf-8", "cp1252"):
            try:
                return _php(text.encode(encoding), encoding)
            except _FAILURES:
                continue
    return None


def _php(octets: bytes, encoding: str) -> Any:
    return phpserialize.loads(
        octets,
        charset=encoding,
        errors="replace",
        decode_strings=True,
        object_hook=lambda _, members: members,
    )
