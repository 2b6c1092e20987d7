from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from parloir import readers
from parloir.actions import Delivery, Intake, Step, add_authority, take_in_evidence, verify_case
from parloir.errors import EvidenceError, InputError, LawfulnessError, RecordsError
from parloir.readers.reader import Options
from parloir.records.clock import end_of, from_microseconds, moment
from parloir.records.custody import chain
from parloir.records.models import Case, EvidenceItem
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Kind, Moment, Party, Scope, Vault
from tests.actions.conftest import AUTHORITY, CASE
from tests.actions.reader import WordsReader
from tests.conftest import LEADER

DELIVERY = Delivery(authority=AUTHORITY)


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, WordsReader()))


def _file(folder: Path, words: str, name: str = "words.txt") -> Path:
    path = folder / name
    path.write_text("words\n" + words)
    return path


def _one(workspace: Workspace, path: Path, delivery: Delivery = DELIVERY) -> Intake:
    (intake,) = take_in_evidence(workspace, CASE, [path], delivery)
    return intake


def _table(workspace: Workspace, intake: Intake, name: str) -> list[dict[str, object]]:
    folder = workspace.tables_of(Case.objects.get(reference=CASE).pk, intake.number)
    return pq.read_table(folder / f"{name}.parquet").to_pylist()


def test_every_row_is_accounted_for(workspace: Workspace, case: str, tmp_path: Path) -> None:
    intake = _one(workspace, _file(tmp_path, "good good bad doubtful derived"))
    assert (intake.status, intake.refusal, intake.already) == ("read", "", False)
    assert (intake.rows_in, intake.rows_out, intake.quarantined) == (4, 3, 0)
    assert (intake.warnings, intake.remarks) == (1, 1)
    assert intake.tables == {"visitors": 2, "visits": 4, "warnings": 2}
    assert intake.members[0].unread == {"rest": 2}
    assert intake.members[0].joined == {"names": 3}
    assert intake.says == "words\ufffdof a test"
    assert len(_table(workspace, intake, "visits")) == 4
    assert json.loads(json.dumps(asdict(intake)))["rows_in"] == 4
    assert verify_case(workspace, case).holds


def test_rows_outside_the_scope_leave_only_their_locators(
    workspace: Workspace, case: str, visits_file: Path
) -> None:
    intake = _one(workspace, visits_file)
    assert (intake.rows_in, intake.rows_out, intake.quarantined, intake.warnings) == (6, 4, 2, 0)
    held = _table(workspace, intake, "quarantine")
    assert [(row["table"], row["reason"], row["source_row"]) for row in held] == [
        ("visits", "period", 4),
        ("visits", "period", 5),
    ]
    assert {row["evidence"] for row in held} == {intake.sha256}
    assert "V4" not in str(_table(workspace, intake, "visits"))
    assert case


def test_what_is_derived_or_quoted_from_a_row_outside_goes_with_it(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    intake = _one(workspace, _file(tmp_path, "good early doubtful early"))
    assert (intake.rows_in, intake.rows_out, intake.quarantined, intake.remarks) == (4, 2, 2, 3)
    assert [row["visitor"] for row in _table(workspace, intake, "visitors")] == ["A1"]
    assert [row["raw"] for row in _table(workspace, intake, "warnings")] == [None, "doubtful", None]
    held = [
        (row["table"], row["reason"], row["source_row"]) for row in _table(workspace, intake, "quarantine")
    ]
    assert sorted(held) == [
        ("visitors", "source_row", 2),
        ("visitors", "source_row", 4),
        ("visits", "period", 2),
        ("visits", "period", 4),
    ]
    assert verify_case(workspace, case).holds


def test_a_disk_that_fails_is_one_sentence(
    workspace: Workspace, case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "visits.parquet")

    with monkeypatch.context() as patch:
        patch.setattr("parloir.tables.files.StagedTables.add", full)
        with pytest.raises(RecordsError, match="a file of the workspace failed"):
            _one(workspace, _file(tmp_path, "good"))
    _assert_nothing_derived(workspace)
    assert _one(workspace, _file(tmp_path, "good")).status == "read"
    assert verify_case(workspace, case).holds


def test_rows_that_do_not_add_up_refuse_the_file(workspace: Workspace, case: str, tmp_path: Path) -> None:
    intake = _one(workspace, _file(tmp_path, "good lost bad"))
    assert intake.status == "refused"
    assert intake.refusal == (
        "words.txt: the rows do not add up: 3 in, 1 out, 0 quarantined, 1 set aside; "
        "keep the sealed file and report the defect of the reader."
    )
    _assert_nothing_derived(workspace)
    assert verify_case(workspace, case).holds


def test_a_broken_file_stays_sealed_without_a_partial_table(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    broken, whole = _file(tmp_path, "good broken"), _file(tmp_path, "good", "whole.txt")
    first, second = take_in_evidence(workspace, case, [broken, whole], DELIVERY)
    assert (first.status, second.status) == ("refused", "read")
    assert first.refusal == "words.txt: the file breaks off; ask for a whole copy."
    assert first.tables == {}
    assert Vault(workspace.vault).holds(first.sha256)
    assert verify_case(workspace, case).holds
    kinds = [event.kind for event in chain(Case.objects.get()) if event.evidence == first.sha256]
    assert kinds == [Kind.SEALED, Kind.REFUSED]


def test_a_refused_file_is_read_when_its_format_is_named(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    path = tmp_path / "untitled.txt"
    path.write_text("untitled\ngood")
    assert "no reader recognises it" in _one(workspace, path).refusal
    assert _one(workspace, path).already
    read = _one(workspace, path, replace(DELIVERY, format="words"))
    assert (read.number, read.status, read.rows_out, read.refusal) == (1, "read", 1, "")
    assert verify_case(workspace, case).holds


def test_the_same_file_twice_is_one_item(workspace: Workspace, case: str, tmp_path: Path) -> None:
    first = _one(workspace, _file(tmp_path, "good"))
    events = Case.objects.get().events.count()
    again = _one(workspace, _file(tmp_path, "good", "copy.txt"))
    assert again == replace(first, already=True)
    assert EvidenceItem.objects.count() == 1
    assert Case.objects.get().events.count() == events
    assert case


def test_an_archive_is_read_by_member(workspace: Workspace, case: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/one.txt", "words\ngood bad")
        archive.writestr("two.txt", "words\ngood")
        archive.writestr("letter.txt", "dear colleague")
    intake = _one(workspace, path)
    assert [(m.name, m.format, m.rows_in) for m in intake.members] == [
        ("a/one.txt", "words", 2),
        ("two.txt", "words", 1),
        ("letter.txt", "", 0),
    ]
    assert (intake.format, intake.rows_in, intake.rows_out, intake.warnings) == ("words", 3, 2, 1)
    assert "letter.txt: no reader recognises it; left unread" in intake.says
    assert {row["member"] for row in _table(workspace, intake, "visits")} == {"a/one.txt", "two.txt"}
    assert case


def test_one_broken_member_refuses_the_archive(workspace: Workspace, case: str, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.txt", "words\ngood")
        archive.writestr("two.txt", "words\ngood broken")
    assert _one(workspace, path).status == "refused"
    _assert_nothing_derived(workspace)
    assert case


def test_an_archive_without_files_is_refused(workspace: Workspace, case: str, tmp_path: Path) -> None:
    path = tmp_path / "none.zip"
    zipfile.ZipFile(path, "w").close()
    assert _one(workspace, path).status == "refused"
    assert case


@pytest.mark.parametrize("authority", ["", "JI-unknown"])
def test_evidence_without_authority_is_refused_unsealed(
    workspace: Workspace, case: str, tmp_path: Path, authority: str
) -> None:
    with pytest.raises(LawfulnessError):
        take_in_evidence(workspace, case, [_file(tmp_path, "good")], Delivery(authority=authority))
    assert list(Vault(workspace.vault).addresses()) == []
    assert not EvidenceItem.objects.exists()


def test_an_authority_ends_for_obtaining_and_not_for_holding(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    until = end_of(date(2025, 3, 31))
    add_authority(workspace, case, Authority("old", "Investigating judge", Scope(), until))
    path = _file(tmp_path, "good")
    with pytest.raises(LawfulnessError, match="let evidence be obtained until 2025-03-31 only"):
        take_in_evidence(workspace, case, [path], Delivery(authority="old"))
    in_time = Delivery(authority="old", occurred=moment(from_microseconds(until - 1)))
    assert _one(workspace, path, in_time).status == "read"


def test_what_has_not_happened_yet_is_refused(workspace: Workspace, case: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="in the future"):
        take_in_evidence(
            workspace, case, [_file(tmp_path, "good")], replace(DELIVERY, occurred=Moment(2**52))
        )


def test_the_chain_tells_how_a_file_arrived(workspace: Workspace, case: str, tmp_path: Path) -> None:
    delivery = replace(
        DELIVERY,
        from_whom="Bob Durand, operator",
        handling="confidential",
        place="Lille",
        seals_before=("S-1",),
        seals_after=("S-2",),
        occurred=Moment(1_740_000_000_000_000, 60),
        options=Options(country="BE"),
    )
    intake = _one(workspace, _file(tmp_path, "good"), delivery)
    sealed, read = chain(Case.objects.get())[-2:]
    assert (sealed.kind, read.kind) == (Kind.SEALED, Kind.READ)
    assert sealed.handed_by == Party("Bob Durand, operator")
    assert sealed.received_by == Party(LEADER.name, LEADER.organisation)
    assert (sealed.occurred, sealed.place) == (delivery.occurred, "Lille")
    assert (sealed.seals_before, sealed.seals_after) == (("S-1",), ("S-2",))
    assert sealed.details["handling"] == "confidential"
    assert (sealed.authority, read.authority) == (AUTHORITY, AUTHORITY)
    assert read.details["options"]["country"] == "BE"
    assert read.details["rows_in"] == intake.rows_in
    assert case


def test_a_hostile_file_name_is_kept_as_far_as_it_can_be(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    path = tmp_path / "caf\udce9'; DROP TABLE x --\n.txt"
    path.write_text("words\ngood")
    assert _one(workspace, path).original_name == "caf\ufffd'; DROP TABLE x --\n.txt"
    assert verify_case(workspace, case).holds


def test_nothing_is_sealed_for_a_format_that_is_not_known(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no format"):
        take_in_evidence(workspace, case, [_file(tmp_path, "good")], replace(DELIVERY, format="none"))
    assert list(Vault(workspace.vault).addresses()) == []


def test_a_path_that_is_no_file_is_one_sentence(workspace: Workspace, case: str, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(EvidenceError):
            take_in_evidence(workspace, case, [path], DELIVERY)
    assert not EvidenceItem.objects.exists()


def test_progress_knows_the_end_of_plain_files_only(workspace: Workspace, case: str, tmp_path: Path) -> None:
    plain = _file(tmp_path, "good")
    packed = tmp_path / "words.gz"
    packed.write_bytes(gzip.compress(b"words\ngood good"))
    steps: list[Step] = []
    take_in_evidence(workspace, case, [plain, packed], DELIVERY, steps.append)
    size = plain.stat().st_size
    reading = [step for step in steps if step.doing == "reading"]
    assert Step("sealing", "words.txt", size, size) in steps
    assert Step("reading", "words.txt", size, size) in reading
    assert {step.total for step in reading if step.file_name == "words.gz"} == {None}
    assert max(step.done for step in reading if step.file_name == "words.gz") == 15


def _assert_nothing_derived(workspace: Workspace) -> None:
    assert not list(workspace.tables.rglob("*.parquet"))


def test_nothing_is_sealed_when_one_of_the_paths_is_no_file(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    good = _file(tmp_path, "good")
    for wrong, message in ((tmp_path, "is not a file"), (tmp_path / "none.csv", "cannot be sealed")):
        with pytest.raises(EvidenceError, match=message):
            take_in_evidence(workspace, case, [good, wrong], DELIVERY)
    assert not EvidenceItem.objects.exists()


@pytest.mark.usefixtures("case")
def test_a_time_zone_that_is_none_is_told_before_anything_is_done(
    workspace: Workspace, tmp_path: Path
) -> None:
    wrong = replace(DELIVERY, options=Options(timezone="Mars/Phobos"))
    with pytest.raises(InputError, match="is not a time zone"):
        _one(workspace, _file(tmp_path, "good"), wrong)
    assert not EvidenceItem.objects.exists()


@pytest.mark.usefixtures("case")
def test_a_file_that_was_read_otherwise_says_how(workspace: Workspace, tmp_path: Path) -> None:
    path = _file(tmp_path, "good")
    assert _one(workspace, path).differs == ""
    assert _one(workspace, path).differs == ""
    again = _one(workspace, path, replace(DELIVERY, options=Options(country="GB", timezone="UTC")))
    assert (again.already, again.differs) == (True, "country FR, timezone Europe/Paris")
