"""Unpacked bytes as a bounded, seekable stream that unpacks in constant memory while it is read forward."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from parloir.errors import DamagedFileError, EvidenceError
from parloir.vault.limits import Limits

_STEP = 1 << 18


class Packed(Protocol):
    """A stream that unpacks as it is read."""

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end only."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """What a stream unpacks.

    Attributes:
        unpack: opens it from the start; what must be closed goes on the stack.
        where: file and member, for messages.
        packed: its packed size in bytes.
        limits: when to stop.
        spool: folder for the unnamed file of a member that is read out of order.
    """

    unpack: Callable[[ExitStack], Packed]
    where: str
    packed: int
    limits: Limits
    spool: Path


def unpacked(origin: Origin) -> io.BufferedReader:
    """The unpacked bytes; see `Member.open` for what a seek costs."""
    return io.BufferedReader(_Unpacked(origin), _STEP)


def refused(what: str, where: str) -> DamagedFileError:
    """The one sentence for an archive that is not read."""
    return DamagedFileError(
        what,
        where=where,
        do="it stays sealed as it came; ask for a whole copy, or unpack it elsewhere and take in the parts",
    )


@contextmanager
def damage_named(where: str) -> Iterator[None]:
    """Turn what the libraries raise on a broken archive into a DamagedFileError."""
    try:
        yield
    except EOFError:
        raise refused("the file breaks off before its end", where) from None
    except (zlib.error, zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise refused(f"the packed data are damaged ({error})", where) from error


class _Unpacked(io.RawIOBase):
    """Streams until somebody jumps, then keeps all of it in a spool."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._closing = ExitStack()
        self._spool: IO[bytes] | None = None
        self._restart()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._spool.tell() if self._spool else self._position

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._spool.read(len(buffer)) if self._spool else self._next(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence == os.SEEK_CUR:
            offset, whence = self.tell() + offset, os.SEEK_SET
        if not self._spool:
            if whence == os.SEEK_SET and offset == 0:
                self._restart()
            if whence == os.SEEK_SET and offset >= self._position:
                return self._skip_to(offset)
            self._spool = self._spooled()
        return self._spool.seek(offset, whence)

    def close(self) -> None:
        if not self.closed:
            self._closing.close()
        super().close()

    def _restart(self) -> None:
        self._closing.close()
        with damage_named(self._origin.where):
            self._packed = self._origin.unpack(self._closing)
        self._position = 0

    def _next(self, size: int) -> bytes:
        with damage_named(self._origin.where):
            piece = self._packed.read1(size)
        self._position += len(piece)
        wrong = self._origin.limits.too_large(self._position, self._origin.packed)
        if wrong:
            raise refused(wrong, self._origin.where)
        return piece

    def _skip_to(self, offset: int) -> int:
        while self._position < offset and self._next(min(_STEP, offset - self._position)):
            pass
        return self._position

    def _spooled(self) -> IO[bytes]:
        self._restart()
        limit = self._origin.limits.spool_bytes
        spool = tempfile.SpooledTemporaryFile(limit, dir=str(self._origin.spool))  # noqa: SIM115
        self._closing.callback(spool.close)
        try:
            while piece := self._next(_STEP):
                spool.write(piece)
        except OSError as error:
            raise EvidenceError(
                f"there is no room to unpack the file ({error.strerror or error})",
                where=self._origin.where,
                do="free space on the disk of the vault",
            ) from error
        return spool
