"""Plan the searches of one morning: a named person issues it, on that day's occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.kept_plans import Issued, KeptPlan, as_csv, keep, kept_plans
from parloir.actions.runs import run_files
from parloir.actions.search_results import learn
from parloir.errors import EvidenceError, InputError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.clock import microseconds
from parloir.records.models import Role
from parloir.records.words import named, readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing

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
        plan: its number in the case, which keeps it.
        expected: handsets that the top searches are expected to find.
        bound: proven ceiling of that number within the same limits.
        gap: (bound − expected) / expected.
        effective_sample_size: of the searches under inverse propensities; 0 where none is drawn at random.
        without_teams: prisons with something expected where no team is.
        learnt: what earlier outcomes changed, or why they changed no weight.
    """

    case: str
    plan: int
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
    learnt: str


@act
def plan_search(workspace: Workspace, case: str, order: Order, out: Path, run: int | None = None) -> Planned:
    """Choose the prison cells to search, write the plan as CSV, and keep it with the case.

    Searches reported since a handset's last record are taken into account, and so are the finds of earlier
    plans where there are enough of them.

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
    from parloir import searches

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    issuer = named("person who issues the plan", order.issued_by, 200)
    files = run_files(workspace, found, run)
    connection = case_store(workspace, found).connect()
    learnt = learn(connection, kept_plans(workspace, found))
    moment = microseconds(order.at)
    stated = expected_finds(connection, files.table("posteriors"), files.table("handsets"), moment)
    expected = learnt.refit.apply(stated) if learnt.refit else stated
    plan = searches.plan(expected, searches.read_teams(order.teams), order.operation)
    data = as_csv(plan)
    log_access(workspace.actor, user, "plan_search", found, readable(str(out))[:500])
    _write(data, out)
    with workspace.busy():
        kept = keep(workspace, found, files, Issued(order.at, issuer, *learnt.shift_and_slope), data)
    return _planned(found.reference, kept, plan, (str(out), learnt.says))


def expected_finds(
    connection: duckdb.DuckDBPyConnection, posteriors: pa.Table, handsets: pa.Table, moment: int
) -> pa.Table:
    """What a search is expected to find in each prison cell, after what earlier searches found or did not.

    Args:
        connection: with the canonical views.
        posteriors, handsets: of a run.
        moment: microseconds UTC of the searches.

    Returns:
        Schema `searches.schemas.EXPECTED`.

    Raises:
        InputError: nothing is expected anywhere.
    """
    from parloir import holders

    parameters = holders.load_parameters()
    expected = holders.expected_handsets(
        posteriors,
        holders.load_world(connection),
        moment,
        parameters.place,
        holders.load_searched(connection, handsets),
    )
    return _found(expected, parameters.find_rate)


def _found(expected: pa.Table, find_rate: float) -> pa.Table:
    """What a search finds of what is there."""
    if not expected.num_rows:
        raise InputError("no handset is expected in any prison cell", do="weigh the case with its registers")
    handsets = pc.multiply(expected["expected_handsets"], pa.scalar(find_rate))
    chance = pc.multiply(expected["probability"], pa.scalar(find_rate))
    columns = {"expected_handsets": handsets, "probability": chance}
    return pa.table({name: columns.get(name, expected[name]) for name in expected.column_names})


def _write(data: bytes, out: Path) -> None:
    try:
        with replacing(out) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise EvidenceError(
            f"the plan cannot be written ({error.strerror})",
            where=str(out),
            do="name a folder that you may write to",
        ) from error


def _planned(case: str, kept: KeptPlan, plan: searches.Plan, about: tuple[str, str]) -> Planned:
    reasons = plan.rows["reason"].to_pylist()
    return Planned(
        case=case,
        plan=kept.number,
        run=kept.run,
        out=about[0],
        issued_by=kept.issued.issued_by,
        searches=len(reasons) - reasons.count("reserve"),
        reserves=reasons.count("reserve"),
        drawn=reasons.count("random"),
        expected=plan.expected,
        bound=plan.bound,
        gap=plan.gap,
        effective_sample_size=plan.effective_sample_size,
        without_teams=plan.without_teams,
        learnt=about[1],
    )
