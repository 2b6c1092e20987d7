"""Verify a case: its sealed files, its chain of custody, its records against both, its tables and runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from parloir.actions.act import act
from parloir.actions.progress import Progress
from parloir.actions.verifying import chain_faults, item_faults, run_faults
from parloir.errors import CustodyError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.custody import checkpoint
from parloir.records.models import Case, Role, Status
from parloir.records.workspace import Workspace
from parloir.vault import Checkpoint


@dataclass(frozen=True)
class Verification:
    """What was checked and what does not hold.

    Attributes:
        holds: nothing is wrong.
        faults: one sentence each, without a full stop; empty when it holds.
        erased: one sentence for each evidence item that was erased under an authority.
        evidence: sealed files verified.
        events: events of the chain.
        checkpoint: to print and keep apart: a later check against it sees whether last events are gone.
    """

    case: str
    holds: bool
    faults: tuple[str, ...]
    erased: tuple[str, ...]
    evidence: int
    events: int
    checkpoint: str


@act
def verify_case(
    workspace: Workspace, case: str, earlier: str = "", progress: Progress | None = None
) -> Verification:
    """Check everything that can be checked, and say in words what does not hold.

    Args:
        workspace: the open workspace.
        case: its reference.
        earlier: a checkpoint printed earlier, or empty.
        progress: told what is being done, and how many of how many evidence bytes are read.

    Raises:
        RecordsError: no such case.
        LawfulnessError: the person acting is not a member.
        InputError: `earlier` is not a checkpoint.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    printed = Checkpoint.parse(earlier) if earlier else None
    log_access(workspace.actor, user, "verify_case", found)
    faults = chain_faults(found, printed)
    faults += _items_faults(workspace, found, progress or (lambda *_: None))
    faults += run_faults(workspace, found)
    return Verification(
        case=case,
        holds=not faults,
        faults=tuple(faults),
        erased=_erased(found),
        evidence=found.evidence.exclude(status=Status.ERASED).count(),
        events=found.events.count(),
        checkpoint=_checkpoint(found),
    )


def _items_faults(workspace: Workspace, case: Case, progress: Progress) -> list[str]:
    items = list(case.evidence.select_related("authority", "case").order_by("number"))
    total, before, faults = sum(item.size for item in items), 0, []
    for item in items:
        faults += item_faults(workspace, item, partial(_tell, progress, total, before))
        before += item.size
    return faults


def _tell(progress: Progress, total: int, before: int, done: int) -> None:
    progress("verifying", before + done, total)


def _erased(case: Case) -> tuple[str, ...]:
    rows = case.evidence.filter(status=Status.ERASED).select_related("authority").order_by("number")
    return tuple(
        f"evidence item {row.number} ({row.original_name}): erased under {row.authority.reference}"
        for row in rows
    )


def _checkpoint(case: Case) -> str:
    try:
        return str(checkpoint(case) or "")
    except CustodyError:  # the last event cannot be read: told among the faults
        return ""
