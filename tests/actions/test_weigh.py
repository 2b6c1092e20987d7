"""From sealed files to leads, explained down to the row."""

from __future__ import annotations

import csv
import hashlib
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from parloir import actions
from parloir.errors import InputError, LawfulnessError, MissingEvidenceError, RecordsError
from parloir.provenance import Locator
from parloir.records.actor import Actor
from parloir.records.models import AccessLog
from parloir.records.workspace import Workspace
from tests import small_case
from tests.actions.conftest import AUTHORITY


@pytest.fixture
def weighed(workspace: Workspace, tmp_path: Path) -> str:
    case = small_case.taken_in(workspace, tmp_path / "files")
    actions.weigh(workspace, case)
    return case


def test_leads_name_the_inmates_whose_people_are_called(workspace: Workspace, weighed: str) -> None:
    leads = actions.list_leads(workspace, weighed).to_pylist()
    first = {row["handset"]: row for row in reversed(leads)}
    for handset in range(small_case.HANDSETS):
        lead = first[str(small_case.imei14(handset))]
        assert lead["inmate"] == f"I{handset:03d}"
        assert lead["prison_cell"] == f"A-{handset // 2:02d}"
    assert [row["rank"] for row in leads] == list(range(1, len(leads) + 1))


def test_two_runs_on_the_same_inputs_give_the_same_bytes(workspace: Workspace, weighed: str) -> None:
    one, two = actions.weigh(workspace, weighed), actions.weigh(workspace, weighed)
    assert two.run == one.run + 1
    for name in ("findings", "leads", "links", "inside", "handsets", "counts", "posteriors"):
        digests = {
            hashlib.sha256((Path(run.folder) / f"{name}.parquet").read_bytes()).hexdigest()
            for run in (one, two)
        }
        assert len(digests) == 1, f"{name} differs"
    assert one.findings_sha256 == two.findings_sha256


def _next_day(records: Path, target: Path) -> Path:
    """The first day of some records once more, on the day after the last."""
    with records.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        row["started"] = datetime.fromisoformat(row["started"]) + timedelta(days=small_case.DAYS)
    begun = small_case.START + timedelta(days=small_case.DAYS)
    with target.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if row["started"] < begun + timedelta(days=1))
    return target


def test_a_day_taken_in_later_gives_the_findings_of_all_at_once(workspace: Workspace, tmp_path: Path) -> None:
    case = small_case.taken_in(workspace, tmp_path / "files")
    first = actions.weigh(workspace, case)
    kept = set(workspace.working.glob("case*/*"))
    day = _next_day(tmp_path / "files" / "records.csv", tmp_path / "day.csv")
    actions.take_in_evidence(workspace, case, [day], actions.Delivery(authority=small_case.AUTHORITY))
    told = actions.weigh(workspace, case)
    assert kept < set(workspace.working.glob("case*/*"))
    assert told.findings_sha256 != first.findings_sha256
    shutil.rmtree(workspace.working)
    assert actions.weigh(workspace, case).findings_sha256 == told.findings_sha256


def test_how_many_handsets_live_in_each_prison_is_told_and_reported(
    workspace: Workspace, weighed: str, tmp_path: Path
) -> None:
    told = actions.weigh(workspace, weighed)
    [count] = told.counts
    assert count["prison"] == "P1"
    assert 0 <= count["low"] <= count["expected"] <= count["high"]
    actions.write_report(workspace, weighed, tmp_path / "report.html")
    text = html.fromstring((tmp_path / "report.html").read_bytes()).get_element_by_id("counts").getparent()
    assert f"{count['low']:.0f} to {count['high']:.0f}" in text.text_content()
    (Path(told.folder) / "counts.parquet").unlink()  # as a run of an earlier version
    actions.write_report(workspace, weighed, tmp_path / "report.html")
    assert "How many handsets live" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_lead_is_explained_down_to_the_rows_of_sealed_files(workspace: Workspace, weighed: str) -> None:
    explained = actions.explain_lead(workspace, weighed, "1")
    files = {row.file for row in explained.rows}
    assert {"records.csv", "approved_contacts.csv"} <= files
    held = [f["millibits"] for f in explained.findings if f["proposition"] == "held_by"]
    assert sum(held) == pytest.approx(explained.lead["millibits"], abs=len(held) + 8)
    for row in explained.rows:
        assert row.values, f"{row.locator} has no values"
        assert Locator.parse(row.locator).evidence == row.sha256


def test_the_report_opens_each_lead_down_to_name_hash_and_row(
    workspace: Workspace, weighed: str, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    written = actions.write_report(workspace, weighed, out)
    page = out.read_text(encoding="utf-8")
    explained = actions.explain_lead(workspace, weighed, "L00001")
    assert written.leads > 0
    assert "records.csv" in page
    assert explained.rows[0].sha256 in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_looking_is_logged_with_who_and_why(workspace: Workspace, weighed: str) -> None:
    actions.list_leads(workspace, weighed)
    actions.explain_lead(workspace, weighed, "1")
    seen = [(log.act, log.user.username, log.why) for log in AccessLog.objects.order_by("pk")][-2:]
    assert [act for act, _, _ in seen] == ["list_leads", "explain_lead"]
    assert {(who, why) for _, who, why in seen} == {(workspace.actor.name, workspace.actor.purpose)}


def test_erasing_evidence_takes_the_runs_that_rest_on_it_along(workspace: Workspace, weighed: str) -> None:
    erased = actions.erase_evidence(workspace, weighed, 1, "end of the inquiry")
    assert erased.runs == (1,)
    with pytest.raises(RecordsError, match="has not been weighed"):
        actions.list_leads(workspace, weighed)
    assert actions.verify_case(workspace, weighed).holds


def test_nothing_read_cannot_be_weighed(workspace: Workspace) -> None:
    actions.open_case(workspace, "EMPTY")
    with pytest.raises(
        MissingEvidenceError, match="nothing in this case has been read yet; take evidence in"
    ):
        actions.weigh(workspace, "EMPTY")


def test_who_is_no_member_sees_nothing(workspace: Workspace, weighed: str) -> None:
    stranger = workspace.by(Actor("Somebody Else", "Elsewhere", "curiosity"))
    for act in (
        lambda: actions.list_leads(stranger, weighed),
        lambda: actions.explain_lead(stranger, weighed, "1"),
        lambda: actions.weigh(stranger, weighed),
    ):
        with pytest.raises((LawfulnessError, RecordsError)):
            act()


def test_a_lead_that_does_not_exist_is_one_sentence(workspace: Workspace, weighed: str) -> None:
    with pytest.raises(InputError, match="has no lead “L99999”; take a name from"):
        actions.explain_lead(workspace, weighed, "L99999")


def test_a_case_without_registers_or_records_has_a_run_without_leads(
    workspace: Workspace, case: str, visits_file: Path, tmp_path: Path
) -> None:
    actions.take_in_evidence(workspace, case, [visits_file], actions.Delivery(authority=AUTHORITY))
    assert actions.weigh(workspace, case).leads == 0
    assert actions.list_leads(workspace, case).num_rows == 0
    written = actions.write_report(workspace, case, tmp_path / "report.html")
    assert (written.leads, written.of) == (0, 0)
    assert "DOCTYPE html" in (tmp_path / "report.html").read_text(encoding="utf-8").replace(
        "doctype", "DOCTYPE"
    )


def test_what_was_told_of_a_prison_is_shown_beside_and_never_weighed(
    workspace: Workspace, weighed: str, tmp_path: Path
) -> None:
    before = actions.list_leads(workspace, weighed)
    tips = tmp_path / "tips.csv"
    tips.write_text(
        "report,kind,at,prison,file,source_grade,information_grade,fact,assessment\n"
        "R1,screenshot,2025-02-03T10:00:00+01:00,P1,post.png,B,2,A phone on a bed,May be the north wing\n"
        "R2,tip_off,2025-02-04T10:00:00+01:00,P2,,C,3,Another prison,\n",
        encoding="utf-8",
    )
    delivery = actions.Delivery(authority=small_case.AUTHORITY)
    [intake] = actions.take_in_evidence(workspace, weighed, [tips], delivery)
    assert (intake.format, intake.rows_out) == ("reports", 2)
    actions.weigh(workspace, weighed)
    assert actions.list_leads(workspace, weighed).equals(before)
    [told] = actions.explain_lead(workspace, weighed, "1").told
    assert (told.grades, told.fact, told.assessment) == ("B2", "A phone on a bed", "May be the north wing")
    out = tmp_path / "report.html"
    actions.write_report(workspace, weighed, out)
    page = out.read_text(encoding="utf-8")
    assert "Told of P1, not weighed (screenshot; 2025-02-03, graded B2, post.png): A phone on a bed" in page
    assert "Another prison" not in page


def test_a_file_that_is_sealed_but_not_read_is_named(
    workspace: Workspace, weighed: str, tmp_path: Path
) -> None:
    assert actions.weigh(workspace, weighed).unread == ()
    noise = tmp_path / "noise.bin"
    noise.write_bytes(bytes(range(256)) * 20)
    [intake] = actions.take_in_evidence(
        workspace, weighed, [noise], actions.Delivery(authority=small_case.AUTHORITY)
    )
    assert intake.refusal
    assert actions.weigh(workspace, weighed).unread == ("noise.bin",)
