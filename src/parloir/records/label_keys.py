"""Keys of the labels on bags and forms: one secret a workspace, from which each operation's key follows.

The secret never leaves the workspace: no export, no paper and no database holds it. As long as it is kept,
the same search gets the same label when its papers are printed again; without it a label tells nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from contextlib import suppress

from parloir.errors import RecordsError
from parloir.records.workspace import Workspace
from parloir.tables.files import sync

FILE = "labels.key"
SIZE = 32


def operation_key(workspace: Workspace, case: str, operation: str) -> bytes:
    """The key of one operation of a case, 32 bytes; the same each time.

    Source: NIST SP 800-108 Revision 1, clause 4 (a key derived by HMAC from a secret and its context).

    Raises:
        RecordsError: the workspace's secret is damaged.
    """
    context = f"{len(case)}:{case}{len(operation)}:{operation}"
    return hmac.digest(_secret(workspace), context.encode(), hashlib.sha256)


def _secret(workspace: Workspace) -> bytes:
    path = workspace.home / FILE
    if not path.exists():
        _make(workspace)
    secret = path.read_bytes()
    if len(secret) != SIZE:
        raise RecordsError(
            f"the secret of the labels has {len(secret)} bytes instead of {SIZE}",
            where=str(path),
            do="bring it back from a backup, or remove it: labels already printed will then no longer match",
        )
    return secret


def _make(workspace: Workspace) -> None:
    """Written under another name and then linked: of two processes one wins, and both read the same."""
    temporary = workspace.home / f".{FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, workspace.home / FILE)
        sync(workspace.home)
    finally:
        temporary.unlink()
