"""Write the report of a run: one self-contained HTML file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parloir.actions.act import act
from parloir.actions.runs import run_files
from parloir.errors import EvidenceError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.custody import append, happened
from parloir.records.models import Role
from parloir.records.words import readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Kind

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
    from parloir import statements
    from parloir.actions.report_context import report_context

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    files = run_files(workspace, found, run)
    log_access(workspace.actor, user, "write_report", found, readable(str(out))[:500])
    all_leads = files.table("leads")
    shown = all_leads.slice(0, leads)
    findings = files.findings_of(*shown.to_pylist())
    page = statements.report(shown, findings, report_context(workspace, found, files, findings))
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
