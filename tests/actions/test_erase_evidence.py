from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from parloir.actions import (
    Delivery,
    add_authority,
    add_member,
    erase_evidence,
    open_case,
    show_case,
    take_in_evidence,
    verify_case,
)
from parloir.errors import InputError, LawfulnessError, RecordsError
from parloir.records.actor import Actor
from parloir.records.custody import chain
from parloir.records.models import Case, User
from parloir.records.runs import Weighed, commit_run, standing_runs
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Kind, Scope, Vault
from tests.actions.conftest import AUTHORITY, CASE
from tests.conftest import LEADER

DELIVERY = Delivery(authority=AUTHORITY)
REASON = "the authority has ended"


@pytest.fixture
def item(workspace: Workspace, case: str, visits_file: Path) -> str:
    """SHA-256 of the first evidence item of the case."""
    return take_in_evidence(workspace, case, [visits_file], DELIVERY)[0].sha256


def _run_on_all(workspace: Workspace) -> None:
    case = Case.objects.get(reference=CASE)
    folder = workspace.runs / ".staging" / "one"
    folder.mkdir(parents=True)
    (folder / "findings.parquet").write_bytes(b"findings")
    sha256 = hashlib.sha256(b"findings").hexdigest()
    items = tuple(case.evidence.filter(status="read"))
    commit_run(workspace, case, User.objects.get(), Weighed("0", {}, sha256, items), folder)


def test_file_tables_and_runs_go_hash_and_event_stay(workspace: Workspace, item: str) -> None:
    _run_on_all(workspace)
    erased = erase_evidence(workspace, CASE, 1, REASON)
    assert (erased.sha256, erased.authority, erased.runs, erased.kept_for) == (item, AUTHORITY, (1,), ())
    assert not Vault(workspace.vault).holds(item)
    assert not [path for path in workspace.tables.rglob("*") if path.is_file()]
    assert not [path for path in workspace.runs.rglob("*") if path.is_file()]
    event = chain(Case.objects.get())[-1]
    assert (event.kind, event.evidence, event.author) == (Kind.ERASED, item, LEADER.name)
    assert (event.reason, event.authority, event.details["runs"]) == (REASON, AUTHORITY, [1])
    found = verify_case(workspace, CASE)
    assert found.holds, found.faults
    assert found.erased == (f"evidence item 1 (visits.csv): erased under {AUTHORITY}",)
    shown = show_case(workspace, CASE)
    assert (shown.evidence[0].status, shown.evidence[0].sha256, shown.runs) == ("erased", item, ())


def test_runs_on_other_evidence_stand(workspace: Workspace, item: str, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("visit,visitor,inmate,started\nV1,A1,I1,2025-02-01T10:00:00+01:00\n")
    take_in_evidence(workspace, CASE, [other], DELIVERY)
    _run_on_all(workspace)
    erase_evidence(workspace, CASE, 1, REASON)
    _run_on_all(workspace)
    assert [run.number for run in standing_runs(Case.objects.get())] == [2]
    assert verify_case(workspace, CASE).holds
    assert item


def test_erasing_again_says_so_and_writes_nothing(workspace: Workspace, item: str) -> None:
    erase_evidence(workspace, CASE, 1, REASON)
    events = Case.objects.get().events.count()
    assert erase_evidence(workspace, CASE, 1, REASON).event == 0
    assert Case.objects.get().events.count() == events
    assert item


def test_the_file_stays_while_another_case_holds_it(
    workspace: Workspace, item: str, visits_file: Path
) -> None:
    open_case(workspace, "other")
    add_authority(workspace, "other", Authority("JI-9", "Investigating judge", Scope()))
    take_in_evidence(workspace, "other", [visits_file], Delivery(authority="JI-9"))
    erased = erase_evidence(workspace, CASE, 1, REASON)
    assert erased.kept_for == ("other",)
    assert Vault(workspace.vault).holds(item)
    assert verify_case(workspace, CASE).holds
    assert verify_case(workspace, "other").holds
    erase_evidence(workspace, "other", 1, REASON)
    assert not Vault(workspace.vault).holds(item)


def test_an_erased_file_may_come_back_under_a_new_authority(
    workspace: Workspace, item: str, visits_file: Path
) -> None:
    erase_evidence(workspace, CASE, 1, REASON)
    add_authority(workspace, CASE, Authority("JI-10", "Investigating judge", Scope()))
    (back,) = take_in_evidence(workspace, CASE, [visits_file], Delivery(authority="JI-10"))
    assert (back.number, back.sha256, back.already) == (2, item, False)
    found = verify_case(workspace, CASE)
    assert found.holds, found.faults
    assert len(found.erased) == 1


@pytest.mark.parametrize("files_first", [False, True])
def test_a_crash_between_record_and_files_is_finished_by_the_next_start(
    workspace: Workspace, item: str, monkeypatch: pytest.MonkeyPatch, files_first: bool
) -> None:
    """The record goes first; files that went first would be restored by nobody, and verify says so."""
    if files_first:
        Vault(workspace.vault).erase(item)
        assert "missing from the vault" in verify_case(workspace, CASE).faults[0]
        erase_evidence(workspace, CASE, 1, REASON)
    else:
        with monkeypatch.context() as patch:
            patch.setattr(sys.modules["parloir.actions.erase_evidence"], "remove_orphans", _die)
            with pytest.raises(KeyboardInterrupt):
                erase_evidence(workspace, CASE, 1, REASON)
        assert Vault(workspace.vault).holds(item)
        assert "was erased and its sealed file is still there" in verify_case(workspace, CASE).faults[0]
        open_workspace(workspace.home)
    assert not Vault(workspace.vault).holds(item)
    assert verify_case(workspace, CASE).holds


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_only_the_leader_erases_and_with_a_reason(workspace: Workspace, item: str) -> None:
    add_member(workspace, CASE, "Bob Durand", "investigator")
    with pytest.raises(LawfulnessError, match="not leader"):
        erase_evidence(workspace.by(Actor("Bob Durand")), CASE, 1, REASON)
    with pytest.raises(InputError, match="reason of an erasure"):
        erase_evidence(workspace, CASE, 1, "")
    with pytest.raises(RecordsError, match="no evidence item 9"):
        erase_evidence(workspace, CASE, 9, REASON)
    assert Vault(workspace.vault).holds(item)
