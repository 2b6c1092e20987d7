"""Opening a workspace: its records made or brought up to date, bound to its folder, and swept.

Rules that hold here:

1. A database that a newer Parloir wrote is refused; an older one is migrated, by one process at a time.
2. A database and a folder belong together for good: both bear the workspace's identifier. Sweeping the files
   of one workspace by the records of another would remove its evidence.
3. The guards of the append-only tables stand, or nothing is opened.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from parloir.errors import RecordsError
from parloir.records import guards
from parloir.records.actor import Actor
from parloir.records.databases import SQLITE_FILE, reported
from parloir.records.environment import value
from parloir.records.models import Binding
from parloir.records.sweep import sweep
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing

MARK = "workspace.id"
"""File of a workspace's folder that bears its identifier."""


def open_workspace(
    home: Path | None = None, *, create: bool = False, actor: Actor | None = None
) -> Workspace:
    """Open the workspace in the folder `home`.

    Args:
        home: the folder; None for `PARLOIR_HOME`.
        create: make the workspace when the folder holds none.
        actor: who acts; None for the person whom the environment names.

    Raises:
        RecordsError: no workspace there, or its database cannot be used; the sentence says why.
        InputError: `DATABASE_URL` cannot be understood.
    """
    folder = (home or Path(value("PARLOIR_HOME"))).expanduser().resolve()
    workspace = Workspace(folder, actor or Actor.from_environment())
    with reported(str(folder)):
        _require_folder(workspace, create=create)
        workspace.use()
        _bring_up_to_date(workspace)
        _bind(workspace)
        sweep(workspace)
    return workspace


def _require_folder(workspace: Workspace, *, create: bool) -> None:
    marked = (workspace.home / MARK).exists()
    if not marked and not create:
        raise RecordsError(
            "there is no workspace in this folder",
            where=str(workspace.home),
            do="open a case with `parloir case new`, or set PARLOIR_HOME to the right folder",
        )
    if marked and not value("DATABASE_URL") and not (workspace.home / SQLITE_FILE).exists():
        raise _parted(workspace)
    try:
        workspace.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RecordsError(
            f"the workspace cannot be made ({error.strerror})",
            where=str(workspace.home),
            do="choose a folder that you may write to",
        ) from error


def _bring_up_to_date(workspace: Workspace) -> None:
    if not _behind(workspace):
        _require_guards(workspace)
        return
    with workspace.alone():
        if _behind(workspace):
            call_command("migrate", verbosity=0, interactive=False)
    _require_guards(workspace)


def _behind(workspace: Workspace) -> bool:
    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    foreign = [key for key in executor.loader.applied_migrations if key[0] == "records" and key not in known]
    if foreign:
        raise RecordsError(
            f"a newer Parloir wrote these records (migration {max(foreign)[1]})",
            where=str(workspace.home),
            do="install that version, or open another workspace",
        )
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _require_guards(workspace: Workspace) -> None:
    missing = guards.missing(connection)
    if missing:
        with workspace.alone():  # another process may be migrating: guards go up after the last migration
            missing = guards.missing(connection)
    if missing:
        raise RecordsError(
            f"{len(missing)} guards of the append-only tables are missing, {missing[0]} the first",
            where=str(workspace.home),
            do="find out who changed the database, verify each case against its last checkpoint, "
            "then run `python -m django migrate --settings parloir.records.settings`",
        )


def _bind(workspace: Workspace) -> None:
    mark = workspace.home / MARK
    bound = Binding.objects.first()
    if bound is None and not workspace.vault.exists():
        with workspace.alone():
            bound = Binding.objects.first() or _bound_now(mark)
    if bound is None or not mark.exists() or mark.read_text("ascii").strip() != str(bound.workspace):
        raise _parted(workspace)


def _bound_now(mark: Path) -> Binding:
    """Folder first: a crash in between leaves a mark without a vault, which is bound at the next start."""
    if not mark.exists():
        with replacing(mark) as temporary:
            temporary.write_text(f"{uuid.uuid4()}\n", "ascii")
    return Binding.objects.create(workspace=mark.read_text("ascii").strip())


def _parted(workspace: Workspace) -> RecordsError:
    return RecordsError(
        "the records database is not the one of this workspace",
        where=str(workspace.home),
        do="point DATABASE_URL at its own database, or bring parloir.sqlite3 back from a backup",
    )
