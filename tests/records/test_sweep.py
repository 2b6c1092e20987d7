from __future__ import annotations

import os
import time
from pathlib import Path

from parloir.actions import Delivery, erase_evidence, take_in_evidence
from parloir.records.models import Case
from parloir.records.setup import open_workspace
from parloir.records.sweep import sweep
from parloir.records.workspace import Workspace
from parloir.tables.working import KEPT_DAYS, RestsOn
from parloir.vault import Vault
from tests.actions.conftest import AUTHORITY, CASE, a_case


def _litter(workspace: Workspace) -> list[Path]:
    """What dead processes may have left behind."""
    a_case(workspace)
    case = Case.objects.get().pk
    folders = [
        workspace.tables / ".staging" / "4711-aa",
        workspace.runs / ".staging" / "4711-bb",
        workspace.tables_of(case, 9),
        workspace.run_of(case, 9),
    ]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "findings.parquet").write_bytes(b"half")
    incoming = workspace.vault / "incoming-4711"
    incoming.write_bytes(b"half")
    source = workspace.home.parent / "source"
    source.write_bytes(b"sealed, and then the process died")
    seal = Vault(workspace.vault).seal(source)
    return [*folders, incoming, workspace.vault / seal.sha256[:2] / seal.sha256[2:4] / seal.sha256]


def test_opening_sweeps_what_no_record_names(workspace: Workspace) -> None:
    litter = _litter(workspace)
    assert all(path.exists() for path in litter)
    open_workspace(workspace.home)
    assert not any(path.exists() for path in litter)


def test_nothing_is_swept_while_somebody_is_busy(workspace: Workspace) -> None:
    litter = _litter(workspace)
    with workspace.busy(), workspace.busy():
        assert not sweep(workspace)
    assert all(path.exists() for path in litter)
    assert sweep(workspace)
    assert not any(path.exists() for path in litter)


def _working(workspace: Workspace, name: str, rests: RestsOn | None) -> Path:
    folder = workspace.working_of(Case.objects.get().pk) / name
    folder.mkdir(parents=True)
    if rests is not None:
        rests.write(folder)
    return folder


def test_working_tables_go_with_what_they_rest_on_and_when_nobody_uses_them(
    workspace: Workspace, tmp_path: Path
) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text("visit,visitor,inmate,prison,started\nV1,A1,I1,P1,2025-02-01T10:00:00+01:00\n", "utf-8")
    take_in_evidence(workspace, a_case(workspace), [visits], Delivery(authority=AUTHORITY))
    held = frozenset({"evidence1"})
    stays = _working(workspace, "stays", RestsOn(held, frozenset()))
    goes = [
        _working(workspace, "erased", RestsOn(held | {"evidence2"}, frozenset())),
        _working(workspace, "register", RestsOn(held, frozenset({"evidence2"}))),
        _working(workspace, ".staging", None),
        _working(workspace, "unused", RestsOn(held, frozenset())),
    ]
    old = time.time() - (KEPT_DAYS + 1) * 86_400
    os.utime(goes[-1], (old, old))
    assert sweep(workspace)
    assert stays.exists()
    assert not any(folder.exists() for folder in goes)
    erase_evidence(workspace, CASE, 1, "the authority has ended")
    assert not stays.exists()
