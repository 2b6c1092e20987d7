"""Character sets of MySQL as Python codecs.

MySQL's `latin1` is Windows-1252 whose five free octets stand for themselves (MySQL 8.4 manual 12.10.2).
"""

from __future__ import annotations

import codecs

from parloir.readers.text import decoded

_CODECS = {
    "ascii": "utf-8",
    "utf8": "utf-8",
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "latin1": "cp1252",
    "latin2": "iso8859_2",
    "latin5": "iso8859_9",
    "latin7": "iso8859_13",
    "greek": "iso8859_7",
    "hebrew": "iso8859_8",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "macroman": "mac_roman",
    "tis620": "tis_620",
    "ujis": "euc_jp",
    "eucjpms": "euc_jp",
    "euckr": "euc_kr",
    "gb2312": "gb2312",
}
_SHIFTED = {"gbk": "gbk", "gb18030": "gb18030", "big5": "big5", "sjis": "shift_jis", "cp932": "cp932"}
"""In these the second octet of a character can be a backslash: the file is decoded before it is cut."""


def codec(charset: str) -> str:
    """The Python codec of a MySQL character set; UTF-8 where it is not known."""
    return _CODECS.get(charset.lower(), "utf-8")


def shifted(charset: str) -> codecs.IncrementalDecoder | None:
    """A decoder for the whole file, for the few character sets that need one."""
    name = _SHIFTED.get(charset.lower())
    return codecs.getincrementaldecoder(name)("replace") if name else None


def unicode_decoder(head: bytes) -> codecs.IncrementalDecoder | None:
    """A decoder for a dump in UTF-16, as PowerShell writes what it is given, or None."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace")
    return None


def text(octets: bytes, name: str) -> tuple[str, bool]:
    """Octets as text, and whether they are what the codec says; wrong ones are read as Windows-1252."""
    try:
        return octets.decode(name), True
    except UnicodeDecodeError:
        # latin1 of MySQL is never wrong: `decoded` reads the five octets that Windows-1252 leaves free.
        return _windows(octets) if name == "cp1252" else decoded(octets), name == "cp1252"


def _windows(octets: bytes) -> str:
    return "".join(bytes([octet]).decode("cp1252", "ignore") or chr(octet) for octet in octets)
