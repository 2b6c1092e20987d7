"""Reading a sealed evidence item into tables, all of it or nothing."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from parloir import readers
from parloir.actions.holding_back import hold_back
from parloir.actions.intake import Delivery, Intake, MemberRead
from parloir.actions.member_reading import Origins, Reading, read_member
from parloir.actions.sieves import sieves_of
from parloir.errors import EvidenceError, TamperedError, UnknownFormatError
from parloir.readers.layout import layout_text
from parloir.readers.reader import Recognition
from parloir.records.cases import locked
from parloir.records.custody import append, happened
from parloir.records.models import EvidenceItem, Status
from parloir.records.words import readable
from parloir.records.workspace import Workspace
from parloir.tables.files import StagedTables
from parloir.vault import Kind, Member, Vault

COUNTS = ("rows_in", "rows_out", "quarantined", "warnings", "remarks")
"""Columns of an evidence item that its event `read` states too."""


@dataclass(frozen=True)
class Item:
    """An evidence item to read.

    Attributes:
        start: its first bytes as it came, which tell a packed file from a plain one.
        progress: told bytes done and, where known, bytes in all.
        reason: why it is read again; empty the first time.
    """

    workspace: Workspace
    row: EvidenceItem
    delivery: Delivery
    start: bytes
    progress: Callable[[int, int | None], None]
    reason: str = ""

    @property
    def reading(self) -> int:
        """The number of this reading."""
        return self.row.reading + (self.row.status == Status.READ)


def read_item(item: Item) -> Intake:
    """Read it and commit, or commit the refusal; what was read before gives way to a whole reading only.

    Raises:
        EvidenceError: it was read before, and cannot be read like this.
        TamperedError: the sealed file is no longer what was sealed.
        InputError: the mapping cannot be used; the item stays sealed, to be read later.
    """
    try:
        with StagedTables(item.workspace.tables) as staged:
            members = _read_members(item, staged)
            return _commit(item, members, staged)
    except TamperedError:
        raise
    except EvidenceError as error:
        if item.row.status == Status.READ:
            raise
        return _refuse(item, error)


def _read_members(item: Item, staged: StagedTables) -> list[MemberRead]:
    members = Vault(item.workspace.vault).members(item.row.sha256, item.row.original_name)
    total = item.row.size if [member.head(len(item.start)) for member in members] == [item.start] else None
    origins, sieves = Origins(), sieves_of(item.workspace, item.row)
    reading = Reading(item.delivery.options, sieves, staged, origins, lambda done: item.progress(done, total))
    claims = [(member, _claim(member, item.delivery)) for member in members]
    unknown = [claim for _, claim in claims if isinstance(claim, UnknownFormatError)]
    if len(unknown) == len(claims):
        raise unknown[0] if unknown else _empty(item)
    read = [_read_or_leave(member, claim, reading) for member, claim in claims]
    staged.finish()
    hold_back(staged.folder, origins.derived - origins.primary)
    return read


def _claim(member: Member, delivery: Delivery) -> Recognition | UnknownFormatError:
    if delivery.format:
        return Recognition(delivery.format, f"read as {delivery.format}, as told", 1.0)
    try:
        return readers.recognise(member, delivery.options.mapping)
    except UnknownFormatError as error:
        _require_whole(member)
        return error


def _require_whole(member: Member) -> None:
    """A truncated archive is unknown only because it is truncated: read it to its end, which says so.

    Raises:
        DamagedFileError: it breaks off.
    """
    with member.open() as stream:
        while stream.read(1 << 20):
            pass


def _read_or_leave(member: Member, claim: Recognition | UnknownFormatError, reading: Reading) -> MemberRead:
    if isinstance(claim, UnknownFormatError):
        return MemberRead(readable(member.name), "", f"{claim.what}; left unread")
    return read_member(member, readers.by_format(claim.format), claim, reading)


def _empty(item: Item) -> UnknownFormatError:
    return UnknownFormatError(
        "the archive holds no file",
        where=item.row.original_name,
        do="ask its supplier for a whole copy",
    )


def _commit(item: Item, members: list[MemberRead], staged: StagedTables) -> Intake:
    tables = {path.stem: _table_as_json(path) for path in sorted(staged.folder.glob("*.parquet"))}
    with locked(item.row.case):
        row = EvidenceItem.objects.select_related("case", "authority").get(pk=item.row.pk)
        if row.status == Status.READ and row.reading >= item.reading:  # another process was quicker
            return intake_of(row, already=True)
        row.reading = item.reading
        target = item.workspace.tables_of(row.case_id, row.number, row.reading)
        shutil.rmtree(target, ignore_errors=True)  # of a process that died between renaming and committing
        staged.commit(target)
        _write_down(row, members, tables)
        _say(item, Kind.READ, number=row.number, format=row.format, **_how(item), **_counts(row))
    return intake_of(row, already=False)


def _how(item: Item) -> dict[str, Any]:
    """What the reader was told, a layout word for word; what is not out of the ordinary is left out."""
    told, mapping = item.delivery, item.delivery.options.mapping
    return {
        "options": asdict(told.options),
        **({"told": told.format} if told.format else {}),
        **({"layout": readable(layout_text(mapping))} if mapping.endswith(".toml") else {}),
        **({"reading": item.reading} if item.reading > 1 else {}),
    }


def _counts(row: EvidenceItem) -> dict[str, int]:
    return {name: getattr(row, name) for name in COUNTS}


def _write_down(row: EvidenceItem, members: list[MemberRead], tables: dict[str, Any]) -> None:
    row.status, row.refusal = Status.READ, ""
    row.format = ", ".join(sorted({member.format for member in members if member.format}))
    row.members = [asdict(member) for member in members]
    row.tables = tables
    for name in COUNTS:
        setattr(row, name, sum(getattr(member, name) for member in members))
    row.save()


def _table_as_json(path: Path) -> dict[str, Any]:
    return {"rows": pq.read_metadata(path).num_rows, "sha256": file_sha256(path)}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file of our own making, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse(item: Item, error: EvidenceError) -> Intake:
    refusal = readable(str(error))
    with locked(item.row.case):
        row = EvidenceItem.objects.select_related("case", "authority").get(pk=item.row.pk)
        if row.status == Status.READ or (row.status == Status.REFUSED and row.refusal == refusal):
            return intake_of(row, already=True)
        row.status, row.refusal = Status.REFUSED, refusal
        row.save()
        _say(item, Kind.REFUSED, number=row.number, refusal=refusal)
    return intake_of(row, already=False)


def _say(item: Item, kind: Kind, **details: object) -> None:
    event = happened(item.row.case, item.workspace.actor, kind, **details)
    authority = item.row.authority.reference
    told = replace(event, evidence=item.row.sha256, authority=authority, reason=item.reason)
    append(item.row.case, told)


def intake_of(row: EvidenceItem, *, already: bool) -> Intake:
    """What the row of an evidence item says about its reading."""
    same = {field.name for field in fields(Intake)} & {field.name for field in row._meta.get_fields()}
    members = tuple(MemberRead(**member) for member in row.members)
    return Intake(
        **{
            **{name: getattr(row, name) for name in same},
            "status": str(row.status),
            "already": already,
            "authority": row.authority.reference,
            "says": "; ".join(f"{m.name}: {m.says}" if m.name else m.says for m in members),
            "tables": {name: table["rows"] for name, table in row.tables.items()},
            "members": members,
        }
    )
