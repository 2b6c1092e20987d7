"""List the linked pairs of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parloir.actions.act import act
from parloir.actions.run_links import LinkedPair, last_words, linked_pairs
from parloir.actions.runs import run_files
from parloir.errors import InputError
from parloir.identities.judgements import pair_id
from parloir.identities.views import Neighbour, neighbours, person_view, weak_bridges
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class LinksListed:
    """The linked pairs of a run, the likeliest first.

    Attributes:
        pairs: all, or those of one record.
        view: of one record, where it was named: its links, and whom each alone would chain to it.
    """

    case: str
    run: int
    pairs: tuple[LinkedPair, ...]
    view: tuple[Neighbour, ...] = ()


@act
def list_links(workspace: Workspace, case: str, run: int | None = None, of: str | None = None) -> LinksListed:
    """The linked pairs of the last run, or of another one, with the last word on each; the look is logged.

    Args:
        workspace: the open workspace.
        case: its reference.
        run: number of the run.
        of: key of a record: its pairs alone, and the view of that person.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: the case has not been weighed.
        InputError: that record is in no pair.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    files = run_files(workspace, found, run)
    log_access(workspace.actor, user, "list_links", found, f"run {files.run.number}")
    pairs = linked_pairs(files, last_words(found))
    linked = neighbours((one.left, one.right, one.probability or 0.0) for one in pairs)
    weak = {pair_id(*ends) for ends in weak_bridges(linked)}
    told = tuple(
        replace(one, weak=one.pair in weak) for one in pairs if of is None or of in (one.left, one.right)
    )
    if of is not None and not told:
        raise InputError(f"no pair has the record “{of[:80]}”", do="take a record from `parloir links`")
    return LinksListed(found.reference, files.run.number, told, person_view(of, linked) if of else ())
