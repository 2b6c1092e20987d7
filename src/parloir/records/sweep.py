"""Removing the files that no record names: what a dead process left, and what an erasure had still to remove.

The records are the commit point: a file comes before its row, and goes after it. So whatever no row names
may go, as long as nobody is between the two; `Workspace.busy` and `Workspace.idle` see to that.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from django.db.models import QuerySet

from parloir.records.models import EvidenceItem, Run, Status
from parloir.records.workspace import Workspace
from parloir.tables import PROTECTED
from parloir.tables.files import STAGING
from parloir.tables.working import RestsOn, expired
from parloir.vault import Vault


def sweep(workspace: Workspace) -> bool:
    """Remove orphans, unless somebody is busy; True when it was done."""
    with workspace.idle() as alone:
        if alone:
            remove_orphans(workspace)
        return alone


def remove_orphans(workspace: Workspace) -> None:
    """Remove them; the caller holds the workspace alone."""
    for root in (workspace.tables, workspace.runs):
        shutil.rmtree(root / STAGING, ignore_errors=True)
    read = EvidenceItem.objects.filter(status=Status.READ)
    read_into = read.values_list("case_id", "number", "reading")
    _keep_only(workspace.tables.glob("case*/evidence*"), {workspace.tables_of(*key) for key in read_into})
    standing = Run.objects.filter(erasure=None).values_list("case_id", "number")
    _keep_only(workspace.runs.glob("case*/run*"), {workspace.run_of(*key) for key in standing})
    _sweep_working(workspace, read)
    _sweep_vault(Vault(workspace.vault))


def _keep_only(found: Iterable[Path], kept: set[Path]) -> None:
    for folder in found:
        if folder not in kept:
            shutil.rmtree(folder)


def _sweep_working(workspace: Workspace, read: QuerySet[EvidenceItem]) -> None:
    """Working tables stay while all that they rest on stands, no register has joined, and they are used."""
    records: dict[Path, set[str]] = {}
    registers: dict[Path, set[str]] = {}
    for item in read:
        case, name = workspace.working_of(item.case_id), _tables_of(workspace, item).name
        records.setdefault(case, set()).add(name)
        if PROTECTED.name in item.tables:
            registers.setdefault(case, set()).add(name)
    for folder in workspace.working.glob("case*/*"):
        rests, case = RestsOn.read(folder), folder.parent
        held, walls = records.get(case, set()), registers.get(case, set())
        if rests is None or not rests.records <= held or rests.registers != walls or expired(folder):
            shutil.rmtree(folder)


def _tables_of(workspace: Workspace, item: EvidenceItem) -> Path:
    return workspace.tables_of(item.case_id, item.number, item.reading)


def _sweep_vault(vault: Vault) -> None:
    vault.sweep()
    held = set(EvidenceItem.objects.exclude(status=Status.ERASED).values_list("sha256", flat=True))
    for sha256 in vault.addresses():
        if sha256 not in held:
            vault.erase(sha256)
