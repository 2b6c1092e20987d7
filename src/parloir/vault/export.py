"""An exported case: a ZIP that anybody can check without Parloir.

It holds the sealed files, `custody.jsonl`, `manifest.json`, a README and `verify_case.py`. The bytes of
the ZIP follow from its contents alone: entries stored, in a fixed order, dated 1980-01-01. The manifest
lists the files; the last custody event, of kind `exported`, bears the manifest's SHA-256; the checkpoint
of that event, printed, so vouches for the whole. Hence the order of the three steps:

    listed = manifest(contents, vault)
    event = chained(Event(kind=Kind.EXPORTED, details=vouching(listed), …), last)
    checkpoint = write_case(out, listed, [*events, event], vault)
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import IO, Any

from parloir.errors import CustodyError, EvidenceError
from parloir.vault import verify_case
from parloir.vault.custody import Checkpoint, Event, canonical_json
from parloir.vault.sealed import BLOCK, Progress
from parloir.vault.store import Vault

_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, order=True)
class Present:
    """An evidence file that goes into the export: its SHA-256 and the name under which it arrived."""

    sha256: str
    original_name: str


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """An evidence file that was erased, and the reference of the authority for its erasure."""

    sha256: str
    original_name: str
    under: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What an export holds.

    Attributes:
        case: JSON values about the case; `name` is the one that its chain bears.
        files: every file that an event of the chain says was sealed and that was not erased since.
        erased: every file that was erased.
    """

    case: Mapping[str, Any]
    files: Iterable[Present]
    erased: Iterable[Erased] = field(default_factory=tuple)


def manifest(contents: Contents, vault: Vault) -> bytes:
    """The list of the export in canonical JSON, each file verified against its seal.

    Raises:
        TamperedError: a file is missing from the vault or not what was sealed.
        CustodyError: the case holds a value that canonical JSON has no form for.
    """
    listed = [
        {"sha256": file.sha256, "original_name": file.original_name, "size": vault.size(file.sha256)}
        for file in sorted(set(contents.files))
    ]
    erased = [
        {"sha256": item.sha256, "original_name": item.original_name, "under": item.under}
        for item in sorted(set(contents.erased))
    ]
    parts = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in _parts().items()
    ]
    values = {"format": verify_case.FORMAT, "case": dict(contents.case), "files": listed, "erased": erased}
    return canonical_json({**values, "parts": parts}, "the list of the export")


def vouching(manifest: bytes) -> dict[str, str]:
    """The `details` of the `exported` event that vouches for a manifest."""
    return {"manifest": hashlib.sha256(manifest).hexdigest()}


def write_case(
    out: Path, manifest: bytes, events: Sequence[Event], vault: Vault, *, progress: Progress | None = None
) -> Checkpoint:
    """Write the export under a temporary name, check it with its own verifier, and rename it to `out`.

    Args:
        out: the ZIP; replaced when it exists.
        manifest: from `manifest`.
        events: the whole chain; the last one is the export itself, with `vouching(manifest)`.
        vault: where the files lie.
        progress: called with the evidence bytes written so far.

    Returns:
        The checkpoint to print.

    Raises:
        CustodyError: the finished export does not pass its own check (a broken chain, a stray file).
        TamperedError: a file is not what was sealed.
        EvidenceError: `out` cannot be written.
    """
    with _replacing(out) as file:
        _write(file, manifest, events, _evidence(manifest, vault, progress))
        faults = verify_case.check(verify_case.Export(file.name)).faults
        if faults:
            raise CustodyError(
                f"the export would not be whole: {faults[0].what} ({len(faults)} in all)",
                where=faults[0].where,
                do="verify the case and record what happened before exporting it",
            )
    return Checkpoint.of(events[-1])


Piece = tuple[str, Iterable[bytes], int]
"""An entry of the ZIP: its name, its bytes in blocks, its size."""


def _write(file: IO[bytes], manifest: bytes, events: Sequence[Event], evidence: Iterable[Piece]) -> None:
    custody = b"".join(canonical_json(event.as_json(), "custody") + b"\n" for event in events)
    small = {verify_case.CUSTODY: custody, verify_case.MANIFEST: manifest, **_parts()}
    entries: list[Piece] = [(name, [data], len(data)) for name, data in small.items()]
    with zipfile.ZipFile(file, "w") as archive:
        for name, blocks, size in chain(entries, evidence):
            _add(archive, name, blocks, size)
    file.flush()


def _add(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes], size: int) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.create_system, entry.external_attr = 3, verify_case.FILE_MODE << 16
    entry.file_size = size
    with archive.open(entry, "w") as target:
        for block in blocks:
            target.write(block)


def _evidence(
    manifest: bytes, vault: Vault, progress: Progress | None
) -> Iterator[tuple[str, Iterable[bytes], int]]:
    sizes = {file["sha256"]: file["size"] for file in verify_case.parsed(manifest)["files"]}
    done = 0
    for address, size in sorted(sizes.items()):
        yield verify_case.EVIDENCE + address, _blocks(vault, address), size
        done += size
        if progress:
            progress(done)


def _blocks(vault: Vault, address: str) -> Iterator[bytes]:
    with vault.open(address) as file:
        while block := file.read(BLOCK):
            yield block


def _parts() -> dict[str, bytes]:
    package = resources.files("parloir.vault")
    return {
        verify_case.README: (package / "readme_of_an_export.txt").read_bytes(),
        verify_case.VERIFIER: (package / "verify_case.py").read_bytes(),
    }


@contextmanager
def _replacing(out: Path) -> Iterator[IO[bytes]]:
    """A new file beside `out` that takes its place when all went well, and is removed when not."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}-", delete=False) as file:
            try:
                yield file
                os.fsync(file.fileno())
                Path(file.name).replace(out)
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        raise EvidenceError(
            f"the export cannot be written ({error.strerror or error})",
            where=str(out),
            do="check the folder, its permissions and the free space",
        ) from error
