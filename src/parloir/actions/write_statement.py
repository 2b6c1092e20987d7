"""Write the evaluative statement on one lead: HTML or PDF/A, the same bytes for the same inputs."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.runs import RunFiles, run_files
from parloir.errors import EvidenceError, InputError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.clock import from_microseconds
from parloir.records.custody import append, happened
from parloir.records.models import Case, Role
from parloir.records.words import named
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Kind

if TYPE_CHECKING:
    from parloir import holders, statements

FORMATS = (".html", ".pdf")
LEAST_POSTERIOR = 1e-4
"""Posteriors below it are not kept with a run."""


@dataclass(frozen=True)
class StatementOrder:
    """What is asked.

    Attributes:
        question: as it was put.
        requested_by: who asked.
        author: who answers for the statement.
        out: the file, .html or .pdf; replaced when it exists.
        dated: date of the statement, aware; the moment of the run when None, so that nothing but the inputs
            decides the bytes.
        given: what is taken as given beyond what every statement takes.
        validation: measured performance of the method, each with the command that prints it.
    """

    question: str
    requested_by: str
    author: str
    out: Path
    dated: datetime | None = None
    given: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()


@dataclass(frozen=True)
class StatementWritten:
    """A statement: on which lead of which run, where it lies, its SHA-256, and its conclusion.

    `beside` is the conclusion against those who shared the prison cell, empty where nobody did.
    """

    case: str
    run: int
    lead: str
    out: str
    sha256: str
    conclusion: str
    beside: str


@act
def write_statement(
    workspace: Workspace, case: str, lead: str, order: StatementOrder, run: int | None = None
) -> StatementWritten:
    """State what the evidence says on one lead, without prior or posterior; the disclosure is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        lead: its name (L00001) or rank.
        order: what is asked, by whom, who answers.
        run: number of the run; the last one unless told.

    Raises:
        LawfulnessError: the person acting may not.
        RecordsError: the case has not been weighed.
        InputError: no such lead, or the order cannot be used.
        EvidenceError: the file cannot be written.
    """
    from parloir import statements
    from parloir.actions.report_context import report_context

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    order = _checked(order)
    files = run_files(workspace, found, run)
    chosen = files.lead(lead)
    log_access(workspace.actor, user, "write_statement", found, f"run {files.run.number} {chosen['lead']}")
    findings = files.findings_of(chosen)
    ground = _Ground.of(workspace, found, files, chosen)
    occupants = ground.occupants()
    made = statements.statement(
        chosen["lead"],
        ground.leads_with(occupants),
        findings,
        report_context(workspace, found, files, findings),
        _commission(order, ground, occupants),
    )
    data = statements.statement_pdf(made) if order.out.suffix.lower() == ".pdf" else _html(made)
    _write(order.out, data)
    digest = hashlib.sha256(data).hexdigest()
    event = happened(found, workspace.actor, Kind.REPORTED, lead=chosen["lead"], sha256=digest)
    reason = (
        f"statement on {chosen['lead']} of run {files.run.number} by {order.author} for {order.requested_by}"
    )
    with workspace.busy():
        append(found, replace(event, reason=reason))
    beside = made.comparison.support if made.comparison else ""
    return StatementWritten(
        found.reference, files.run.number, chosen["lead"], str(order.out), digest, made.lead.support, beside
    )


def _checked(order: StatementOrder) -> StatementOrder:
    if order.out.suffix.lower() not in FORMATS:
        raise InputError(
            f"a statement is written as {' or '.join(FORMATS)}",
            where=str(order.out),
            do="name the file so",
        )
    return replace(
        order,
        question=named("question", order.question, 1000),
        requested_by=named("name of who asked", order.requested_by, 200),
        author=named("name of the author", order.author, 200),
    )


@dataclass(frozen=True)
class _Ground:
    """A lead beside the registers: who could have used the handset."""

    lead: Mapping[str, Any]
    leads: pa.Table
    posteriors: pa.Table
    period: tuple[int, int]
    world: holders.World
    at: datetime

    @classmethod
    def of(cls, workspace: Workspace, case: Case, files: RunFiles, lead: Mapping[str, Any]) -> _Ground:
        from parloir import holders

        handset = pc.field("handset")
        findings = files.findings_of(dict(lead))
        held = findings.filter(pc.field("proposition") == pc.scalar("held_by"))
        return cls(
            lead,
            files.table("leads").filter(handset == pc.scalar(lead["handset"])),
            files.table("posteriors").filter(handset == pc.scalar(int(lead["handset"]))),
            (held["from_us"][0].as_py(), held["to_us"][0].as_py()),
            holders.load_world(case_store(workspace, case).connect()),
            files.run.at,
        )

    def population(self) -> str:
        """Who else could have used the handset, counted in the registers."""
        prison = self.world.prisons.get(self.lead["prison"])
        count = prison.present(*self.period).size if prison else 0
        start, end = (from_microseconds(us).date().isoformat() for us in self.period)
        return (
            f"Whoever could use a handset in {self.lead['prison']} while this one was used there, from "
            f"{start} to {end} (UTC): the {count:,} inmates whom the registers place there in that time, and "
            "an unknown number of others, such as staff."
        )

    def occupants(self) -> tuple[statements.Occupant, ...]:
        """Those who shared the prison cell, each with their share of the time spent there meanwhile."""
        from parloir import statements

        spent = self._time_spent()
        total = sum(spent.values())
        weighed = {*self.leads["inmate"].to_pylist(), *self.posteriors["inmate"].to_pylist()}
        return tuple(
            statements.Occupant(inmate, time / total, at_most=inmate not in weighed)
            for inmate, time in sorted(spent.items())
        )

    def _time_spent(self) -> dict[str, int]:
        """Microseconds by occupant other than the lead's inmate, in every prison cell that the inmate had."""
        prison = self.world.prisons.get(self.lead["prison"])
        own = self.world.index.get(self.lead["inmate"], -1)
        spent: dict[str, int] = {}
        if prison is None:
            return spent
        stays, (start, end) = prison.stays, self.period
        meanwhile = (stays.start <= end) & (stays.end >= start) & (prison.prison_cells >= 0)
        lived = set(prison.prison_cells[meanwhile & (stays.inmate == own)].tolist())
        for row in (meanwhile & (stays.inmate != own)).nonzero()[0]:
            if int(prison.prison_cells[row]) not in lived:
                continue
            inmate = str(self.world.inmates[stays.inmate[row]])
            time = min(int(stays.end[row]), end) - max(int(stays.start[row]), start) + 1
            spent[inmate] = spent.get(inmate, 0) + time
        return spent

    def leads_with(self, occupants: tuple[statements.Occupant, ...]) -> pa.Table:
        """The leads on the handset, with a row for each occupant whom none names.

        All candidates of a handset have one prior, so W_J = W_I + log2(P_J / P_I). Of one whose posterior was
        not kept it is known to be under `LEAST_POSTERIOR`, and the weight is a ceiling.
        """
        held = {row["inmate"]: row["probability"] for row in self.posteriors.to_pylist()}
        own = held.get(self.lead["inmate"], LEAST_POSTERIOR)
        known = set(self.leads["inmate"].to_pylist())
        rows = []
        for inmate in (o.inmate for o in occupants if o.inmate not in known):
            ratio = math.log2(held.get(inmate, LEAST_POSTERIOR) / own)
            bits = self.lead["millibits"] + round(1000 * ratio)
            rows.append({**self.lead, "inmate": inmate, "lead": "", "millibits": bits})
        return pa.concat_tables([self.leads, pa.Table.from_pylist(rows, schema=self.leads.schema)])


def _commission(
    order: StatementOrder, ground: _Ground, occupants: tuple[statements.Occupant, ...]
) -> statements.Commission:
    from parloir import statements

    return statements.Commission(
        question=order.question,
        requested_by=order.requested_by,
        author=order.author,
        dated=order.dated or ground.at,
        population=ground.population(),
        conditioning=order.given,
        validation=order.validation,
        occupants=occupants,
    )


def _html(made: statements.Statement) -> bytes:
    from parloir import statements

    return statements.statement_html(made).encode()


def _write(out: Path, data: bytes) -> None:
    try:
        with replacing(out) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise EvidenceError(
            f"the statement cannot be written ({error.strerror})",
            where=str(out),
            do="name a folder that you may write to",
        ) from error
