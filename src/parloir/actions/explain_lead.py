"""Explain a lead: its waterfall, down to the rows of the sealed files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.runs import run_files
from parloir.actions.source_rows import SourceRow, source_rows
from parloir.actions.told import Told, told_of
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace
from parloir.weights.fusion import ADJUSTMENT


@dataclass(frozen=True)
class Explained:
    """A lead, its findings (`tables.findings` as mappings, strongest first) and the rows they rest on.

    Attributes:
        told: what was told of its prison; shown, never weighed.
    """

    case: str
    run: int
    lead: dict[str, Any]
    findings: tuple[dict[str, Any], ...]
    rows: tuple[SourceRow, ...]
    told: tuple[Told, ...]


@act
def explain_lead(workspace: Workspace, case: str, lead: str, run: int | None = None) -> Explained:
    """Everything that a lead rests on; the look is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        lead: its name (L00001) or rank.
        run: number of the run; the last one unless told.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: the case has not been weighed.
        InputError: no such lead.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    files = run_files(workspace, found, run)
    chosen = files.lead(lead)
    log_access(workspace.actor, user, "explain_lead", found, f"run {files.run.number} {chosen['lead']}")
    findings = sorted(files.findings_of(chosen).to_pylist(), key=_strongest_first)
    wanted = [text for finding in findings for text in finding["locators"]]
    return Explained(
        case=found.reference,
        run=files.run.number,
        lead=chosen,
        findings=tuple(findings),
        rows=tuple(source_rows(workspace, found, wanted)),
        told=told_of(case_store(workspace, found).connect(), [chosen["prison"]]),
    )


def _strongest_first(finding: dict[str, Any]) -> tuple[bool, int, str]:
    """An adjustment stands below what it adjusts."""
    return finding["evidence_kind"] == ADJUSTMENT, -abs(finding["millibits"]), finding["sentence"]
