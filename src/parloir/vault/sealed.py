"""Verified reading: no byte of a sealed file reaches a reader unless it is a byte that was sealed.

Opening hashes the whole file against its seal and keeps, from the same pass, the SHA-256 of each
block. Every later read hashes the blocks that it serves against those. So a file that is altered
while it is being read is found too, and a reader may jump about in a large archive at little cost.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parloir.errors import EvidenceError, TamperedError

BLOCK = 1 << 20
"""Bytes that are hashed together."""

Progress = Callable[[int], None]
"""Called with the number of bytes done so far."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A sealed file that was whole when it was verified.

    Attributes:
        sha256: its address in the vault.
        path: where it lies; stays inside the vault.
        size: bytes.
        blocks: SHA-256 of each block of `BLOCK` bytes, the last one shorter.
    """

    sha256: str
    path: Path
    size: int
    blocks: tuple[bytes, ...]

    def open(self) -> io.BufferedReader:
        """Its bytes from the start, seekable, each block verified as it is read."""
        return io.BufferedReader(_BlockReader(self), 1 << 16)


def verified(sha256: str, path: Path, progress: Progress | None = None) -> Verified:
    """Hash the whole file.

    Raises:
        TamperedError: it is gone, or its bytes are not those that were sealed.
    """
    whole, blocks, size = hashlib.sha256(), [], 0
    with open_sealed(sha256, path) as file:
        while block := _read(file, sha256, BLOCK):
            whole.update(block)
            blocks.append(hashlib.sha256(block).digest())
            size += len(block)
            if progress:
                progress(size)
    if whole.hexdigest() != sha256:
        raise altered(sha256)
    return Verified(sha256, path, size, tuple(blocks))


def open_sealed(sha256: str, path: Path) -> BinaryIO:
    """Open a sealed file for reading.

    Raises:
        TamperedError: it is gone.
        EvidenceError: it cannot be opened.
    """
    try:
        return path.open("rb", buffering=BLOCK)
    except FileNotFoundError:
        raise TamperedError(
            "the sealed file is missing from the vault",
            where=sha256,
            do="restore it from a backup of the vault, or record under which authority it was erased",
        ) from None
    except OSError as error:
        raise unreadable(sha256, error) from error


def altered(sha256: str) -> TamperedError:
    """The error for bytes that are not those that were sealed."""
    return TamperedError(
        "the bytes in the vault are not the bytes that were sealed",
        where=sha256,
        do="keep the disk as it is, restore the file from a backup and record what happened",
    )


def unreadable(sha256: str, error: OSError) -> EvidenceError:
    """The error for a disk or permission that gives way."""
    return EvidenceError(
        f"the sealed file cannot be read ({error.strerror or error})",
        where=sha256,
        do="check the disk and the permissions of the vault",
    )


def _read(file: BinaryIO, sha256: str, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise unreadable(sha256, error) from error


class _BlockReader(io.RawIOBase):
    """Serves verified blocks; keeps one in memory."""

    def __init__(self, sealed: Verified) -> None:
        self._sealed = sealed
        self._file = open_sealed(sealed.sha256, sealed.path)
        self._position = 0
        self._index, self._block = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._sealed.size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if self._position >= self._sealed.size:
            return 0
        index, start = divmod(self._position, BLOCK)
        piece = memoryview(self._verified_block(index))[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _verified_block(self, index: int) -> bytes:
        if index != self._index:
            self._file.seek(index * BLOCK)
            block = _read(self._file, self._sealed.sha256, BLOCK)
            if hashlib.sha256(block).digest() != self._sealed.blocks[index]:
                raise altered(self._sealed.sha256)
            self._index, self._block = index, block
        return self._block
