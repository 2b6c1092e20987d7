"""Plan the searches of one morning: a named person issues it, on that day's occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.runs import run_files
from parloir.errors import EvidenceError, InputError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.clock import microseconds
from parloir.records.custody import append, happened
from parloir.records.models import Role
from parloir.records.words import named, readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Kind

if TYPE_CHECKING:
    from parloir import searches


@dataclass(frozen=True)
class Order:
    """What is ordered, and by whom.

    Attributes:
        at: the moment of the searches, aware; the occupancy is that of the moment.
        teams: CSV of prison, teams, hours and, if told, minutes a search.
        issued_by: the person who answers for the plan: no plan issues itself.
        operation: searches, random share, reserves.
    """

    at: datetime
    teams: Path
    issued_by: str
    operation: searches.Operation


@dataclass(frozen=True)
class Planned:
    """A plan: where it lies, of which run, and what it promises.

    Attributes:
        expected: handsets that the top searches are expected to find.
        bound: proven ceiling of that number within the same limits.
        gap: (bound − expected) / expected.
        effective_sample_size: of the searches under inverse propensities; 0 where none is drawn at random.
        without_teams: prisons with something expected where no team is.
    """

    case: str
    run: int
    out: str
    issued_by: str
    searches: int
    reserves: int
    drawn: int
    expected: float
    bound: float
    gap: float
    effective_sample_size: float
    without_teams: tuple[str, ...]


@act
def plan_search(workspace: Workspace, case: str, order: Order, out: Path, run: int | None = None) -> Planned:
    """Choose the prison cells to search and write the plan as CSV.

    Args:
        workspace: the open workspace.
        case: its reference.
        order: what is ordered.
        out: the CSV; replaced when it exists.
        run: number of the run; the last one unless told.

    Raises:
        LawfulnessError: the person acting may not.
        RecordsError: the case has not been weighed.
        InputError: nobody issues it, or the teams or the order cannot be used.
        EvidenceError: `out` cannot be written.
    """
    from parloir import holders, searches

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    issuer = named("person who issues the plan", order.issued_by, 200)
    files = run_files(workspace, found, run)
    parameters = holders.load_parameters()
    expected = holders.expected_handsets(
        files.table("posteriors"),
        holders.load_world(case_store(workspace, found).connect()),
        microseconds(order.at),
        parameters.place,
    )
    plan = searches.plan(
        _found(expected, parameters.find_rate), searches.read_teams(order.teams), order.operation
    )
    _write(plan.rows, out)
    log_access(workspace.actor, user, "plan_search", found, readable(str(out))[:500])
    with workspace.busy():
        reason = f"plan of {order.at.isoformat()} from run {files.run.number}, issued by {issuer}"
        append(found, happened(found, workspace.actor, Kind.PLANNED, reason=reason))
    return _planned(found.reference, files.run.number, plan, (str(out), issuer))


def _found(expected: pa.Table, find_rate: float) -> pa.Table:
    """What a search finds of what is there."""
    if not expected.num_rows:
        raise InputError("no handset is expected in any prison cell", do="weigh the case with its registers")
    handsets = pc.multiply(expected["expected_handsets"], pa.scalar(find_rate))
    chance = pc.multiply(expected["probability"], pa.scalar(find_rate))
    columns = {"expected_handsets": handsets, "probability": chance}
    return pa.table({name: columns.get(name, expected[name]) for name in expected.column_names})


def _write(rows: pa.Table, out: Path) -> None:
    try:
        with replacing(out) as temporary:
            pyarrow.csv.write_csv(rows, temporary)
    except OSError as error:
        raise EvidenceError(
            f"the plan cannot be written ({error.strerror})",
            where=str(out),
            do="name a folder that you may write to",
        ) from error


def _planned(case: str, run: int, plan: searches.Plan, about: tuple[str, str]) -> Planned:
    reasons = plan.rows["reason"].to_pylist()
    return Planned(
        case=case,
        run=run,
        out=about[0],
        issued_by=about[1],
        searches=len(reasons) - reasons.count("reserve"),
        reserves=reasons.count("reserve"),
        drawn=reasons.count("random"),
        expected=plan.expected,
        bound=plan.bound,
        gap=plan.gap,
        effective_sample_size=plan.effective_sample_size,
        without_teams=plan.without_teams,
    )
