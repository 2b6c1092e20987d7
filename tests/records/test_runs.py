from __future__ import annotations

from pathlib import Path

import pytest

from parloir.records.models import Case, Run, User
from parloir.records.runs import Weighed, commit_run, standing_runs
from parloir.records.workspace import Workspace
from tests.actions.conftest import a_case

WEIGHED = Weighed("0.1.0", {"seed": 1}, "0" * 64, ())


def _staged(workspace: Workspace, name: str) -> Path:
    folder = workspace.runs / ".staging" / name
    folder.mkdir(parents=True)
    (folder / "findings.parquet").write_text(name)
    return folder


def test_runs_are_numbered_and_put_in_their_place(workspace: Workspace) -> None:
    a_case(workspace)
    case, user = Case.objects.get(), User.objects.get()
    for number, name in ((1, "first"), (2, "second")):
        run = commit_run(workspace, case, user, WEIGHED, _staged(workspace, name))
        assert run.number == number
        assert (workspace.run_of(case.pk, number) / "findings.parquet").read_text() == name
    assert [run.number for run in standing_runs(case)] == [1, 2]
    assert not list((workspace.runs / ".staging").iterdir())


def test_a_run_that_died_before_its_row_makes_way(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_case(workspace)
    case, user = Case.objects.get(), User.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(Run.objects, "create", _die)
        with pytest.raises(KeyboardInterrupt):
            commit_run(workspace, case, user, WEIGHED, _staged(workspace, "lost"))
    commit_run(workspace, case, user, WEIGHED, _staged(workspace, "kept"))
    assert (workspace.run_of(case.pk, 1) / "findings.parquet").read_text() == "kept"


def _die(**_: object) -> None:
    raise KeyboardInterrupt
