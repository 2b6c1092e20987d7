from __future__ import annotations

from pathlib import Path

from parloir.records.models import Case
from parloir.records.setup import open_workspace
from parloir.records.sweep import sweep
from parloir.records.workspace import Workspace
from parloir.vault import Vault
from tests.actions.conftest import a_case


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
