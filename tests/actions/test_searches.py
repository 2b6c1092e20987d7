"""From a plan to its papers, to what the searches found, to the next plan; and the statement on a lead."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from lxml import html

from parloir import actions
from parloir.actions import Delivery, Order, PapersOrder, SearchReport, StatementOrder
from parloir.errors import InputError, LawfulnessError, MissingEvidenceError, TamperedError
from parloir.records.actor import Actor
from parloir.records.models import AccessLog, Case, CustodyEvent, Run
from parloir.records.workspace import Workspace
from parloir.searches import Operation
from parloir.vault import Kind
from tests import small_case

MORNING = datetime(2025, 2, 25, 6, tzinfo=UTC)
NEXT_MORNING = datetime(2025, 2, 26, 6, tzinfo=UTC)


@pytest.fixture
def case(workspace: Workspace, tmp_path: Path) -> str:
    case = small_case.taken_in(workspace, tmp_path / "files")
    actions.weigh(workspace, case)
    return case


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    path = tmp_path / "teams.csv"
    path.write_text("prison,teams,hours\nP1,2,3\n", encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def planned(workspace: Workspace, case: str, teams: Path, at: datetime) -> Path:
    out = teams.parent / f"plan-{at.day}.csv"
    actions.plan_search(workspace, case, Order(at, teams, "Commandant X", Operation(3)), out)
    return out


def expected(plan: Path) -> dict[str, float]:
    return {row["prison_cell"]: float(row["expected_handsets"]) for row in rows(plan)}


def reported(
    workspace: Workspace, case: str, plan: Path, *found: tuple[str, str, str]
) -> actions.OutcomesTaken:
    """Take in a report with rows (prison cell, item, IMEI)."""
    report = plan.with_name(f"report-{len(found)}-{found[0][0]}.csv")
    lines = ["search,prison,prison_cell,found,item,imeis"]
    lines += [f"S{c},P1,{c},2025-02-25T06:20:00+00:00,{item},{imei}" for c, item, imei in found]
    report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    delivery = Delivery(authority=small_case.AUTHORITY)
    return actions.take_in_outcomes(workspace, case, SearchReport(report, delivery, plan))


def test_after_an_empty_search_the_next_plan_ranks_the_prison_cell_lower(
    workspace: Workspace, case: str, teams: Path
) -> None:
    plan = planned(workspace, case, teams, MORNING)
    first = next(iter(expected(plan)))
    unsearched = expected(planned(workspace, case, teams, NEXT_MORNING))
    taken = reported(workspace, case, plan, (first, "nothing", ""))
    assert (taken.searched, taken.empty, taken.handsets, taken.planned) == (1, 1, 0, 3)
    assert taken.expected == pytest.approx(expected(plan)[first], abs=1e-6)
    after = expected(planned(workspace, case, teams, NEXT_MORNING))
    assert first != next(iter(after))
    assert after.get(first, 0.0) < unsearched[first]
    others = set(after) & set(unsearched) - {first}
    assert others
    assert all(after[other] > unsearched[other] for other in others)


def test_prison_cells_that_the_plan_or_the_registers_lack_are_counted(
    workspace: Workspace, case: str, teams: Path
) -> None:
    plan = planned(workspace, case, teams, MORNING)
    first = next(iter(expected(plan)))
    taken = reported(workspace, case, plan, (first, "nothing", ""), ("Z-99", "handset", ""), ("", "cash", ""))
    assert (taken.searched, taken.handsets, taken.elsewhere, taken.unknown) == (1, 0, 1, 1)


def test_a_plan_made_again_goes_by_the_register_of_the_morning(
    workspace: Workspace, case: str, teams: Path, tmp_path: Path
) -> None:
    """The first inmate has gone to another prison; the older register never ended the stay in this one."""
    before = expected(planned(workspace, case, teams, MORNING))
    register = tmp_path / "stays-of-the-morning.csv"
    register.write_text(
        "inmate,prison,prison_cell,from,to\nI000,P2,B-01,2025-02-25T05:00:00+00:00,\n", encoding="utf-8"
    )
    (taken,) = actions.take_in_evidence(workspace, case, [register], Delivery(authority=small_case.AUTHORITY))
    assert not taken.refusal
    after = expected(planned(workspace, case, teams, MORNING))
    assert max(before, key=before.__getitem__) == "A-00"
    assert max(after, key=after.__getitem__) != "A-00"
    assert after.get("A-00", 0.0) < 0.6 * before["A-00"]  # the other occupant may hold one, too


def test_searches_without_a_lead_and_prisons_nobody_knows_are_told(
    workspace: Workspace, case: str, teams: Path
) -> None:
    teams.write_text("prison,teams,hours\nP1,50,24\nP77,1,2\n", encoding="utf-8")
    order = Order(MORNING, teams, "Commandant X", Operation(1000))
    told = actions.plan_search(workspace, case, order, teams.with_name("plan.csv"))
    with_lead = {row["prison_cell"] for row in actions.list_leads(workspace, case).to_pylist()}
    searched = {row["prison_cell"] for row in rows(teams.with_name("plan.csv")) if row["reason"] == "top"}
    assert told.unknown_prisons == ("P77",)
    assert told.without_lead == len(searched - with_lead) > 0


def test_what_was_found_is_no_longer_looked_for(workspace: Workspace, case: str, teams: Path) -> None:
    plan = planned(workspace, case, teams, MORNING)
    unsearched = expected(planned(workspace, case, teams, NEXT_MORNING))
    imei = f"{small_case.imei14(4):014d}"
    taken = reported(workspace, case, plan, ("A-02", "handset", imei), ("A-02", "cash", ""))
    assert (taken.searched + taken.reserves, taken.handsets, taken.empty) == (1, 1, 0)
    after = expected(planned(workspace, case, teams, NEXT_MORNING))
    assert after.get("A-02", 0.0) < unsearched["A-02"]
    actions.weigh(workspace, case)
    marked = {row["handset"]: row["seized"] for row in actions.list_leads(workspace, case).to_pylist()}
    assert [handset for handset, seized in marked.items() if seized] == [str(int(imei))]
    assert after["A-00"] == pytest.approx(unsearched["A-00"], rel=0.05)


def test_weights_are_refitted_on_no_handful_of_searches(workspace: Workspace, case: str, teams: Path) -> None:
    plan = planned(workspace, case, teams, MORNING)
    taken = reported(workspace, case, plan, ("A-00", "nothing", ""))
    assert not taken.refitted
    assert "no search with a report was drawn at random" in taken.says


def test_a_plan_that_was_changed_is_no_plan_of_the_case(workspace: Workspace, case: str, teams: Path) -> None:
    with pytest.raises(MissingEvidenceError, match="no plan was issued"):
        reported(workspace, case, teams, ("A-00", "nothing", ""))
    plan = planned(workspace, case, teams, MORNING)
    plan.write_text(plan.read_text(encoding="utf-8").replace("top", "random"), encoding="utf-8")
    with pytest.raises(InputError, match="no plan that case SMALL issued"):
        reported(workspace, case, plan, ("A-00", "nothing", ""))
    with pytest.raises(InputError, match="no plan that case SMALL issued"):
        actions.write_papers(workspace, case, PapersOrder(plan, teams, teams.parent / "papers"))


def test_a_plan_is_named_by_its_number_too(workspace: Workspace, case: str, teams: Path) -> None:
    planned(workspace, case, teams, MORNING)
    papers = teams.parent / "papers"
    assert actions.write_papers(workspace, case, PapersOrder(Path("1"), teams, papers)).plan == 1
    with pytest.raises(InputError, match="there is no plan 2; choose of 1"):
        actions.write_papers(workspace, case, PapersOrder(Path("2"), teams, papers))


def test_a_kept_plan_that_was_changed_is_found_out(workspace: Workspace, case: str, teams: Path) -> None:
    plan = planned(workspace, case, teams, MORNING)
    [kept] = workspace.runs.rglob("plan1.csv")
    kept.write_bytes(kept.read_bytes() + b"\n")
    with pytest.raises(TamperedError, match="not the one that was issued"):
        reported(workspace, case, plan, ("A-00", "nothing", ""))


def test_erasing_evidence_takes_the_plans_along(workspace: Workspace, case: str, teams: Path) -> None:
    planned(workspace, case, teams, MORNING)
    assert list(workspace.runs.rglob("plan1.csv"))
    actions.erase_evidence(workspace, case, 1, "end of the inquiry")
    assert not list(workspace.runs.rglob("plan1.csv"))
    assert actions.verify_case(workspace, case).holds


def test_papers_are_the_same_when_printed_again_and_say_no_reason(
    workspace: Workspace, case: str, teams: Path
) -> None:
    plan = planned(workspace, case, teams, MORNING)
    one, two = teams.parent / "one", teams.parent / "two"
    written = actions.write_papers(workspace, case, PapersOrder(plan, teams, one))
    actions.write_papers(workspace, case, PapersOrder(plan, teams, two))
    assert written.files == ("001-P1.pdf", "001-P1.csv")
    for name in written.files:
        assert (one / name).read_bytes() == (two / name).read_bytes()
    table = rows(one / "001-P1.csv")
    assert [row["prison_cell"] for row in table] == [row["prison_cell"] for row in rows(plan)]
    assert not {"expected_handsets", "probability", "reason"} & set(table[0])
    other = actions.write_papers(workspace, case, PapersOrder(plan, teams, two, operation="7"))
    assert other.operation == "7"
    assert {row["search"] for row in rows(two / "001-P1.csv")}.isdisjoint(row["search"] for row in table)


def test_the_secret_of_the_labels_is_the_owners_alone(workspace: Workspace, case: str, teams: Path) -> None:
    plan = planned(workspace, case, teams, MORNING)
    actions.write_papers(workspace, case, PapersOrder(plan, teams, teams.parent / "papers"))
    secret = workspace.home / "labels.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    archive = teams.parent / "case.zip"
    actions.export_case(workspace, case, archive)
    assert secret.read_bytes() not in archive.read_bytes()


def order(out: Path) -> StatementOrder:
    return StatementOrder("Who uses this handset?", "Investigating judge", "Dr Example", out)


def test_a_statement_weighs_against_cell_mates_and_an_unknown_user(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    [lead] = [
        row
        for row in actions.list_leads(workspace, case).to_pylist()
        if (row["handset"], row["inmate"]) == (str(small_case.imei14(2)), "I002")
    ]
    written = actions.write_statement(workspace, case, lead["lead"], order(tmp_path / "s.html"))
    text = html.fromstring((tmp_path / "s.html").read_bytes()).text_content()
    assert "An unknown user in Maison d'arrêt" in text or "An unknown user in P1" in text
    assert f"the {small_case.INMATES} inmates whom the registers place there" in text
    assert "NOMI003" in text  # shares A-01
    assert "100%" in text
    assert written.conclusion in text
    assert f"others who had the prison cell meanwhile they give {written.beside}" in text
    assert f"{lead['probability']:.1%}" not in text


@pytest.mark.parametrize("suffix", [".html", ".pdf"])
def test_the_same_statement_has_the_same_bytes(
    workspace: Workspace, case: str, tmp_path: Path, suffix: str
) -> None:
    outs = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    digests = [actions.write_statement(workspace, case, "1", order(out)).sha256 for out in outs]
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert digests[0] == digests[1]
    event = json.loads(CustodyEvent.objects.order_by("sequence").last().body)
    assert (event["kind"], event["details"]["sha256"]) == (Kind.REPORTED, digests[0])
    assert AccessLog.objects.filter(act="write_statement").count() == 2


def test_a_statement_needs_a_name_a_format_and_a_right(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"\.html or \.pdf"):
        actions.write_statement(workspace, case, "1", order(tmp_path / "s.docx"))
    with pytest.raises(InputError, match="name of the author"):
        actions.write_statement(workspace, case, "1", StatementOrder("?", "Judge", " ", tmp_path / "s.html"))
    with pytest.raises(LawfulnessError):
        stranger = workspace.by(Actor("Somebody Else", "Elsewhere", "curiosity"))
        actions.write_statement(stranger, case, "1", order(tmp_path / "s.html"))


def test_orders_for_the_inmate_are_explained_and_reported(
    workspace: Workspace, case: str, tmp_path: Path
) -> None:
    run = workspace.run_of(Case.objects.get(reference=case).pk, Run.objects.get().number)
    findings = pq.read_table(run / "findings.parquet")
    lead = actions.explain_lead(workspace, case, "1").lead
    order_for = {
        **findings.slice(0, 1).to_pylist()[0],
        "proposition": "bought_for",
        "subject": "order:77",
        "object": f"inmate:{lead['inmate']}",
        "evidence_kind": "visits",
        "sentence": "The customer may be visitor V9",
    }
    another = {**order_for, "object": "inmate:NOBODY", "sentence": "The customer may be visitor V8"}
    more = findings.from_pylist([order_for, another], schema=findings.schema)
    pq.write_table(
        findings.from_batches([*findings.to_batches(), *more.to_batches()]), run / "findings.parquet"
    )
    explained = actions.explain_lead(workspace, case, "1").findings
    assert [f["subject"] for f in explained if f["proposition"] == "bought_for"] == ["order:77"]
    actions.write_report(workspace, case, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "visitor V9" in page
    assert "visitor V8" not in page


def test_a_day_before_the_evidence_or_long_after_it_is_refused(
    workspace: Workspace, case: str, teams: Path
) -> None:
    with pytest.raises(InputError, match="before the evidence"):
        planned(workspace, case, teams, datetime(2020, 1, 1, 6, tzinfo=UTC))
    with pytest.raises(InputError, match="days older than the searches"):
        planned(workspace, case, teams, datetime(2031, 1, 1, 6, tzinfo=UTC))


def test_a_plan_says_how_old_its_records_are_and_where_handsets_are_taken_to_lie(
    workspace: Workspace, case: str, teams: Path
) -> None:
    told = [
        actions.plan_search(
            workspace, case, Order(at, teams, "Commandant X", Operation(3)), teams.with_name("plan.csv")
        )
        for at in (MORNING, datetime(2025, 5, 25, 6, tzinfo=UTC))
    ]
    assert told[0].age_days < told[1].age_days
    assert told[1].still_in_use < told[0].still_in_use
    assert told[1].expected < told[0].expected
    assert sum(told[0].places.values()) == pytest.approx(1, abs=1e-5)
    assert 0 < told[0].unseen_share < 1


def test_a_plan_that_leaves_no_search_is_not_issued(workspace: Workspace, case: str, teams: Path) -> None:
    teams.write_text("prison,teams,hours\nP7,2,3\n", encoding="utf-8")
    with pytest.raises(InputError, match="no search can be made with these teams"):
        planned(workspace, case, teams, MORNING)
    assert not list(teams.parent.glob("plan-*"))
