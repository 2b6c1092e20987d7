"""Take files in as evidence: sealed first, then read.

Two commits make it safe against a crash at any moment. The first says that the file is sealed, the second
that its tables are in place; the same file taken in again goes on where the first attempt stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from parloir import readers
from parloir.actions.act import act
from parloir.actions.intake import Delivery, Intake, Progress, Step
from parloir.actions.item_reading import Item, intake_of, read_item
from parloir.actions.past_reading import options_of
from parloir.errors import InputError, LawfulnessError
from parloir.records.authorities import authority_of, find_authority
from parloir.records.cases import locked, permitted
from parloir.records.clock import last_day, microseconds, now
from parloir.records.custody import append, happened
from parloir.records.models import Authority, Case, EvidenceItem, Role, Status, User
from parloir.records.retention import retentions
from parloir.records.words import perhaps_named, readable
from parloir.records.workspace import Workspace
from parloir.vault import Kind, Party, Seal, Vault, require_file


@dataclass(frozen=True)
class _Taking:
    workspace: Workspace
    case: Case
    user: User
    authority: Authority
    delivery: Delivery
    progress: Progress


@act
def take_in_evidence(
    workspace: Workspace,
    case: str,
    paths: Sequence[Path],
    delivery: Delivery,
    progress: Progress | None = None,
) -> list[Intake]:
    """Seal and read files, one after the other.

    A file that cannot be read stays sealed; its status is `refused` and `Intake.refusal` says why. A file
    that the case has read already is only named.

    Args:
        workspace: the open workspace.
        case: its reference.
        paths: files; archives are sealed as they came and read by member.
        delivery: under which authority and how they arrived.
        progress: told how far each file has come.

    Raises:
        LawfulnessError: no such authority, or it no longer lets evidence be obtained, or the person
            acting may not.
        InputError: no reader of that name, a name, a time zone or a mapping that cannot be used.
        EvidenceError: a path is no file: nothing is taken in then. Or a file cannot be sealed; files before
            it are taken in.
        TamperedError: the vault holds the file, altered.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    authority, delivery = _obtainable(found, delivery), _tidy(delivery)
    if delivery.format:
        readers.by_format(delivery.format)
    readers.check(delivery.options)
    for path in paths:
        require_file(Path(path))
    taking = _Taking(workspace, found, user, authority, delivery, progress or (lambda _: None))
    with workspace.busy():
        taken = [_take_in(taking, Path(path)) for path in paths]
    due = {one.authority: one for one in retentions(found)}
    return [replace(intake, retention=due.get(intake.authority)) for intake in taken]


def _obtainable(case: Case, delivery: Delivery) -> Authority:
    row = find_authority(case, delivery.authority)
    authority, at_us = authority_of(row), microseconds(now())
    obtained_us = delivery.occurred.us if delivery.occurred else at_us
    if obtained_us > at_us:
        raise InputError("the files were handed over in the future", do="check the date of the delivery")
    if not authority.obtainable(obtained_us):
        until = last_day(authority.obtain_until_us or 0)
        raise LawfulnessError(
            f"authority “{row.reference}” let evidence be obtained until {until} only",
            where=case.reference,
            do="take the files in under an authority that is in force",
        )
    return row


def _tidy(delivery: Delivery) -> Delivery:
    return replace(
        delivery,
        from_whom=perhaps_named("name of whom the files came from", delivery.from_whom, 300),
        handling=perhaps_named("handling code", delivery.handling),
    )


def _take_in(taking: _Taking, path: Path) -> Intake:
    name, size = readable(path.name), path.stat().st_size if path.exists() else None
    vault = Vault(taking.workspace.vault)
    seal = vault.seal(path, progress=lambda done: taking.progress(Step("sealing", name, done, size)))
    row = _sealed(taking, name, seal)
    if row.status == Status.READ:
        return replace(intake_of(row, already=True), differs=_otherwise(taking, row))
    told = partial(_tell_reading, taking, name)
    return read_item(Item(taking.workspace, row, taking.delivery, _start(path), told))


def _otherwise(taking: _Taking, row: EvidenceItem) -> str:
    """How the item was read, where that is not what was asked for now; else nothing."""
    then = options_of(row)
    if then is None:
        return ""
    was, wanted = asdict(then), asdict(taking.delivery.options)
    return ", ".join(f"{name} {was[name] or 'none'}" for name in wanted if was[name] != wanted[name])


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(512)
    except OSError:  # it is sealed by now; only the progress has no end in sight
        return b""


def _tell_reading(taking: _Taking, name: str, done: int, total: int | None) -> None:
    taking.progress(Step("reading", name, done, total))


def _sealed(taking: _Taking, name: str, seal: Seal) -> EvidenceItem:
    """The row of the sealed file: the one that the case has, or a new one with its event."""
    with locked(taking.case) as case:
        row = case.evidence.filter(sha256=seal.sha256).exclude(status=Status.ERASED).first()
        if row is None:
            row = _new_row(taking, name, seal)
            _say_sealed(taking, row)
    return row


def _new_row(taking: _Taking, name: str, seal: Seal) -> EvidenceItem:
    last = taking.case.evidence.order_by("-number").first()
    return EvidenceItem.objects.create(
        case=taking.case,
        number=last.number + 1 if last else 1,
        sha256=seal.sha256,
        size=seal.size,
        original_name=name,
        from_whom=taking.delivery.from_whom,
        handling=taking.delivery.handling,
        authority=taking.authority,
        taken_in=now(),
        taken_in_by=taking.user,
        status=Status.SEALED,
    )


def _say_sealed(taking: _Taking, row: EvidenceItem) -> None:
    actor, delivery = taking.workspace.actor, taking.delivery
    event = happened(
        taking.case,
        actor,
        Kind.SEALED,
        number=row.number,
        original_name=row.original_name,
        size=row.size,
        handling=row.handling,
    )
    handed = replace(
        event,
        occurred=delivery.occurred or event.occurred,
        evidence=row.sha256,
        handed_by=Party(row.from_whom),
        received_by=Party(actor.name, actor.organisation),
        place=delivery.place,
        reason=actor.purpose,
        authority=row.authority.reference,
        seals_before=delivery.seals_before,
        seals_after=delivery.seals_after,
    )
    append(taking.case, handed)
