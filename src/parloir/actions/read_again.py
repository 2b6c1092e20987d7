"""Read a sealed file again, in another way: new rows take the place of the old ones, all of them or none.

The sealed bytes and what people judged stay. The tables of each reading have a folder of their own, and the
row in the records says which one holds: it is the commit point. Runs that rest on earlier rows stay in their
files and are shown no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from parloir import readers
from parloir.actions.act import act
from parloir.actions.intake import Delivery, Intake, Progress, Step
from parloir.actions.item_reading import Item, intake_of, read_item
from parloir.actions.past_reading import format_of, options_of
from parloir.errors import RecordsError
from parloir.readers.reader import Options
from parloir.records.accesses import log_access
from parloir.records.cases import item_of, permitted
from parloir.records.models import Case, EvidenceItem, Role, Status
from parloir.records.retention import retentions
from parloir.records.runs import standing_runs
from parloir.records.sweep import sweep
from parloir.records.words import named
from parloir.records.workspace import Workspace
from parloir.vault import Vault

_START = 512
"""Bytes that tell a packed file from a plain one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """How a file is to be read now; None leaves a thing as it was told for the last reading.

    Attributes:
        reason: why; required.
        format: name of the reader to use; empty to tell the format by content.
        country, timezone, mapping: as in `readers.reader.Options`.
    """

    reason: str
    format: str | None = None
    country: str | None = None
    timezone: str | None = None
    mapping: str | None = None


@dataclass(frozen=True)
class ReadAgain:
    """What became of it.

    Attributes:
        before: how it stood; `refused` or `sealed` when it had not been read.
        intake: how it stands now.
        runs: numbers of the runs that rest on the earlier rows.
    """

    case: str
    before: Intake
    intake: Intake
    runs: tuple[int, ...]


@act
def read_again(
    workspace: Workspace, case: str, number: int, how: Rereading, progress: Progress | None = None
) -> ReadAgain:
    """Read an evidence item of the case again.

    Where it cannot be read in the new way, the earlier rows stay and the error says why.

    Args:
        workspace: the open workspace.
        case: its reference.
        number: of the evidence item.
        how: what is to be told to the reader, and why.
        progress: told how far the file has come.

    Raises:
        LawfulnessError: the person acting may not.
        RecordsError: no such case or item, or it is erased.
        InputError: no reason, no reader of that name, a time zone or a mapping that cannot be used.
        EvidenceError: it was read before and cannot be read like this.
        TamperedError: the sealed file is no longer what was sealed.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    reason = named("reason of reading again", how.reason, 1000)
    with workspace.busy():
        row = _held(found, number)
        delivery, before = _delivery(row, how), intake_of(row, already=True)
        log_access(workspace.actor, user, "read_again", found, f"evidence item {number}")
        start = _start(workspace, row)
        intake = read_item(Item(workspace, row, delivery, start, _told(row, progress), reason))
    sweep(workspace)
    due = {one.authority: one for one in retentions(found)}
    intake = replace(intake, retention=due.get(intake.authority))
    return ReadAgain(found.reference, before, intake, _runs_on(row))


def _held(case: Case, number: int) -> EvidenceItem:
    row = item_of(case, number)
    if row.status == Status.ERASED:
        raise RecordsError(
            f"evidence item {number} is erased", where=case.reference, do="take the file in again"
        )
    return row


def _delivery(row: EvidenceItem, how: Rereading) -> Delivery:
    wanted = {name: getattr(how, name) for name in ("country", "timezone", "mapping")}
    told = {name: value for name, value in wanted.items() if value is not None}
    options = replace(options_of(row) or Options(), **told)
    format_ = format_of(row) if how.format is None else how.format
    if format_:
        readers.by_format(format_)
    readers.check(options)
    return Delivery(authority=row.authority.reference, format=format_, options=options)


def _start(workspace: Workspace, row: EvidenceItem) -> bytes:
    with Vault(workspace.vault).open(row.sha256) as file:
        return file.read(_START)


def _told(row: EvidenceItem, progress: Progress | None) -> Callable[[int, int | None], None]:
    tell = progress or (lambda _: None)
    return lambda done, total: tell(Step("reading", row.original_name, done, total))


def _runs_on(row: EvidenceItem) -> tuple[int, ...]:
    runs = standing_runs(row.case)
    return tuple(run.number for run in runs if any(given["number"] == row.number for given in run.inputs))
