"""Write what each prison's teams carry: a PDF and a CSV a prison, from a plan that the case issued."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from anyascii import anyascii

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.kept_plans import kept_plan
from parloir.actions.prison_names import names_of_prisons
from parloir.actions.progress import Progress
from parloir.errors import EvidenceError, InputError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.custody import append, happened
from parloir.records.label_keys import operation_key
from parloir.records.models import Role
from parloir.records.words import perhaps_named, readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Kind

if TYPE_CHECKING:
    from parloir import searches

MOST_BAGS = 20


@dataclass(frozen=True)
class PapersOrder:
    """What papers are wanted.

    Attributes:
        plan: the plan's file as `plan_search` wrote it: papers are made of what a named person issued.
        teams: the CSV of teams that it was made with.
        out: the folder; made when it is missing, files of the same name are replaced.
        operation: what the papers call it; the day of the searches when empty. The same operation of a case
            has the same labels.
        bags: labels for each search.
    """

    plan: Path
    teams: Path
    out: Path
    operation: str = ""
    bags: int = 3


@dataclass(frozen=True)
class PapersWritten:
    """Papers: where they lie and of how many prisons and searches, reserves included."""

    case: str
    plan: int
    operation: str
    out: str
    prisons: int
    searches: int
    files: tuple[str, ...]


@act
def write_papers(
    workspace: Workspace, case: str, order: PapersOrder, progress: Progress | None = None
) -> PapersWritten:
    """Write the papers of a plan; the disclosure is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        order: which papers.
        progress: told prison by prison.

    Raises:
        LawfulnessError: the person acting may not.
        InputError: the file is no plan of this case, or teams, operation or bags cannot be used.
        EvidenceError: the folder cannot be written to.
    """
    from parloir import searches

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    kept = kept_plan(workspace, found, order.plan)
    operation = perhaps_named("name of the operation", order.operation) or kept.issued.at.date().isoformat()
    if not 1 <= order.bags <= MOST_BAGS:
        raise InputError(f"a search cannot have {order.bags} bags", do=f"give 1 to {MOST_BAGS}")
    key = operation_key(workspace, found.reference, operation)
    names = names_of_prisons(case_store(workspace, found).connect())
    issue = searches.Issue(operation, kept.issued.at, kept.issued.issued_by, key, order.bags, names)
    rows = kept.rows()
    log_access(workspace.actor, user, "write_papers", found, readable(str(order.out))[:500])
    files: list[str] = []
    prisons = pc.count_distinct(rows["prison"]).as_py()
    for paper in searches.papers(rows, searches.read_teams(order.teams), issue):
        files += _write(order.out, paper, len(files))
        (progress or (lambda *_: None))("writing papers", len(files) // 2, prisons)
    reason = f"papers of plan {kept.number} as operation {operation} for {len(files) // 2} prisons"
    with workspace.busy():
        append(
            found, replace(happened(found, workspace.actor, Kind.REPORTED, plan=kept.number), reason=reason)
        )
    return PapersWritten(
        found.reference, kept.number, operation, str(order.out), len(files) // 2, rows.num_rows, tuple(files)
    )


def _write(folder: Path, paper: searches.Paper, before: int) -> list[str]:
    """Both files of a prison; the number keeps apart prisons whose names differ in signs alone."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", anyascii(paper.prison)).strip("-")[:60]
    stem = f"{before // 2 + 1:03d}-{plain or 'prison'}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suffix, data in ((".pdf", paper.pdf), (".csv", paper.csv.encode())):
            with replacing(folder / f"{stem}{suffix}") as temporary:
                temporary.write_bytes(data)
    except OSError as error:
        raise EvidenceError(
            f"the papers cannot be written ({error.strerror})",
            where=str(folder),
            do="name a folder that you may write to",
        ) from error
    return [f"{stem}.pdf", f"{stem}.csv"]
