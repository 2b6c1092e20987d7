"""Export a case: one ZIP that anybody can check without Parloir."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from parloir.actions.act import act
from parloir.actions.progress import Progress
from parloir.errors import ParloirError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.custody import append, chain, happened
from parloir.records.models import Case, EvidenceItem, Role, Status
from parloir.records.words import readable
from parloir.records.workspace import Workspace
from parloir.vault import Event, Kind, Vault
from parloir.vault.export import Contents, Erased, Present, manifest, vouching, write_case


@dataclass(frozen=True)
class Exported:
    """An export: where it lies, how many sealed files and events it holds, and the checkpoint to print."""

    case: str
    out: str
    files: int
    events: int
    checkpoint: str


@act
def export_case(
    workspace: Workspace, case: str, out: Path, recipient: str = "", progress: Progress | None = None
) -> Exported:
    """Write the sealed files and the chain of a case to a ZIP with its own verifier.

    The disclosure is written down before the file is made: an export without a record cannot be.
    One that fails is followed by an event that corrects it.

    Args:
        workspace: the open workspace.
        case: its reference.
        out: the ZIP; replaced when it exists.
        recipient: who will receive it.
        progress: told what is being done, and how many of how many evidence bytes are written.

    Raises:
        LawfulnessError: the person acting may not.
        TamperedError: a sealed file is missing or altered.
        CustodyError: the chain does not hold.
        EvidenceError: `out` cannot be written.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    vault = Vault(workspace.vault)
    with workspace.busy():
        listed = manifest(_contents(found), vault)
        log_access(workspace.actor, user, "export_case", found, readable(str(out))[:500])
        event = _say(workspace, found, listed, recipient)
        try:
            events = chain(found)[: event.sequence]
            total = sum(row.size for row in _present(found))
            told = partial(_tell, progress, total) if progress else None
            checkpoint = write_case(out, listed, events, vault, progress=told)
        except ParloirError as error:
            _take_back(workspace, found, event, error)
            raise
    return Exported(case, str(out), len(_present(found)), event.sequence, str(checkpoint))


def _tell(progress: Progress, total: int, done: int) -> None:
    progress("exporting", done, total)


def _contents(case: Case) -> Contents:
    present = [Present(row.sha256, row.original_name) for row in _present(case)]
    held = {file.sha256 for file in present}
    erased = case.evidence.filter(status=Status.ERASED).select_related("authority").order_by("number")
    return Contents(
        case={"name": case.reference, "title": case.title, "opened": case.opened.isoformat()},
        files=present,
        erased=[
            Erased(row.sha256, row.original_name, row.authority.reference)
            for row in erased
            if row.sha256 not in held
        ],
    )


def _present(case: Case) -> list[EvidenceItem]:
    return list(case.evidence.exclude(status=Status.ERASED).order_by("number"))


def _say(workspace: Workspace, case: Case, listed: bytes, recipient: str) -> Event:
    event = happened(case, workspace.actor, Kind.EXPORTED, **vouching(listed), recipient=readable(recipient))
    return append(case, replace(event, reason=workspace.actor.purpose))


def _take_back(workspace: Workspace, case: Case, event: Event, error: ParloirError) -> None:
    correction = happened(case, workspace.actor, Kind.CORRECTED, why="the export was not written")
    append(case, replace(correction, corrects=event.sequence, reason=readable(str(error))))
