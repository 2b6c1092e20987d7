"""Any text made safe to show: nothing invisible, nothing that reorders what stands beside it."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters (Unicode category Cc), tab and newline apart
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"  # zero-width, and UAX #9 direction controls
    "\ud800-\udfff"  # lone surrogates, which no encoding can write
    "\ufff9-\ufffb\U000e0000-\U000e007f]"  # interlinear and tag characters
)


def visible(text: str) -> str:
    r"""The text with every unseen character written out as `\u202e` is.

    A name in evidence may hold direction overrides that would show "exe.txt" as "txt.exe", or NUL bytes
    that end it early in some viewers. Letters of every script are kept.

    Source: Unicode Technical Report #36 and Standard Annex #9, clause 2.
    """
    return _UNSEEN.sub(lambda match: _written_out(ord(match[0])), text)


def _written_out(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
