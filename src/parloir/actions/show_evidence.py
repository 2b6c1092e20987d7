"""Show what became of the rows of one evidence item: which were set aside or doubted, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.protection import namesakes_query
from parloir.errors import RecordsError
from parloir.records.accesses import log_access
from parloir.records.cases import item_of, permitted
from parloir.records.models import Case, EvidenceItem, Role, Status
from parloir.records.workspace import Workspace
from parloir.tables.store import Store

_DOUBTS = (
    'SELECT severity, reason, "column", member, source_table, source_row, raw FROM warnings'
    " ORDER BY severity DESC, member, source_table, source_row, reason"
)
_HELD = 'SELECT "table", reason, count(*) AS rows FROM quarantine GROUP BY ALL ORDER BY ALL'


@dataclass(frozen=True)
class EvidenceShown:
    """One evidence item.

    Attributes:
        says: what the reader saw, or why the file was refused.
        doubts: severity (`warning`: set aside; `remark`: kept), reason, column, member, source_table,
            source_row, raw; one row each, in the order of the file.
        held_back: table, reason, rows: rows outside the authority's scope or of privileged contacts.
        namesakes: table, member, source_table, source_row, name: rows shown and weighed though they bear the
            name of a protected person, since another fact tells the two apart.
    """

    case: str
    number: int
    original_name: str
    sha256: str
    status: str
    says: str
    doubts: pa.Table
    held_back: pa.Table
    namesakes: pa.Table


@act
def show_evidence(workspace: Workspace, case: str, number: int) -> EvidenceShown:
    """What became of the rows of one item, for members of the case; the look is logged.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: no such case or item, or the item is erased.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    item = _item(found, number)
    log_access(workspace.actor, user, "show_evidence", found, f"evidence item {number}")
    read = item.status == Status.READ
    store = case_store(workspace, found, [item] if read else [])
    return EvidenceShown(
        case=found.reference,
        number=item.number,
        original_name=item.original_name,
        sha256=item.sha256,
        status=str(item.status),
        says="; ".join(member["says"] for member in item.members) if read else item.refusal,
        doubts=_rows(store, "warnings", _DOUBTS),
        held_back=_rows(store, "quarantine", _HELD),
        namesakes=_namesakes(store),
    )


def _item(case: Case, number: int) -> EvidenceItem:
    item = item_of(case, number)
    if item.status == Status.ERASED:
        raise RecordsError(f"evidence item {number} is erased", where=case.reference, do="choose another")
    return item


def _rows(store: Store, table: str, query: str) -> pa.Table:
    if not store.files(table):
        return pa.table({})
    return store.connect().execute(query).to_arrow_table()


def _namesakes(store: Store) -> pa.Table:
    query = namesakes_query(store)
    return store.connect().execute(query).to_arrow_table() if query else pa.table({})
