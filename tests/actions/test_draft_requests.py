"""Requests, resellers and stock as acts: permitted, logged, within the authorities."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from parloir.actions import (
    Delivery,
    Wanted,
    add_authority,
    add_member,
    draft_requests,
    find_resellers,
    open_case,
    show_stock,
    take_in_evidence,
    verify_case,
)
from parloir.errors import EvidenceError, InputError, LawfulnessError, MissingEvidenceError
from parloir.records.actor import Actor
from parloir.records.clock import end_of, start_of
from parloir.records.custody import chain
from parloir.records.models import AccessLog, Case
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Kind
from tests.actions.conftest import AUTHORITY, CASE, IN_SCOPE

PRISONS = "prison,name,latitude,longitude,capacity\nP1,Maison d'arrêt,48.1,2.5,30\n"
CELLS = "radio_cell,operator,latitude,longitude\n208010011,Operator,48.1,2.51\n208010013,Operator,48.1,2.52\n"


def _take(workspace: Workspace, folder: Path, name: str, text: str) -> None:
    path = folder / f"{name}.csv"
    path.write_text(text, "utf-8")
    (intake,) = take_in_evidence(workspace, CASE, [path], Delivery(authority=AUTHORITY))
    assert not intake.refusal


def test_drafts_are_written_within_the_authority(workspace, case, tmp_path):
    _take(workspace, tmp_path, "prisons", PRISONS)
    _take(workspace, tmp_path, "radio_cells", CELLS)
    page, sheet = tmp_path / "r.html", tmp_path / "r.csv"
    drafted = draft_requests(workspace, case, Wanted(), page, sheet)
    with sheet.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [(r["kind"], r["radio_cells"], r["authority"], r["needs"]) for r in rows] == [
        ("tac_list", "208010011", AUTHORITY, ""),
        ("radio_cells", "208010011", AUTHORITY, ""),
        ("tac_list", "208010013", "", f"radio cells that {AUTHORITY} does not name"),
        ("radio_cells", "208010013", "", f"radio cells that {AUTHORITY} does not name"),
    ]
    assert (drafted.ready, drafted.needing) == (2, 2)
    assert drafted.to_us == IN_SCOPE.data_to_us
    assert all(row["request"] in page.read_text("utf-8") for row in rows)
    assert chain(Case.objects.get(reference=case))[-1].kind == Kind.REPORTED
    assert AccessLog.objects.filter(act="draft_requests", case__reference=case).count() == 1
    assert verify_case(workspace, case).holds


def test_an_authority_that_has_ended_covers_no_request(workspace, tmp_path):
    open_case(workspace, CASE)
    add_authority(workspace, CASE, Authority(AUTHORITY, "Judge", replace(IN_SCOPE, radio_cells=None)))
    _take(workspace, tmp_path, "prisons", PRISONS)
    told = Wanted(start_of(date(2025, 1, 1)), end_of(date(2025, 1, 31)))
    assert draft_requests(workspace, CASE, told).needing == 0
    ended = Authority("JI-OLD", "Judge", IN_SCOPE, obtain_until_us=start_of(date(2025, 6, 1)))
    add_authority(workspace, CASE, ended)
    assert "JI-OLD" not in draft_requests(workspace, CASE, told).drafts["authority"].to_pylist()


def test_what_cannot_be_drafted_is_one_sentence(workspace, case, tmp_path):
    with pytest.raises(MissingEvidenceError, match="prison"):
        draft_requests(workspace, case, Wanted())
    _take(workspace, tmp_path, "prisons", PRISONS)
    with pytest.raises(InputError, match="--from"):
        draft_requests(workspace, case, Wanted(from_us=start_of(date(2025, 3, 1)), to_us=0))
    with pytest.raises(EvidenceError, match="folder"):
        draft_requests(workspace, case, Wanted(), tmp_path / "none" / "r.html")


def test_readers_look_and_only_investigators_draft(workspace, case, tmp_path):
    _take(workspace, tmp_path, "prisons", PRISONS)
    label = "357845120001504"
    _take(workspace, tmp_path, "stock", f"imei,model,origin\n{label},L8star BM10,invoice\n")
    add_member(workspace, case, "Bob", "reader")
    reader = workspace.by(Actor("Bob"))
    assert find_resellers(reader, case).num_rows == 0
    assert show_stock(reader, case).labels == 1
    assert AccessLog.objects.filter(user__username="Bob").count() == 2
    with pytest.raises(LawfulnessError):
        draft_requests(reader, case, Wanted())
    with pytest.raises(LawfulnessError):
        find_resellers(workspace.by(Actor("Carol")), case)
