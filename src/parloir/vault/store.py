"""The vault: sealed files under their own SHA-256, in one folder.

The rules that guard it:

1. A file bears its address only when it is whole: it is copied under a temporary name, forced to
   the disk, then renamed. A crash at any moment leaves the old state or the new one.
2. Nothing is read but verified (`sealed`). No path leaves the vault.
3. A writer holds a lock on its temporary file, which ends with the writer. `sweep` removes the
   files that no living writer holds.
4. Erasing unlinks the file. That the bytes are gone from the disk takes an encrypted disk whose key
   is destroyed; overwriting promises nothing on solid-state disks or on storage with snapshots.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from parloir.errors import EvidenceError, InputError
from parloir.vault.limits import Limits
from parloir.vault.member import Member
from parloir.vault.members import members_of
from parloir.vault.sealed import BLOCK, Progress, verified

_ADDRESS = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming-"
_READ_ONLY = 0o440


@dataclass(frozen=True, slots=True)
class Seal:
    """What identifies a sealed file: its SHA-256 (64 hexadecimal digits) and its size in bytes."""

    sha256: str
    size: int


class Vault:
    """The sealed files of a workspace. Several processes may use one vault at the same time.

    Args:
        root: folder of the vault; made when it is missing.
        limits: bounds on what is unpacked.
    """

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self._root = Path(root)
        self._limits = limits or Limits()
        try:
            self._root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _cannot("the vault cannot be made", self._root, error) from error

    def seal(self, path: Path, *, progress: Progress | None = None) -> Seal:
        """Copy a file into the vault; sealing the same bytes again verifies and keeps the copy there.

        Raises:
            EvidenceError: it is not a regular file, cannot be read, or the vault cannot be written.
            TamperedError: the vault holds a copy that is no longer what was sealed.
        """
        try:
            with _regular_file(Path(path)) as source:
                return self._take(source, progress)
        except OSError as error:
            raise _cannot("the file cannot be sealed", path, error) from error

    def holds(self, sha256: str) -> bool:
        """Whether a file lies under this address, whole or not."""
        return self._address(sha256).exists()

    def addresses(self) -> Iterator[str]:
        """The SHA-256 of every sealed file, whole or not, sorted."""
        found = (path.name for path in self._root.glob("??/??/*"))
        yield from sorted(name for name in found if _ADDRESS.fullmatch(name))

    def size(self, sha256: str) -> int:
        """Its size in bytes, by a verified reading.

        Raises:
            TamperedError: as `verify`.
        """
        return self.verify(sha256).size

    def verify(self, sha256: str, *, progress: Progress | None = None) -> Seal:
        """Hash a sealed file from its first byte to its last.

        Raises:
            TamperedError: it is missing, or not what was sealed.
        """
        whole = verified(sha256, self._address(sha256), progress)
        return Seal(whole.sha256, whole.size)

    def open(self, sha256: str) -> BinaryIO:
        """The sealed bytes as they came, packed or not, verified as they are read; for exports.

        Raises:
            TamperedError: as `verify`; also while reading.
        """
        return verified(sha256, self._address(sha256)).open()

    def members(self, sha256: str, file_name: str) -> list[Member]:
        """What there is to read in a sealed file, verified now and again at each read.

        One member for a plain or gz file, one for each file of a zip. A workbook or a web archive
        (XLSX, ODS, WACZ) is a zip by content but one plain member.

        Raises:
            TamperedError: as `verify`; also while reading.
            DamagedFileError: the archive is broken, encrypted, a bomb, or hides where its members go.
        """
        whole = verified(sha256, self._address(sha256))
        return members_of(whole, file_name, self._limits, self._root)

    def erase(self, sha256: str) -> bool:
        """Remove a sealed file for good; False when there was none, so that it can be repeated.

        The same bytes may be evidence in several cases: the caller knows, the vault does not.
        """
        address = self._address(sha256)
        try:
            address.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _cannot("the sealed file cannot be erased", sha256, error) from error
        _to_disk(address.parent)
        return True

    def sweep(self) -> int:
        """Remove what writers left that died while sealing; how many files."""
        return sum(_removed_orphan(path) for path in self._root.glob(f"{_INCOMING}*"))

    def _address(self, sha256: str) -> Path:
        if not _ADDRESS.fullmatch(sha256):
            raise InputError(
                f"“{sha256[:80]}” is not a SHA-256", do="give the 64 hexadecimal digits of the seal"
            )
        return self._root / sha256[:2] / sha256[2:4] / sha256

    def _take(self, source: BinaryIO, progress: Progress | None) -> Seal:
        file, temporary = self._incoming()
        try:
            with file:
                seal = _copied(source, file, progress)
                os.fchmod(file.fileno(), _READ_ONLY)
                os.fsync(file.fileno())
                self._keep(temporary, seal)
        finally:
            temporary.unlink(missing_ok=True)
        return seal

    def _keep(self, temporary: Path, seal: Seal) -> None:
        address = self._address(seal.sha256)
        if address.exists():
            verified(seal.sha256, address)
            return
        for folder in (address.parent.parent, address.parent):
            folder.mkdir(exist_ok=True)
            _to_disk(folder.parent)
        temporary.rename(address)
        _to_disk(address.parent)

    def _incoming(self) -> tuple[BinaryIO, Path]:
        """A new temporary file under our lock. A sweep may take it before the lock is ours: then again."""
        while True:
            descriptor, name = tempfile.mkstemp(prefix=_INCOMING, dir=self._root)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return os.fdopen(descriptor, "wb"), Path(name)
            os.close(descriptor)


def require_file(path: Path) -> None:
    """Nothing, where a file lies that can be read.

    Raises:
        EvidenceError: it cannot, or it is a folder or another thing than a file.
    """
    try:
        _regular_file(path).close()
    except OSError as error:
        raise _cannot("the file cannot be sealed", path, error) from error


def _regular_file(path: Path) -> BinaryIO:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise EvidenceError("is not a file", where=str(path), do="give the files themselves, one by one")
    return path.open("rb", buffering=0)


def _copied(source: BinaryIO, target: BinaryIO, progress: Progress | None) -> Seal:
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
        size += len(block)
        if progress:
            progress(size)
    target.flush()
    return Seal(digest.hexdigest(), size)


def _to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _removed_orphan(path: Path) -> bool:
    with suppress(FileNotFoundError, BlockingIOError, PermissionError), path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
        return True
    return False


def _cannot(what: str, where: object, error: OSError) -> EvidenceError:
    return EvidenceError(
        f"{what} ({error.strerror or error})",
        where=str(where),
        do="check the name, the permissions and the free space",
    )
