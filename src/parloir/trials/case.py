"""From a simulated evidence folder to canonical tables, through the vault and the readers, without a
database."""

from __future__ import annotations

import tomllib
from pathlib import Path

from parloir import readers
from parloir.readers import Doubts, Options, Rows
from parloir.tables.files import StagedTables
from parloir.tables.store import Store
from parloir.vault import Vault


def tabulate(evidence: Path, home: Path) -> Store:
    """Seal and read every file of a manifest; what was read before is not read again.

    Args:
        evidence: a folder that `write_nation` wrote.
        home: where the vault and the tables go.

    Raises:
        EvidenceError: a file cannot be read.
    """
    manifest = tomllib.loads((evidence / "manifest.toml").read_text(encoding="utf-8"))
    vault, tables = Vault(home / "vault"), home / "tables"
    folders = []
    for number, file in enumerate(manifest["file"]):
        folder = tables / f"{number:05d}"
        if not folder.exists():
            _read(vault, evidence / file["path"], folder)
        folders.append(folder)
    return Store.of(folders)


def _read(vault: Vault, path: Path, folder: Path) -> None:
    sealed = vault.seal(path)
    with StagedTables(folder.parent) as staged:
        for member in vault.members(sealed.sha256, path.name):
            reader = readers.by_format(readers.recognise(member).format)
            for part in reader.read(member, Options()):
                if isinstance(part, Rows):
                    staged.add(part.table, part.batch)
                elif isinstance(part, Doubts):
                    staged.add("warnings", part.batch)
        staged.commit(folder)
