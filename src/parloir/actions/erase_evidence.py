"""Erase evidence: the sealed file and everything derived from it go; its hash and the event stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parloir.actions.act import act
from parloir.records.cases import item_of, locked, permitted
from parloir.records.clock import now
from parloir.records.custody import append, happened
from parloir.records.models import EvidenceItem, Role, Run, RunErasure, Status
from parloir.records.sweep import remove_orphans
from parloir.records.words import named
from parloir.records.workspace import Workspace
from parloir.vault import Kind


@dataclass(frozen=True)
class Erased:
    """What was erased.

    Attributes:
        runs: numbers of the runs that rested on it; their files are gone too.
        kept_for: other cases that hold the same file, for which the sealed file stays.
        event: sequence of the custody event; 0 when the item had been erased before.
    """

    case: str
    number: int
    sha256: str
    authority: str
    runs: tuple[int, ...]
    kept_for: tuple[str, ...]
    event: int


@act
def erase_evidence(workspace: Workspace, case: str, number: int, reason: str) -> Erased:
    """Erase one evidence item; only the leader of the case may.

    The record is the commit point: after a crash the next start removes the files that it says are gone.

    Args:
        workspace: the open workspace.
        case: its reference.
        number: of the evidence item.
        reason: why; required.

    Raises:
        RecordsError: no such case or item.
        LawfulnessError: the person acting may not.
        InputError: no reason.
    """
    found, _ = permitted(case, workspace.actor, Role.LEADER)
    reason = named("reason of an erasure", reason, 1000)
    with workspace.alone():
        with locked(found):
            row = item_of(found, number)
            runs = _runs_on(row)
            event = 0 if row.status == Status.ERASED else _write_down(workspace, row, runs, reason)
        remove_orphans(workspace)
    kept = EvidenceItem.objects.filter(sha256=row.sha256).exclude(status=Status.ERASED)
    return Erased(
        case=case,
        number=number,
        sha256=row.sha256,
        authority=row.authority.reference,
        runs=tuple(run.number for run in runs),
        kept_for=tuple(sorted(other.case.reference for other in kept.select_related("case"))),
        event=event,
    )


def _runs_on(row: EvidenceItem) -> list[Run]:
    runs = row.case.runs.order_by("number")
    return [run for run in runs if any(given["number"] == row.number for given in run.inputs)]


def _write_down(workspace: Workspace, row: EvidenceItem, runs: list[Run], reason: str) -> int:
    for run in runs:
        RunErasure.objects.get_or_create(run=run, defaults={"item": row, "at": now()})
    row.status, row.tables, row.members = Status.ERASED, {}, []
    row.save()
    event = happened(
        row.case, workspace.actor, Kind.ERASED, number=row.number, runs=[run.number for run in runs]
    )
    told = replace(event, evidence=row.sha256, authority=row.authority.reference, reason=reason)
    return append(row.case, told).sequence
