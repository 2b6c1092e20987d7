"""Write the report of a run: one self-contained HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from parloir import statements
from parloir.actions.act import act
from parloir.actions.item_reading import intake_of
from parloir.actions.runs import RunFiles, run_files
from parloir.actions.source_rows import source_rows
from parloir.actions.weigh import inputs_sha256
from parloir.errors import EvidenceError
from parloir.records.accesses import log_access
from parloir.records.authorities import authority_of
from parloir.records.cases import permitted
from parloir.records.clock import from_microseconds
from parloir.records.custody import append, happened
from parloir.records.models import Case, Role
from parloir.records.models import EvidenceItem as Item
from parloir.records.runs import read_items
from parloir.records.words import readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.tables.store import Store
from parloir.vault import Authority, Kind

LEADS = 200
"""Leads that a report opens down to their rows, unless told otherwise."""


@dataclass(frozen=True)
class ReportWritten:
    """A report: where it lies, of which run, and how many leads it opens."""

    case: str
    run: int
    out: str
    leads: int
    of: int


@act
def write_report(
    workspace: Workspace, case: str, out: Path, run: int | None = None, leads: int = LEADS
) -> ReportWritten:
    """Write the leads of a run with everything they rest on; the disclosure is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        out: the HTML file; replaced when it exists.
        run: number of the run; the last one unless told.
        leads: how many leads to show, best first.

    Raises:
        LawfulnessError: the person acting may not.
        RecordsError: the case has not been weighed.
        EvidenceError: `out` cannot be written.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    files = run_files(workspace, found, run)
    log_access(workspace.actor, user, "write_report", found, readable(str(out))[:500])
    all_leads = files.table("leads")
    shown = all_leads.slice(0, leads)
    findings = _findings_of(files, shown)
    page = statements.report(shown, findings, _context(workspace, found, files, findings))
    try:
        with replacing(out) as temporary:
            temporary.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EvidenceError(
            f"the report cannot be written ({error.strerror})",
            where=str(out),
            do="name a folder that you may write to",
        ) from error
    with workspace.busy():
        append(
            found, happened(found, workspace.actor, Kind.REPORTED, reason=f"report of run {files.run.number}")
        )
    return ReportWritten(found.reference, files.run.number, str(out), shown.num_rows, all_leads.num_rows)


def _findings_of(files: RunFiles, leads: pa.Table) -> pa.Table:
    """Findings on the handsets of these leads."""
    subjects = pa.array(
        [f"handset:{handset}" for handset in leads["handset"].unique().to_pylist()], pa.string()
    )
    findings = files.table("findings")
    return findings.filter(pc.is_in(findings["subject"], subjects))


def _context(
    workspace: Workspace, case: Case, files: RunFiles, findings: pa.Table
) -> statements.ReportContext:
    description = files.description()
    locators = sorted({text for group in findings["locators"].to_pylist() for text in group or ()})
    rows = source_rows(workspace, case, locators)
    items = list(read_items(case))
    return statements.ReportContext(
        case=_case(case),
        run=statements.Run(
            reference=f"run {files.run.number}",
            finished=files.run.at,
            code_version=files.run.code_version,
            parameters="as shipped with this version, moved by the case itself",
            inputs_sha256=inputs_sha256(description["inputs"]),
        ),
        evidence={item.sha256: _item(item) for item in items},
        rows={row.locator: row.values for row in rows},
        persons=_persons(Store.of(workspace.tables_of(case.pk, item.number) for item in items).connect()),
    )


def _case(case: Case) -> statements.Case:
    authorities = [_authority(authority_of(row)) for row in case.authorities.order_by("pk")]
    return statements.Case(reference=case.reference, title=case.title, authorities=tuple(authorities))


def _authority(authority: Authority) -> statements.Authority:
    scope = authority.scope
    period = f"{_day(scope.data_from_us) or 'open'} to {_day(scope.data_to_us) or 'open'}"
    return statements.Authority(
        reference=authority.reference,
        issuer=authority.issuer,
        purposes=", ".join(scope.purposes),
        obtain_until=_day(authority.obtain_until_us),
        data_period=period,
        erase_by=_day(authority.erase_by_us),
    )


def _day(us: int | None) -> str:
    return from_microseconds(us).date().isoformat() if us is not None else ""


def _item(item: Item) -> statements.EvidenceItem:
    return statements.EvidenceItem(
        name=item.original_name,
        size=item.size,
        received_from=item.from_whom,
        authority=item.authority.reference,
        sealed=item.taken_in,
        recognised=intake_of(item, already=True).says,
    )


def _persons(connection: duckdb.DuckDBPyConnection) -> dict[str, statements.Person]:
    """Names of inmates by key, from the registers."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT DISTINCT ON (inmate) inmate, concat_ws(' ', given_name, upper(family_name)) FROM inmates"
        " WHERE inmate IS NOT NULL ORDER BY inmate, family_name"
    ).fetchall()
    return {f"inmate:{inmate}": statements.Person(name or inmate) for inmate, name in rows}
