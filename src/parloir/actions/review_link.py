"""Review a linked pair before judging it: the two records side by side, without any weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.run_links import LinkedPair, last_words, linked_pairs, named_pair
from parloir.actions.runs import run_files
from parloir.errors import InputError
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace

if TYPE_CHECKING:
    from parloir.identities.showing import Field

EVEN = 0.5


@dataclass(frozen=True)
class Review:
    """A pair to judge. Neither weight nor probability is in it, so it can be judged blind.

    Attributes:
        fields: of both records; a field that neither has is left out.
        waiting: pairs of the run without a word, this one among them if it has none.
    """

    case: str
    run: int
    pair: str
    left: str
    right: str
    fields: tuple[Field, ...]
    waiting: int


@act
def review_link(
    workspace: Workspace, case: str, pair: str | None = None, run: int | None = None, skip: int = 0
) -> Review:
    """A pair by its name, or the next one without a word: the nearest to one half, where a word says most.

    Args:
        workspace: the open workspace.
        case: its reference.
        pair: its name, or its ends as `LEFT=RIGHT`; None for the next.
        run: number of the run; the last one unless told.
        skip: pairs of the queue to pass over.

    Raises:
        LawfulnessError: the person acting may not judge in this case.
        RecordsError: the case has not been weighed.
        InputError: there is no such pair or record, or every pair has its word.
    """
    from parloir.identities.showing import side_by_side

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    files = run_files(workspace, found, run)
    queue = _queue(linked_pairs(files, last_words(found)))
    if pair is None and skip >= len(queue):
        raise InputError(
            f"no pair of run {files.run.number} waits for a word", do="name a pair from `parloir links`"
        )
    chosen = named_pair(files, pair) if pair is not None else queue[skip]
    log_access(workspace.actor, user, "review_link", found, f"run {files.run.number} {chosen.pair}")
    fields = side_by_side(case_store(workspace, found).connect(), chosen.left, chosen.right)
    return Review(
        found.reference, files.run.number, chosen.pair, chosen.left, chosen.right, fields, len(queue)
    )


def _queue(pairs: list[LinkedPair]) -> list[LinkedPair]:
    """Pairs without a word, the nearest to one half first."""
    waiting = [one for one in pairs if not one.word]
    return sorted(waiting, key=lambda one: (abs((one.probability or 0.0) - EVEN), one.pair))
