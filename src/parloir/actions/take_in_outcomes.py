"""Take in what searches found or did not find, and hold it against the plan that ordered them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.intake import Delivery, Intake, Progress
from parloir.actions.kept_plans import kept_plan, kept_plans
from parloir.actions.search_results import learn, results_of
from parloir.actions.take_in_evidence import take_in_evidence
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class SearchReport:
    """A report of searches.

    Attributes:
        file: the report, of any format that gives the table `seizures`.
        delivery: under which authority and how it arrived.
        plan: the plan's file as `plan_search` wrote it; None for the last one issued.
    """

    file: Path
    delivery: Delivery
    plan: Path | None = None


@dataclass(frozen=True)
class OutcomesTaken:
    """What became of a plan.

    Attributes:
        intake: what became of the file; where it was refused the counts are 0.
        plan: number of the plan in its case.
        planned: prison cells of the plan, reserves aside.
        searched: of them with a report; those without one count as not searched, never as empty.
        reserves: reserves searched.
        empty: searched, and no handset found.
        handsets: found in the prison cells of the plan.
        expected: handsets that the plan expected in the prison cells that were searched.
        drawn: searched ones that were drawn at random.
        elsewhere: prison cells that this report names and the plan does not.
        unknown: of those, the ones that no register of the case knows.
        refitted: whether the next plan uses refitted weights.
        says: what was learnt, or why nothing was.
    """

    case: str
    intake: Intake
    plan: int
    planned: int = 0
    searched: int = 0
    reserves: int = 0
    empty: int = 0
    handsets: int = 0
    expected: float = 0.0
    drawn: int = 0
    elsewhere: int = 0
    unknown: int = 0
    refitted: bool = False
    says: str = ""


@act
def take_in_outcomes(
    workspace: Workspace, case: str, report: SearchReport, progress: Progress | None = None
) -> OutcomesTaken:
    """Seal and read a report of searches as evidence, and compare it with a plan.

    Nothing is stored beside the evidence: `plan_search` reads the reports of the case anew, so that an empty
    search counts from the next plan on, and one whose evidence is erased no longer counts.

    Args:
        workspace: the open workspace.
        case: its reference.
        report: the report and the plan that it answers.
        progress: told how far the file has come.

    Raises:
        MissingEvidenceError: the case has issued no plan.
        InputError: the file is no plan of the case; or as `take_in_evidence`.
        LawfulnessError, EvidenceError, TamperedError: as `take_in_evidence`.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    kept = kept_plan(workspace, found, report.plan)
    log_access(workspace.actor, user, "take_in_outcomes", found, f"plan {kept.number}")
    [intake] = take_in_evidence(workspace, case, [report.file], report.delivery, progress)
    if intake.refusal:
        return OutcomesTaken(case, intake, kept.number)
    connection = case_store(workspace, found).connect()
    learnt = learn(connection, kept_plans(workspace, found))
    elsewhere, unknown = _elsewhere(connection, intake.sha256, kept.rows())
    taken = OutcomesTaken(
        case,
        intake,
        kept.number,
        elsewhere=elsewhere,
        unknown=unknown,
        refitted=learnt.refit is not None,
        says=learnt.says,
    )
    return _counted(taken, kept.rows(), results_of(connection, kept))


def _elsewhere(connection: duckdb.DuckDBPyConnection, evidence: str, plan: pa.Table) -> tuple[int, int]:
    """Prison cells that a report names and the plan does not; of them, those in no register."""
    connection.register("plan", plan)
    ((elsewhere, unknown),) = connection.execute(_ELSEWHERE, [evidence]).fetchall()
    return int(elsewhere), int(unknown)


_ELSEWHERE = """
WITH reported AS (
    SELECT DISTINCT prison, prison_cell FROM seizures WHERE evidence = ? AND prison_cell IS NOT NULL
    EXCEPT SELECT prison, prison_cell FROM plan),
known AS (SELECT prison, prison_cell FROM stays UNION SELECT prison, prison_cell FROM prison_cells)
SELECT count(*), count(*) FILTER ((prison, prison_cell) NOT IN (SELECT (prison, prison_cell) FROM known
    WHERE prison IS NOT NULL AND prison_cell IS NOT NULL)) FROM reported
"""


def _counted(taken: OutcomesTaken, plan: pa.Table, results: pa.Table) -> OutcomesTaken:
    rows = [{**one, **other} for one, other in zip(plan.to_pylist(), results.to_pylist(), strict=True)]
    searched = [row for row in rows if row["searched"]]
    reserves = [row for row in searched if row["reason"] == "reserve"]
    return replace(
        taken,
        planned=sum(row["reason"] != "reserve" for row in rows),
        searched=len(searched) - len(reserves),
        reserves=len(reserves),
        empty=sum(row["found"] == 0 for row in searched),
        handsets=sum(row["found"] for row in searched),
        expected=round(sum(row["expected_handsets"] for row in searched), 6),
        drawn=sum(row["reason"] == "random" for row in searched),
    )
