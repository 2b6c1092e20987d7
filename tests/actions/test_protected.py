"""The protected register walls privileged contacts off, whether it comes first or last."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parloir.actions import (
    Delivery,
    Intake,
    add_authority,
    explain_lead,
    list_leads,
    show_case,
    show_evidence,
    take_in_evidence,
    verify_case,
    weigh,
    write_report,
)
from parloir.actions.case_store import case_store
from parloir.contacts import correspondents, known_numbers, records_inside
from parloir.errors import LawfulnessError
from parloir.records.models import Case
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope
from tests.actions.conftest import AUTHORITY, CASE
from tests.small_case import CASE as SMALL
from tests.small_case import number, taken_in

LAWYER, MOTHER = 33199001018, 33639980001
SPECIAL = "JI-2025-0043"
PROTECTED = number(0, 0)
CONTACTS = f"inmate,number,family_name,given_name\nI1,+{LAWYER},Bétachard,Sandrine\nI1,+{MOTHER},Nom,Mère\n"
REGISTER = f"category,family_name,given_name,number\nlawyer,Bétachard,Sandrine,+{LAWYER}\n"


def _take(workspace: Workspace, folder: Path, name: str, text: str, authority: str = AUTHORITY) -> Intake:
    path = folder / f"{name}.csv"
    path.write_text(text, "utf-8")
    (intake,) = take_in_evidence(workspace, CASE, [path], Delivery(authority=authority))
    assert not intake.refusal
    return intake


def _known(workspace: Workspace) -> set[int]:
    links = pa.table({"left": [""], "right": [""], "probability": [0.0]})
    store = case_store(workspace, Case.objects.get(reference=CASE))
    return set(known_numbers(store.connect(), links)["number"].to_pylist())


def test_rows_of_the_register_are_walled_off_at_take_in_and_counted(workspace, case, tmp_path):
    _take(workspace, tmp_path, "protected", REGISTER)
    intake = _take(workspace, tmp_path, "approved_contacts", CONTACTS)
    assert (intake.rows_in, intake.rows_out, intake.quarantined, intake.warnings) == (2, 1, 1, 0)
    folder = workspace.tables_of(Case.objects.get(reference=case).pk, intake.number)
    held = pq.read_table(folder / "quarantine.parquet").to_pylist()
    assert [(row["table"], row["reason"], row["source_row"]) for row in held] == [
        ("approved_contacts", "protected", 1)
    ]
    kept = "".join(str(pq.read_table(path).to_pylist()) for path in folder.glob("*.parquet"))
    assert str(LAWYER) not in kept and "Bétachard" not in kept
    assert _known(workspace) == {MOTHER}
    assert verify_case(workspace, case).holds


def test_namesakes_are_told_apart_and_told_of(workspace, case, tmp_path):
    _take(workspace, tmp_path, "protected", REGISTER)
    rows = ("V1,Bétachard,Sandrine,,sœur", "V2,Bétachard,Sandrine,,", "V3,Bétachard,Sandrine,,avocate")
    text = "visitor,family_name,given_name,numbers,relation\n" + "\n".join(rows) + "\n"
    intake = _take(workspace, tmp_path, "visitors", text)
    assert (intake.rows_in, intake.rows_out, intake.quarantined) == (3, 1, 2)
    found = show_case(workspace, case).protection
    assert found is not None
    assert (found.held_back, found.by_name, found.namesakes) == (2, 1, {"visitors": 1})
    assert len(found.says) == 3
    shown = show_evidence(workspace, case, intake.number)
    assert [(row["source_row"], row["name"]) for row in shown.namesakes.to_pylist()] == [
        (1, "Sandrine Bétachard")
    ]
    assert sorted(row["reason"] for row in shown.held_back.to_pylist()) == ["protected", "protected_name"]


def test_a_case_without_a_register_protects_nobody(workspace, case, tmp_path):
    intake = _take(workspace, tmp_path, "approved_contacts", CONTACTS)
    assert show_case(workspace, case).protection is None
    assert show_evidence(workspace, case, intake.number).namesakes.num_rows == 0


def test_rows_taken_in_before_the_register_are_in_no_view(workspace, case, tmp_path):
    intake = _take(workspace, tmp_path, "approved_contacts", CONTACTS)
    assert (intake.quarantined, _known(workspace)) == (0, {MOTHER, LAWYER})
    _take(workspace, tmp_path, "protected", REGISTER)
    assert _known(workspace) == {MOTHER}
    assert case_store(workspace, Case.objects.get(reference=case)).walled() == {"approved_contacts": 1}
    assert verify_case(workspace, case).holds


@pytest.mark.parametrize("register_first", [True, False])
def test_a_special_authority_lifts_it_for_what_is_held_under_it(workspace, case, tmp_path, register_first):
    scope = Scope(purposes=("inquiry", "Privileged  contacts"))
    add_authority(workspace, case, Authority(SPECIAL, "Investigating judge", scope))
    files = [("protected", REGISTER, AUTHORITY), ("approved_contacts", CONTACTS, SPECIAL)]
    for name, text, authority in files if register_first else reversed(files):
        intake = _take(workspace, tmp_path, name, text, authority)
        assert intake.quarantined == 0
    assert _known(workspace) == {MOTHER, LAWYER}


def test_no_correspondent_is_protected(workspace, case, tmp_path):
    _take(
        workspace,
        tmp_path,
        "records",
        "imei14,number,correspondent,kind,started,duration_s,radio_cell\n"
        f"35000000000001,33639980009,{LAWYER},call_out,2025-02-01T10:00:00Z,9,208010011\n"
        f"35000000000001,33639980009,{MOTHER},call_out,2025-02-01T11:00:00Z,9,208010011\n",
    )
    _take(workspace, tmp_path, "protected", REGISTER)
    handsets = pa.table({"imei14": [35000000000001], "handset": [35000000000001]})
    inside = pa.table(
        {"handset": [35000000000001], "prison": ["P1"], "from_us": [0], "to_us": [2_000_000_000_000_000]}
    )
    connection = case_store(workspace, Case.objects.get(reference=case)).connect()
    with records_inside(connection, handsets, inside):
        assert set(correspondents(connection)["number"].to_pylist()) == {MOTHER}


@pytest.fixture(scope="module")
def weighed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small case, weighed before and after a register that protects one person of inmate 0."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.setenv("PARLOIR_USER", "Alice Martin")
        folder = tmp_path_factory.mktemp("weighed")
        workspace = open_workspace(folder / "home", create=True)
        taken_in(workspace, folder / "files")
        weigh(workspace, SMALL)
        register = folder / "protected.csv"
        row = f"lawyer,Proche0,P0,+{PROTECTED}\n"
        register.write_text("category,family_name,given_name,number\n" + row, "utf-8")
        (authority,) = Case.objects.get(reference=SMALL).authorities.all()
        take_in_evidence(workspace, SMALL, [register], Delivery(authority=authority.reference))
    return workspace


def test_a_run_weighed_before_the_register_is_shown_no_more(weighed, tmp_path):
    weighed.use()
    for look in (
        lambda: list_leads(weighed, SMALL, 1),
        lambda: explain_lead(weighed, SMALL, "1", 1),
        lambda: write_report(weighed, SMALL, tmp_path / "report.html", 1),
    ):
        with pytest.raises(LawfulnessError, match="weigh the case again"):
            look()


def test_no_finding_lead_report_or_explanation_shows_a_protected_number(weighed, tmp_path):
    run = weigh(weighed, SMALL)
    assert run.walled["approved_contacts"] == 1
    assert run.walled["network_records"] > 0
    assert json.loads((Path(run.folder) / "run.json").read_text("utf-8"))["walled"] == run.walled
    hidden = set(_locators_of(weighed, PROTECTED))
    findings = pq.read_table(Path(run.folder) / "findings.parquet")
    assert not hidden & {text for group in findings["locators"].to_pylist() for text in group}
    shown = str([pq.read_table(path).to_pylist() for path in Path(run.folder).glob("[fl]*.parquet")])
    leads = list_leads(weighed, SMALL).to_pylist()
    assert leads
    shown += "".join(str(explain_lead(weighed, SMALL, row["lead"])) for row in leads[:20])
    write_report(weighed, SMALL, tmp_path / "report.html")
    shown += (tmp_path / "report.html").read_text("utf-8")
    assert str(number(0, 1)) in shown, "other numbers of the inmate are shown, so this one would be"
    assert str(PROTECTED) not in shown


def _locators_of(workspace: Workspace, protected: int) -> list[str]:
    """Locators of rows that name the number, read around the wall."""
    case = Case.objects.get(reference=SMALL)
    rows = [
        row
        for name in ("network_records", "approved_contacts")
        for path in (workspace.tables / f"case{case.pk}").glob(f"*/{name}.parquet")
        for row in pq.read_table(path).to_pylist()
    ]
    return [
        f"{row['evidence']}!{row['member']}!{row['source_table']}#{row['source_row']}"
        for row in rows
        if protected in (row.get("number"), row.get("correspondent"))
    ]
