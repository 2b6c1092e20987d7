from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from parloir.actions import Delivery, erase_evidence, export_case, take_in_evidence, verify_case
from parloir.errors import EvidenceError, TamperedError
from parloir.records.custody import chain
from parloir.records.models import AccessLog, Case
from parloir.records.workspace import Workspace
from parloir.vault import Kind, Vault
from tests.actions.conftest import AUTHORITY, CASE


@pytest.fixture(autouse=True)
def _evidence(workspace: Workspace, case: str, visits_file: Path) -> None:
    take_in_evidence(workspace, case, [visits_file], Delivery(authority=AUTHORITY))


def _verifier_says(export: Path, folder: Path, *rest: str) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(export) as archive:
        verifier = archive.extract("verify_case.py", folder)
    command = [sys.executable, "-I", "-S", verifier, str(export), *rest]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_export_is_checked_without_parloir(workspace: Workspace, tmp_path: Path) -> None:
    exported = export_case(workspace, CASE, tmp_path / "case.zip", "Public prosecutor")
    assert (exported.files, exported.events) == (1, 5)
    said = _verifier_says(tmp_path / "case.zip", tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    event = chain(Case.objects.get())[-1]
    assert (event.kind, event.details["recipient"]) == (Kind.EXPORTED, "Public prosecutor")
    assert AccessLog.objects.get(act="export_case").object == str(tmp_path / "case.zip")
    assert verify_case(workspace, CASE).checkpoint == exported.checkpoint


def test_erased_evidence_is_named_in_an_export(workspace: Workspace, tmp_path: Path) -> None:
    erase_evidence(workspace, CASE, 1, "the authority has ended")
    assert export_case(workspace, CASE, tmp_path / "case.zip").files == 0
    said = _verifier_says(tmp_path / "case.zip", tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert AUTHORITY in said.stdout


def test_an_export_that_fails_is_corrected_in_the_chain(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="cannot be written"):
        export_case(workspace, CASE, tmp_path / "nowhere" / "case.zip")
    told, correction = chain(Case.objects.get())[-2:]
    assert (told.kind, correction.kind, correction.corrects) == (
        Kind.EXPORTED,
        Kind.CORRECTED,
        told.sequence,
    )
    assert verify_case(workspace, CASE).holds
    export_case(workspace, CASE, tmp_path / "case.zip")
    assert _verifier_says(tmp_path / "case.zip", tmp_path).returncode == 0


def test_nothing_is_said_when_a_file_is_gone(workspace: Workspace, tmp_path: Path) -> None:
    Vault(workspace.vault).erase(Case.objects.get().evidence.get().sha256)
    before = Case.objects.get().events.count()
    with pytest.raises(TamperedError):
        export_case(workspace, CASE, tmp_path / "case.zip")
    assert Case.objects.get().events.count() == before
    assert not (tmp_path / "case.zip").exists()
