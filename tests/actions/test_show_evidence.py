from __future__ import annotations

from pathlib import Path

import pytest

from parloir import readers
from parloir.actions import Delivery, erase_evidence, show_evidence, take_in_evidence
from parloir.errors import RecordsError
from parloir.records.models import AccessLog
from parloir.records.workspace import Workspace
from tests.actions.conftest import AUTHORITY
from tests.actions.reader import WordsReader


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, WordsReader()))


def _taken(workspace: Workspace, case: str, folder: Path, text: str) -> int:
    path = folder / "words.txt"
    path.write_text(text)
    (intake,) = take_in_evidence(workspace, case, [path], Delivery(authority=AUTHORITY))
    return intake.number


def test_each_row_set_aside_or_doubted_is_shown_with_its_reason(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    number = _taken(workspace, case, tmp_path, "words\ngood bad doubtful bad")
    shown = show_evidence(workspace, case, number)
    doubts = shown.doubts.to_pylist()
    assert [doubt["severity"] for doubt in doubts] == ["warning", "warning", "remark"]
    assert [doubt["source_row"] for doubt in doubts[:2]] == [2, 4]
    assert all(doubt["reason"] for doubt in doubts)
    assert AccessLog.objects.filter(act="show_evidence", object=f"evidence item {number}").exists()


def test_a_file_without_doubts_and_one_that_was_refused(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    assert (
        show_evidence(workspace, case, _taken(workspace, case, tmp_path, "words\ngood")).doubts.num_rows == 0
    )
    refused = show_evidence(workspace, case, _taken(workspace, case, tmp_path, "no such format"))
    assert (refused.status, refused.doubts.num_rows) == ("refused", 0)
    assert "no reader recognises" in refused.says


def test_numbers_that_name_nothing(workspace: Workspace, case: str, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="has no evidence item 7"):
        show_evidence(workspace, case, 7)
    number = _taken(workspace, case, tmp_path, "words\ngood")
    erase_evidence(workspace, case, number, "the authority has ended")
    with pytest.raises(RecordsError, match="is erased"):
        show_evidence(workspace, case, number)
