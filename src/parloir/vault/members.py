"""The members of a sealed file: told by content, bounded, their names free of tricks.

The rules:

1. A zip is one that starts with a local header (PKWARE APPNOTE 6.3.10, 4.3.7). Offices and archives
   of web pages dress as zip; they are one plain member, for their reader to open.
2. An archive with one member that cannot be read safely is refused as a whole: what is left out of
   half an archive is what nobody looks for.
3. Sizes that an archive claims are checked when it is listed, sizes that it reaches while it is read.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from parloir.errors import DamagedFileError
from parloir.provenance import Locator
from parloir.vault.limits import Limits
from parloir.vault.member import Member
from parloir.vault.sealed import Verified
from parloir.vault.unpacked import Origin, Packed, damage_named, refused, unpacked

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP_START = b"\x1f\x8b\x08"
_HEAD = 1 << 16
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members_of(sealed: Verified, file_name: str, limits: Limits, spool: Path) -> list[Member]:
    """The members of a verified file; unnamed temporary files go to the folder `spool`.

    Raises:
        DamagedFileError: the archive is broken, encrypted, a bomb, or hides where its members go.
    """
    with sealed.open() as file:
        start = file.read(4)
    if start in _ZIP_STARTS:
        entries = _entries(sealed, file_name, limits)
        if not _reads_as_one([entry.filename for entry in entries]):
            return [_Zipped(sealed, file_name, limits, spool, entry) for entry in entries]
    if start.startswith(_GZIP_START):
        return [_Gzipped(sealed, file_name, limits, spool)]
    return [_Plain(sealed, file_name, limits, spool)]


@dataclass(frozen=True, eq=False)
class _Plain:
    """The sealed file itself."""

    sealed: Verified
    file_name: str
    limits: Limits
    spool: Path

    @property
    def evidence(self) -> str:
        return self.sealed.sha256

    @property
    def name(self) -> str:
        return ""

    def open(self) -> io.BufferedReader:
        return self.sealed.open()

    def head(self, size: int = _HEAD) -> bytes:
        return _first_of(self)[:size] if size <= _HEAD else self.read_head(size)

    def locator(self, table: str, row: int) -> Locator:
        return Locator(self.evidence, self.name, table, row)

    def read_head(self, size: int) -> bytes:
        """As `head`, read anew."""
        found = bytearray()
        try:
            with self.open() as file:
                while len(found) < size and (piece := file.read1(size - len(found))):
                    found += piece
        except DamagedFileError:
            pass  # whoever reads on is told
        return bytes(found)


@lru_cache(maxsize=16)  # each reader asks for the same head in turn; an archive may have thousands of members
def _first_of(member: _Plain) -> bytes:
    return member.read_head(_HEAD)


class _Gzipped(_Plain):
    """The one file inside a gz (RFC 1952); its members are read one after the other."""

    def open(self) -> io.BufferedReader:
        return unpacked(Origin(self._unpack, self.file_name, self.sealed.size, self.limits, self.spool))

    def _unpack(self, closing: ExitStack) -> Packed:
        file = closing.enter_context(self.sealed.open())
        return closing.enter_context(gzip.GzipFile(fileobj=file))


@dataclass(frozen=True, eq=False)
class _Zipped(_Plain):
    """One file of a zip."""

    entry: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return self.entry.filename

    def open(self) -> io.BufferedReader:
        where = f"{self.file_name}!{self.name}"
        return unpacked(Origin(self._unpack, where, self.entry.compress_size, self.limits, self.spool))

    def _unpack(self, closing: ExitStack) -> Packed:
        file = closing.enter_context(self.sealed.open())
        archive = closing.enter_context(zipfile.ZipFile(file))
        return cast("zipfile.ZipExtFile", closing.enter_context(archive.open(self.entry)))


class _Listing(io.BufferedReader):
    """What an archive is listed from: its directory is read whole, at the size that it claims."""

    def __init__(self, raw: io.RawIOBase, largest: int) -> None:
        super().__init__(raw)
        self._largest = largest

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._largest:
            raise zipfile.BadZipFile(f"its directory is larger than {self._largest:,} bytes")
        return super().read(size)


def _entries(sealed: Verified, file_name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of a zip, folders left out, in the archive's own order."""
    with damage_named(file_name), sealed.open() as file:
        archive = zipfile.ZipFile(_Listing(cast("io.RawIOBase", file.raw), limits.directory_bytes))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    wrong = _wrong_with_archive(entries, sealed.size, limits)
    if wrong:
        raise refused(wrong, file_name)
    for entry in entries:
        wrong = _wrong_with_name(entry.orig_filename, limits) or _wrong_with_entry(entry, limits)
        if wrong:
            raise refused(f"a member of the archive {wrong}", f"{file_name}!{_shown(entry.orig_filename)}")
    return entries


def _wrong_with_archive(entries: Sequence[zipfile.ZipInfo], packed: int, limits: Limits) -> str:
    if not entries:
        return "the archive holds no file"
    if len(entries) > limits.members:
        return f"the archive holds more than {limits.members:,} files"
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes:
        return f"the archive unpacks to more than {limits.archive_bytes:,} bytes"
    if sum(entry.compress_size for entry in entries) > packed:
        return "members of the archive overlap, as in a zip bomb"
    names = Counter(entry.filename.replace("\\", "/") for entry in entries)
    name, times = names.most_common(1)[0]
    return f"the archive holds {times} members named {_shown(name)}" if times > 1 else ""


def _wrong_with_name(name: str, limits: Limits) -> str:
    path = name.replace("\\", "/")
    if not path or len(path) > limits.name_characters:
        return f"has no name, or one of more than {limits.name_characters:,} characters"
    if _CONTROL.search(path):
        return "has control characters in its name"
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return "has a name that leads out of the archive"
    return ""


def _wrong_with_entry(entry: zipfile.ZipInfo, limits: Limits) -> str:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device, not a file"
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if entry.compress_type not in _READABLE:
        return f"is compressed by method {entry.compress_type}, which is not read here"
    return limits.too_large(entry.file_size, entry.compress_size)


def _reads_as_one(names: Sequence[str]) -> bool:
    """Whether a zip is a document: ECMA-376 part 2, OpenDocument 1.3 part 2, WACZ 1.1.1."""
    roots = {name.replace("\\", "/").split("/", 1)[0] for name in names}
    office = "[Content_Types].xml" in roots and bool(roots & {"xl", "word", "ppt"})
    return office or names[0] == "mimetype" or {"datapackage.json", "archive"} <= roots


def _shown(name: str) -> str:
    return _CONTROL.sub("?", name)[:80]
