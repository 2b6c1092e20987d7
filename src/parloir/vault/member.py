"""One readable file of a sealed evidence item: the file itself, or a member of its archive."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from parloir.provenance import Locator


class Member(Protocol):
    """What a reader reads from. Every stream is verified against the seal and bounded in size."""

    evidence: str
    """SHA-256 of the sealed file."""
    file_name: str
    """Name the evidence arrived under, for messages only: formats are told by content."""
    name: str
    """Path inside the archive; empty when the sealed file is not an archive."""

    def open(self) -> BinaryIO:
        """Decompressed bytes from the start, as a seekable stream."""
        ...

    def head(self, size: int = 65536) -> bytes:
        """The first decompressed bytes, fewer when the file is shorter."""
        ...

    def locator(self, table: str, row: int) -> Locator:
        """The locator of one of its rows."""
        ...
