"""Bytes of a text file as whole lines of UTF-8, whatever they were encoded in, with bounded memory.

UTF-16 is told by its byte order mark. All else is read as UTF-8, and each byte that is no UTF-8 as the
character of Windows-1252, which needs no guess that could be wrong further down the file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from parloir.errors import DamagedFileError
from parloir.vault.member import Member

BLOCK = 1 << 21
"""Octets read at a time."""
LONGEST_LINE = 1_000_000
"""Octets of a line; a longer one is no line of a register."""
_WINDOWS = "parloir.windows-1252"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    # The five octets that Windows-1252 leaves free are read as Latin-1.
    text = "".join(bytes([octet]).decode("cp1252", "ignore") or chr(octet) for octet in wrong)
    return text, error.end


codecs.register_error(_WINDOWS, _as_windows_1252)


def decoded(octets: bytes) -> str:
    """Text of whole lines: UTF-8, its wrong octets as Windows-1252."""
    return octets.decode("utf-8", _WINDOWS)


def looks_like_text(head: bytes) -> bool:
    """Whether the first octets of a file can be text."""
    return bool(head) and (_utf16(head) is not None or b"\0" not in head)


def head_text(head: bytes) -> str:
    """The first octets of a file as text; a last character cut in two is replaced."""
    if encoding := _utf16(head):
        return head[2 : len(head) // 2 * 2].decode(encoding, "replace")
    return decoded(head.removeprefix(codecs.BOM_UTF8))


def _utf16(head: bytes) -> str | None:
    if head.startswith(codecs.BOM_UTF16_LE) and not head.startswith(codecs.BOM_UTF32_LE):
        return "utf-16-le"
    return "utf-16-be" if head.startswith(codecs.BOM_UTF16_BE) else None


def blocks(member: Member, size: int = BLOCK) -> Iterator[bytes]:
    """Blocks of UTF-8 (or Windows-1252) that end with a line feed, but perhaps the last.

    Raises:
        DamagedFileError: a NUL octet, or a line longer than `LONGEST_LINE`.
    """
    kept = b""
    with member.open() as stream:
        for block in _utf8(stream, size):
            if b"\0" in block:
                raise DamagedFileError(
                    "holds NUL octets, so it is no text", where=member.file_name, do="ask for the file again"
                )
            cut = block.rfind(b"\n") + 1
            if cut:
                yield kept + block[:cut]
                kept = block[cut:]
            else:
                kept += block
            if len(kept) > max(LONGEST_LINE, size):
                break
        if len(kept) > LONGEST_LINE:
            raise DamagedFileError(
                f"has a line of more than {LONGEST_LINE:,} characters",
                where=member.file_name,
                do="check that it is the file that was meant",
            )
    if kept:
        yield kept


def _utf8(stream: BinaryIO, size: int) -> Iterator[bytes]:
    first = stream.read(size)
    encoding = _utf16(first)
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
    first = first[2:] if encoding else first.removeprefix(codecs.BOM_UTF8)
    # Old Macintosh files end their lines with a carriage return alone.
    macintosh = b"\n" not in first[:65536] and b"\r" in first[:65536]
    block = first
    while block:
        if decoder:
            block = decoder.decode(block).encode()
        yield block.replace(b"\r", b"\n") if macintosh else block
        block = stream.read(size)
