"""One readable file of a sealed evidence item: the file itself, or a member of its archive."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from parloir.provenance import Locator


class Member(Protocol):
    """What a reader reads from. Every stream is verified against the seal and bounded in size."""

    @property
    def evidence(self) -> str:
        """SHA-256 of the sealed file."""
        ...

    @property
    def file_name(self) -> str:
        """Name the evidence arrived under, for messages only: formats are told by content."""
        ...

    @property
    def name(self) -> str:
        """Path inside a zip; empty when the sealed file is read as one, plain or gz."""
        ...

    def open(self) -> BinaryIO:
        """Unpacked bytes from the start, buffered and seekable; close it after use.

        Read forward, a packed member streams in constant memory. Going back to the start unpacks it
        again; any other jump backward, or to the end, first unpacks all of it into an unnamed file.

        Raises:
            TamperedError: the bytes are not those that were sealed; also while reading.
            DamagedFileError: truncated, or larger than allowed; also while reading.
        """
        ...

    def head(self, size: int = 65536) -> bytes:
        """The first unpacked bytes, fewer when the file is shorter or breaks off; never raises on damage.

        Raises:
            TamperedError: the bytes are not those that were sealed.
        """
        ...

    def locator(self, table: str, row: int) -> Locator:
        """The locator of one of its rows."""
        ...
