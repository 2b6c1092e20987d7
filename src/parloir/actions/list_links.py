"""List the linked pairs of a case."""

from __future__ import annotations

from dataclasses import dataclass

from parloir.actions.act import act
from parloir.actions.run_links import LinkedPair, last_words, linked_pairs
from parloir.actions.runs import run_files
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class LinksListed:
    """The linked pairs of a run, the likeliest first."""

    case: str
    run: int
    pairs: tuple[LinkedPair, ...]


@act
def list_links(workspace: Workspace, case: str, run: int | None = None) -> LinksListed:
    """The linked pairs of the last run, or of another one, with the last word on each; the look is logged.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: the case has not been weighed.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    files = run_files(workspace, found, run)
    log_access(workspace.actor, user, "list_links", found, f"run {files.run.number}")
    return LinksListed(found.reference, files.run.number, tuple(linked_pairs(files, last_words(found))))
