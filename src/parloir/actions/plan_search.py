"""Plan the searches of one morning: a named person issues it, on that day's occupancy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
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
    from parloir import holders, searches


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
        unknown_prisons: prisons of the teams file that the case knows nothing of.
        without_lead: searches, reserves aside, of prison cells with no lead on anybody who has them then.
        learnt: what earlier outcomes changed, or why they changed no weight.
        places: s(c | I), where a handset lies whose holder is known. place_finds: finds that moved it.
        unseen_share: of the handsets inside, those that no record shows. unseen_finds: finds that moved it.
        age_days: from the last record to the searches. still_in_use: share of handsets that last so long.
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
    unknown_prisons: tuple[str, ...]
    without_lead: int
    learnt: str
    places: Mapping[str, float]
    place_finds: int
    unseen_share: float
    unseen_finds: int
    age_days: float
    still_in_use: float


@dataclass(frozen=True)
class Told:
    """Where a plan was written, what earlier outcomes taught, what is expected, and where no lead stands."""

    out: str
    learnt: str
    without_lead: int
    stated: Expectation


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
        InputError: nobody issues it, the teams or the order cannot be used, or leave no search.
        EvidenceError: `out` cannot be written.
    """
    from parloir import searches

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    issuer = named("person who issues the plan", order.issued_by, 200)
    files = run_files(workspace, found, run)
    connection = case_store(workspace, found).connect()
    learnt = learn(connection, kept_plans(workspace, found))
    moment = microseconds(order.at)
    stated = expect(connection, {name: files.table(name) for name in _TABLES}, moment)
    expected = learnt.refit.apply(stated.finds) if learnt.refit else stated.finds
    plan = searches.plan(expected, searches.read_teams(order.teams), order.operation)
    _require_searches(plan)
    data = as_csv(plan)
    log_access(workspace.actor, user, "plan_search", found, readable(str(out))[:500])
    _write(data, out)
    without_lead = _without_lead(connection, files.table("leads"), plan.rows, moment)
    told = Told(str(out), learnt.says, without_lead, stated)
    with workspace.busy():
        kept = keep(workspace, found, files, Issued(order.at, issuer, *learnt.shift_and_slope), data)
    return _planned(found.reference, kept, plan, told)


def _without_lead(connection: duckdb.DuckDBPyConnection, leads: pa.Table, rows: pa.Table, moment: int) -> int:
    """Ordered searches of prison cells that no inmate with a lead has at that moment."""
    ordered = rows.filter(pc.field("reason") != pc.scalar("reserve"))
    connection.register("ordered", ordered)
    connection.register("leads", leads)
    ((backed,),) = connection.execute(_BACKED, {"moment": moment}).fetchall()
    return ordered.num_rows - int(backed)


_BACKED = """
SELECT count(*) FROM ordered WHERE (prison, prison_cell) IN (
    SELECT (stays.prison, stays.prison_cell) FROM stays JOIN leads USING (inmate)
    WHERE stays.from_us <= $moment AND coalesce(stays.to_us, $moment + 1) > $moment)
"""


def _require_searches(plan: searches.Plan) -> None:
    """A plan without a search is not issued: whoever reports outcomes would report on nothing."""
    if all(reason == "reserve" for reason in plan.rows["reason"].to_pylist()):
        raise InputError(
            "no search can be made with these teams",
            do="give teams and hours to a prison where something is expected, and at least one search",
        )


@dataclass(frozen=True)
class Expectation:
    """What searches are expected to find, and what that rests on.

    Attributes:
        finds: schema `searches.schemas.EXPECTED`.
        places, unseen: learnt from the finds so far.
        age_days: from the last record to the searches.
    """

    finds: pa.Table
    places: holders.Places
    unseen: holders.Unseen
    age_days: float


def expect(connection: duckdb.DuckDBPyConnection, run: Mapping[str, pa.Table], moment: int) -> Expectation:
    """What a search is expected to find in each prison cell, after what earlier searches found or did not.

    Args:
        connection: with the canonical views.
        run: posteriors, handsets and links of a run.
        moment: microseconds UTC of the searches.

    Raises:
        InputError: nothing is expected anywhere, or the searches lie before the records or long after them.
    """
    from parloir import holders

    age = _age_days(connection, run["posteriors"], moment)
    parameters, world = holders.load_parameters(), holders.load_world(connection, {"stays"})
    places = holders.learn_places(connection, world, parameters.place, moment)
    unseen = replace(
        holders.learn_unseen(connection, run["handsets"], parameters.unseen, moment),
        ordered=holders.ordered_for(connection, world, run["links"], parameters, moment),
    )
    searched = replace(holders.load_searched(connection, run["handsets"]), unseen=unseen)
    expected = holders.expected_handsets(run["posteriors"], world, moment, places.shares, searched)
    return Expectation(_found(expected, parameters.find_rate), places, unseen, age)


OLDEST_DAYS = 365
"""Records older than this say nothing of where handsets are: one in fifteen would still be in use."""
_TABLES = ("posteriors", "handsets", "links")
_DAY_US = 86_400_000_000


def _age_days(connection: duckdb.DuckDBPyConnection, posteriors: pa.Table, moment: int) -> float:
    """Days from the last record to the searches; 0 within the records."""
    ends = posteriors["until_us" if "until_us" in posteriors.column_names else "last_us"]
    last = pc.max(ends).as_py()
    if last is None:
        raise InputError("no handset was found inside", do="weigh the case with its network records")
    ((first,),) = connection.execute("SELECT min(started_us) FROM network_records").fetchall()
    if first is not None and moment < first:
        raise InputError(
            "the day of the searches lies before the evidence",
            do=f"name a day after the last record, {_day(last)}",
        )
    age = float(moment - last) / _DAY_US
    if age > OLDEST_DAYS:
        raise InputError(
            f"the last record ({_day(last)}) is {age:,.0f} days older than the searches: handsets last "
            "135 days on average, so it does not tell where they are",
            do="take newer records in and weigh again, or name an earlier day",
        )
    return max(age, 0.0)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1e6, UTC).date().isoformat()


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


def _planned(case: str, kept: KeptPlan, plan: searches.Plan, told: Told) -> Planned:
    from parloir import holders

    stated = told.stated
    reasons = plan.rows["reason"].to_pylist()
    return Planned(
        case=case,
        plan=kept.number,
        run=kept.run,
        out=told.out,
        issued_by=kept.issued.issued_by,
        searches=len(reasons) - reasons.count("reserve"),
        reserves=reasons.count("reserve"),
        drawn=reasons.count("random"),
        expected=plan.expected,
        bound=plan.bound,
        gap=plan.gap,
        effective_sample_size=plan.effective_sample_size,
        without_teams=plan.without_teams,
        unknown_prisons=plan.unknown_prisons,
        without_lead=told.without_lead,
        learnt=told.learnt,
        places={name: stated.places.shares[name] for name in holders.PLACES},
        place_finds=sum(stated.places.finds.values()),
        unseen_share=stated.unseen.share,
        unseen_finds=stated.unseen.finds,
        age_days=round(stated.age_days, 1),
        still_in_use=round(holders.LIFE.survival(stated.age_days), 3),
    )
