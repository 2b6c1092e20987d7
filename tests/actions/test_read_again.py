"""A sealed file read in another way: rows replaced whole, bytes kept, earlier runs shown no more."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from parloir import readers
from parloir.actions import (
    Delivery,
    Rereading,
    erase_evidence,
    list_leads,
    read_again,
    take_in_evidence,
    verify_case,
    weigh,
)
from parloir.errors import EvidenceError, InputError, LawfulnessError, RecordsError
from parloir.readers.reader import Options
from parloir.records.actor import Actor
from parloir.records.custody import chain
from parloir.records.models import Case, EvidenceItem
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Vault
from tests.actions.conftest import AUTHORITY, CASE
from tests.actions.reader import WordsReader
from tests.small_case import CASE as SMALL
from tests.small_case import taken_in

HOUR_US = 3_600_000_000
UTC_CLOCK = Rereading(reason="the register's clock ran on UTC", timezone="UTC")
VISITS = (
    "visit,visitor,inmate,prison,started\nV1,A1,I1,P1,2025-02-01 10:00:00\nV2,A2,I1,P1,2025-02-30 10:00:00\n"
)


@pytest.fixture
def local(workspace: Workspace, case: str, tmp_path: Path) -> Workspace:
    """Visits in local time, read as those of Paris."""
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, "utf-8")
    take_in_evidence(workspace, case, [path], Delivery(authority=AUTHORITY))
    return workspace


def _started(workspace: Workspace) -> list[int]:
    item = EvidenceItem.objects.get()
    folder = workspace.tables_of(item.case_id, item.number, item.reading)
    return pq.read_table(folder / "visits.parquet")["started_us"].drop_null().to_pylist()


def _kinds() -> list[str]:
    return [str(event.kind) for event in chain(Case.objects.get()) if event.evidence]


def test_rows_are_replaced_and_bytes_stay(local):
    (before,) = _started(local)
    digest = EvidenceItem.objects.get().sha256
    done = read_again(local, CASE, 1, UTC_CLOCK)
    assert _started(local) == [before + HOUR_US]
    assert (done.before.rows_out, done.intake.rows_in, done.intake.sha256) == (2, 2, digest)
    assert [path.name for path in local.tables.glob("case*/*")] == ["evidence1-2"]
    event = chain(Case.objects.get())[-1]
    assert (event.kind, event.evidence, event.reason) == ("read", digest, UTC_CLOCK.reason)
    assert (event.details["reading"], event.details["options"]["timezone"]) == (2, "UTC")
    assert Vault(local.vault).verify(digest)
    assert verify_case(local, CASE).holds


def test_what_is_not_told_stays_as_it_was_told(local, tmp_path):
    read_again(local, CASE, 1, UTC_CLOCK)
    options = Options(**chain(Case.objects.get())[-1].details["options"])
    read_again(local, CASE, 1, Rereading(reason="numbers are British", country="GB"))
    last = chain(Case.objects.get())[-1]
    assert last.details["options"] == {"country": "GB", "timezone": "UTC", "mapping": options.mapping}
    assert last.details["reading"] == 3
    (again,) = take_in_evidence(local, CASE, [tmp_path / "visits.csv"], Delivery(authority=AUTHORITY))
    assert again.differs == "country GB, timezone UTC"


def test_the_chain_holds_the_layout_that_was_told(local, tmp_path):
    layout = tmp_path / "own.toml"
    columns = 'visitor = "visitor"\ninmate = "inmate"\nstarted_us = "started"\n'
    layout.write_text(f'table = "visits"\nrequired = ["visitor"]\n[columns]\n{columns}', "utf-8")
    done = read_again(local, CASE, 1, Rereading(reason="own columns", mapping=str(layout)))
    assert "layout own" in done.intake.says
    assert chain(Case.objects.get())[-1].details["layout"] == layout.read_text("utf-8")
    read_again(local, CASE, 1, Rereading(reason="Parloir's columns after all", mapping=""))
    assert "layout" not in chain(Case.objects.get())[-1].details
    assert verify_case(local, CASE).holds


def test_a_format_that_was_told_is_told_again(workspace, case, tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, WordsReader()))
    path = tmp_path / "titled.txt"
    path.write_text("other\ngood good\n")
    take_in_evidence(workspace, case, [path], Delivery(authority=AUTHORITY, format="words"))
    assert read_again(workspace, case, 1, UTC_CLOCK).intake.format == "words"
    with pytest.raises(EvidenceError, match="no reader recognises it"):
        read_again(workspace, case, 1, Rereading(reason="told by content", format=""))


def test_a_reading_that_fails_leaves_the_earlier_one(local):
    with pytest.raises(EvidenceError):
        read_again(local, CASE, 1, Rereading(reason="is it a list of stays?", format="stripe"))
    assert len(_started(local)) == 1
    assert _kinds() == ["sealed", "read"]
    assert not list(local.tables.glob(".staging/*"))
    assert verify_case(local, CASE).holds


def test_a_refused_file_is_read_once_its_format_is_told(workspace, case, tmp_path, monkeypatch):
    path = tmp_path / "unknown.txt"
    path.write_text("other\ngood good\n")
    (intake,) = take_in_evidence(workspace, case, [path], Delivery(authority=AUTHORITY))
    assert intake.refusal
    monkeypatch.setattr(readers, "READERS", (*readers.READERS, WordsReader()))
    done = read_again(workspace, case, 1, Rereading(reason="it is a list of words", format="words"))
    assert (done.before.status, done.intake.status, done.intake.rows_in) == ("refused", "read", 2)
    assert _kinds() == ["sealed", "refused", "read"]
    assert verify_case(workspace, case).holds


def test_what_cannot_be_done_is_said(local):
    for how, match in (
        (Rereading(reason=" "), "reason of reading again"),
        (Rereading(reason="r", timezone="Mars/Phobos"), "is not a time zone"),
        (Rereading(reason="r", format="nothing"), "nothing"),
        (Rereading(reason="r", country="ZZ"), "is not a country"),
        (Rereading(reason="r", mapping="/nowhere.toml"), "nowhere.toml"),
    ):
        with pytest.raises(InputError, match=match):
            read_again(local, CASE, 1, how)
    with pytest.raises(RecordsError, match="no evidence item 2"):
        read_again(local, CASE, 2, UTC_CLOCK)
    with pytest.raises(LawfulnessError):
        read_again(local.by(Actor("Bob Stranger")), CASE, 1, UTC_CLOCK)
    erase_evidence(local, CASE, 1, "the authority has ended")
    with pytest.raises(RecordsError, match="is erased"):
        read_again(local, CASE, 1, UTC_CLOCK)
    assert _kinds() == ["sealed", "read", "erased"]


def test_erasing_takes_every_reading_along(local):
    read_again(local, CASE, 1, UTC_CLOCK)
    erase_evidence(local, CASE, 1, "the authority has ended")
    assert not list(local.tables.glob("case*/*"))
    assert verify_case(local, CASE).holds


@pytest.mark.parametrize("left", ["row", "chain"])
def test_verify_sees_a_reading_that_the_chain_does_not_tell_of(local, left):
    read_again(local, CASE, 1, UTC_CLOCK)
    item = EvidenceItem.objects.get()
    reading = {"row": 1, "chain": 3}[left]
    shutil.move(local.tables_of(item.case_id, 1, 2), local.tables_of(item.case_id, 1, reading))
    EvidenceItem.objects.update(reading=reading)
    assert any("another reading" in fault for fault in verify_case(local, CASE).faults)


def test_earlier_runs_stay_in_their_files_and_are_shown_no_more(workspace, tmp_path):
    taken_in(workspace, tmp_path)
    first = weigh(workspace, SMALL)
    records = EvidenceItem.objects.get(original_name="records.csv")
    done = read_again(workspace, SMALL, records.number, UTC_CLOCK)
    assert done.runs == (1,)
    with pytest.raises(RecordsError, match="was read again after run 1"):
        list_leads(workspace, SMALL)
    assert (Path(first.folder) / "findings.parquet").exists()
    again = weigh(workspace, SMALL)
    assert list_leads(workspace, SMALL).num_rows == again.leads
    assert again.findings_sha256 == first.findings_sha256, "its times bear an offset: the rows are the same"
    assert verify_case(workspace, SMALL).holds


@pytest.mark.parametrize(
    "place",
    [
        "parloir.actions.item_reading._read_members",
        "parloir.actions.item_reading._commit",  # tables staged
        "parloir.actions.item_reading._write_down",  # tables in place, the row names the earlier ones
        "parloir.actions.item_reading._say",  # the row written, not committed
        "parloir.actions.read_again.sweep",  # committed, the earlier tables still there
    ],
)
def test_it_goes_on_from_every_place_where_it_may_die(local, monkeypatch, place):
    (before,) = _started(local)
    with monkeypatch.context() as patch:
        module, _, name = place.rpartition(".")
        patch.setattr(sys.modules[module], name, _die)
        patch.setattr("parloir.tables.files.StagedTables.discard", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            read_again(local, CASE, 1, UTC_CLOCK)
    committed = place.endswith("sweep")
    open_workspace(local.home)
    assert verify_case(local, CASE).holds
    assert _started(local) == [before + committed * HOUR_US]
    assert len(list(local.tables.glob("case*/*"))) == 1
    read_again(local, CASE, 1, UTC_CLOCK)
    assert _started(local) == [before + HOUR_US]
    assert _kinds() == ["sealed", "read", "read", *(["read"] if committed else [])]
    assert verify_case(local, CASE).holds


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
