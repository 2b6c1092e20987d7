"""The tables of a case behind its protected register: the only way in which acts read them."""

from __future__ import annotations

from collections.abc import Iterable

from parloir.records.authorities import authority_of
from parloir.records.models import Authority, Case, EvidenceItem
from parloir.records.runs import read_items
from parloir.records.workspace import Workspace
from parloir.tables.store import Store

PRIVILEGED = "privileged contacts"
"""The purpose by which an authority lets the contacts of the protected register be weighed."""


def case_store(workspace: Workspace, case: Case, only: Iterable[EvidenceItem] | None = None) -> Store:
    """The tables of a case, or of some of its items; what its registers protect is shown by no view.

    Rows held under an authority for privileged contacts are shown.
    """
    items = list(read_items(case).select_related("authority"))
    folders = {item.number: workspace.tables_of(case.pk, item.number, item.reading) for item in items}
    wanted = folders if only is None else {item.number: folders[item.number] for item in only}
    lifted = [item.sha256 for item in items if privileged(item.authority)]
    return Store.of(wanted.values(), lifted, folders.values())


def privileged(authority: Authority) -> bool:
    """Whether an authority's purposes include privileged contacts, case and spaces aside."""
    purposes = authority_of(authority).scope.purposes
    return any(" ".join(purpose.casefold().split()) == PRIVILEGED for purpose in purposes)
