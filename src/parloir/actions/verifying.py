"""The checks of `verify_case`: each returns sentences for what does not hold."""

from __future__ import annotations

from collections.abc import Callable

from parloir.actions.item_reading import COUNTS, file_sha256
from parloir.errors import CustodyError, EvidenceError
from parloir.records.authorities import authority_as_json, authority_of
from parloir.records.custody import load
from parloir.records.models import Authority, Case, EvidenceItem, Status
from parloir.records.workspace import Workspace
from parloir.vault import Checkpoint, Event, Kind, Vault, check_chain

FINDINGS = "findings.parquet"
"""The file of a run whose SHA-256 the run's record bears."""
_TOLD_BY = {Kind.READ: Status.READ, Kind.REFUSED: Status.REFUSED, Kind.ERASED: Status.ERASED}


def chain_faults(case: Case, earlier: Checkpoint | None) -> list[str]:
    """Faults of the chain itself, and of the records held against what it tells."""
    try:
        events = [load(row) for row in case.events.order_by("sequence")]
    except CustodyError as error:
        return [str(error).rstrip(".")]
    found = check_chain(events, earlier, case=case.reference)
    faults = [f"event {fault.sequence}: {fault.what}" if fault.sequence else fault.what for fault in found]
    return [
        *faults,
        *_authority_faults(case, events),
        *_evidence_faults(case, events),
        *_judgement_faults(case, events),
    ]


def _authority_faults(case: Case, events: list[Event]) -> list[str]:
    told = {event.authority: event.details for event in events if event.kind == Kind.AUTHORITY_ADDED}
    rows = {row.reference: row for row in case.authorities.order_by("pk")}
    gone = [f"authority {name} is in the chain and not in the records" for name in told if name not in rows]
    return gone + [
        f"authority {name} is not as it was when it was added"
        for name, row in rows.items()
        if told.get(name) != _as_told(row)
    ]


def _as_told(row: Authority) -> dict[str, object]:
    return authority_as_json(authority_of(row))


def _evidence_faults(case: Case, events: list[Event]) -> list[str]:
    told: dict[int, list[Event]] = {}
    for event in events:
        if event.kind in (Kind.SEALED, *_TOLD_BY):
            told.setdefault(event.details.get("number", 0), []).append(event)
    rows = {row.number: row for row in case.evidence.select_related("authority").order_by("number")}
    gone = [f"evidence item {n} is in the chain and not in the records" for n in told if n not in rows]
    return gone + [fault for n, row in rows.items() for fault in _row_faults(row, told.get(n, []))]


def _judgement_faults(case: Case, events: list[Event]) -> list[str]:
    names = ("proposition", "subject", "object", "word")
    told = [
        (*(event.details.get(name) for name in names), event.reason, event.author)
        for event in events
        if event.kind == Kind.JUDGED
    ]
    rows = list(case.judgements.order_by("pk").values_list(*names, "reason", "by__username"))
    return [] if rows == told else ["the judgements in the records are not those that the chain tells of"]


def _row_faults(row: EvidenceItem, events: list[Event]) -> list[str]:
    sealed = [event for event in events if event.kind == Kind.SEALED]
    if len(sealed) != 1:
        return [f"{_name(row)} has {len(sealed)} events that say it was sealed"]
    faults = [] if _as_sealed(row, sealed[0]) else [f"{_name(row)} is not as it was when it was sealed"]
    last = events[-1]
    status = _TOLD_BY.get(Kind(last.kind), Status.SEALED)
    counts = {name: getattr(row, name) for name in COUNTS}
    if row.status != status:
        faults.append(f"{_name(row)} is {row.status} in the records and {status.value} in the chain")
    elif status == Status.READ and any(last.details.get(name) != count for name, count in counts.items()):
        faults.append(f"{_name(row)} has other row counts in the records than in the chain")
    elif status == Status.READ and last.details.get("reading", 1) != row.reading:
        faults.append(f"{_name(row)} shows another reading than the last one in the chain")
    return faults


def _as_sealed(row: EvidenceItem, event: Event) -> bool:
    here = (row.sha256, row.size, row.original_name, row.from_whom, row.handling, row.authority.reference)
    there = event.details
    return here == (
        event.evidence,
        there.get("size"),
        there.get("original_name"),
        event.handed_by.person,
        there.get("handling"),
        event.authority,
    )


def item_faults(
    workspace: Workspace, row: EvidenceItem, progress: Callable[[int], None] | None = None
) -> list[str]:
    """Faults of the sealed file of an evidence item and of the tables made of it.

    Args:
        workspace: the open workspace.
        row: the item.
        progress: told the bytes of the sealed file read so far.
    """
    if row.status == Status.ERASED:
        return _erasure_faults(workspace, row)
    try:
        seal = Vault(workspace.vault).verify(row.sha256, progress=progress)
    except EvidenceError as error:
        return [f"{_name(row)}: {error.what}"]
    faults = [] if seal.size == row.size else [f"{_name(row)}: the sealed file has {seal.size} bytes"]
    return faults + (_table_faults(workspace, row) if row.status == Status.READ else [])


def _erasure_faults(workspace: Workspace, row: EvidenceItem) -> list[str]:
    held = EvidenceItem.objects.filter(sha256=row.sha256).exclude(status=Status.ERASED).exists()
    there = [] if held or not Vault(workspace.vault).holds(row.sha256) else ["its sealed file"]
    if workspace.tables_of(row.case_id, row.number, row.reading).exists():
        there.append("its tables")
    return [
        f"{_name(row)} was erased and {thing} is still there; open the workspace again" for thing in there
    ]


def _table_faults(workspace: Workspace, row: EvidenceItem) -> list[str]:
    folder = workspace.tables_of(row.case_id, row.number, row.reading)
    names = {path.stem for path in folder.glob("*.parquet")}
    extra = [
        f"{_name(row)}: a table {name} that was not read from it" for name in sorted(names - set(row.tables))
    ]
    return extra + [
        f"{_name(row)}: the table {name} is missing or altered"
        for name, table in row.tables.items()
        if name not in names or file_sha256(folder / f"{name}.parquet") != table["sha256"]
    ]


def run_faults(workspace: Workspace, case: Case) -> list[str]:
    """Runs that stand without their findings, and erased ones whose files are still there."""
    faults = []
    for run in case.runs.select_related("erasure").order_by("number"):
        folder = workspace.run_of(case.pk, run.number)
        if hasattr(run, "erasure"):
            if folder.exists():
                faults.append(f"run {run.number} was erased and is still there; open the workspace again")
        elif not (folder / FINDINGS).exists():
            faults.append(f"run {run.number}: its findings are missing")
        elif file_sha256(folder / FINDINGS) != run.findings_sha256:
            faults.append(f"run {run.number}: its findings are altered")
    return faults


def _name(row: EvidenceItem) -> str:
    return f"evidence item {row.number} ({row.original_name})"
