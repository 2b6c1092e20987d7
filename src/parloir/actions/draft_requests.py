"""Draft what to ask operators for next, and under which authority."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.csv

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.runs import RunFiles, run_files
from parloir.errors import EvidenceError, InputError
from parloir.records.accesses import log_access
from parloir.records.authorities import authority_of
from parloir.records.cases import permitted
from parloir.records.clock import microseconds, now
from parloir.records.custody import append, happened
from parloir.records.models import Case, Role
from parloir.records.runs import standing_runs
from parloir.records.words import readable
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Authority, Kind

if TYPE_CHECKING:
    from parloir.inquiries import Draft
    from parloir.inquiries.handsets import Named

HANDSETS = 50
"""Handsets of a weighing whose full records are asked for, unless told otherwise."""
_BACK_US = 60 * 86_400_000_000
_KNOWN = """
SELECT min(first) FROM (
    SELECT min(from_us) AS first FROM requests UNION ALL SELECT min(started_us) FROM network_records
)
"""


@dataclass(frozen=True)
class Wanted:
    """What to draft.

    Attributes:
        from_us: first moment to ask for; None for where the case's requests and records start.
        to_us: first moment no longer asked for; None for now, or where the authorities end.
        prisons: to ask about; empty for all of the case.
        handsets: how many handsets of a weighing to ask full records of.
        run: number of the weighing; None for the last one, if there is any.
    """

    from_us: int | None = None
    to_us: int | None = None
    prisons: frozenset[str] = field(default_factory=frozenset)
    handsets: int = HANDSETS
    run: int | None = None


@dataclass(frozen=True)
class Drafted:
    """Requests in draft: `ready` may be sent under an authority, the others need a new one."""

    case: str
    ready: int
    needing: int
    from_us: int
    to_us: int
    drafts: pa.Table


@act
def draft_requests(
    workspace: Workspace, case: str, wanted: Wanted, page: Path | None = None, sheet: Path | None = None
) -> Drafted:
    """Draft requests, and write them as HTML, CSV or both; a written draft is a custody event.

    Args:
        workspace: the open workspace.
        case: its reference.
        wanted: what to draft.
        page: HTML file; replaced when it exists.
        sheet: CSV file; replaced when it exists.

    Raises:
        LawfulnessError: the person acting may not, or the run is older than the protected register.
        RecordsError: no such case or run.
        MissingEvidenceError: no prison in the case.
        InputError: the period ends before it starts.
        EvidenceError: a file cannot be written.
    """
    from parloir import inquiries

    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    out = ", ".join(str(path) for path in (page, sheet) if path)
    log_access(workspace.actor, user, "draft_requests", found, readable(out)[:500])
    connection = case_store(workspace, found).connect()
    at_us = microseconds(now())
    authorities = _in_force(found, at_us)
    period = _period(connection, authorities, wanted, at_us)
    named = _named(workspace, found, wanted)
    question = inquiries.Question(period, authorities, named, wanted.prisons)
    drafts = inquiries.draft_requests(connection, question)
    _write(drafts, (page, sheet), found.reference, at_us)
    if out:
        with workspace.busy():
            reason = f"{len(drafts)} requests drafted"
            append(found, happened(found, workspace.actor, Kind.REPORTED, reason=reason))
    ready = sum(1 for draft in drafts if not draft.needs)
    return Drafted(found.reference, ready, len(drafts) - ready, *period, inquiries.as_table(drafts))


def _in_force(case: Case, at_us: int) -> tuple[Authority, ...]:
    """Acts of the case under which evidence may be obtained now."""
    acts = (authority_of(row) for row in case.authorities.order_by("pk"))
    return tuple(authority for authority in acts if authority.obtainable(at_us))


def _period(
    connection: duckdb.DuckDBPyConnection, authorities: Sequence[Authority], wanted: Wanted, at_us: int
) -> tuple[int, int]:
    """What was told, else from where the case's data starts to now, as far as the authorities reach."""
    ends = _all_told(authority.scope.data_to_us for authority in authorities)
    starts = _all_told(authority.scope.data_from_us for authority in authorities)
    end = wanted.to_us if wanted.to_us is not None else min([at_us, *([max(ends)] if ends else [])])
    (known,) = connection.execute(_KNOWN).fetchall()[0]
    first = int(known) if known is not None and known < end else end - _BACK_US
    start = wanted.from_us if wanted.from_us is not None else max([first, *([min(starts)] if starts else [])])
    if start >= end:
        raise InputError("the period to ask for ends before it starts", do="give --from and --to")
    return start, end


def _all_told(moments: Iterable[int | None]) -> list[int]:
    """The moments, or none when one of them is open."""
    told = list(moments)
    return [moment for moment in told if moment is not None] if None not in told else []


def _named(workspace: Workspace, case: Case, wanted: Wanted) -> list[Named]:
    """Handsets that the weighing names; none before the first weighing."""
    from parloir.inquiries.handsets import weighed_handsets

    if wanted.run is None and not standing_runs(case).exists():
        return []
    files: RunFiles = run_files(workspace, case, wanted.run)
    leads, inside, handsets = (files.table(name) for name in ("leads", "inside", "handsets"))
    return weighed_handsets(leads, inside, handsets, wanted.handsets)


def _write(drafts: Sequence[Draft], files: tuple[Path | None, Path | None], case: str, dated_us: int) -> None:
    from parloir import inquiries

    page, sheet = files
    try:
        if page is not None:
            with replacing(page) as temporary:
                temporary.write_text(inquiries.requests_html(drafts, case, dated_us), encoding="utf-8")
        if sheet is not None:
            with replacing(sheet) as temporary:
                pyarrow.csv.write_csv(inquiries.as_table(drafts), temporary)
    except OSError as error:
        raise EvidenceError(
            f"the requests cannot be written ({error.strerror})",
            where=str(page or sheet),
            do="name a folder that you may write to",
        ) from error
