"""Record what happened to a piece of evidence outside the computer: handed over, opened, resealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from parloir.actions.act import act
from parloir.errors import InputError
from parloir.records.cases import item_of, permitted
from parloir.records.custody import append, happened
from parloir.records.models import Case, Role
from parloir.records.workspace import Workspace
from parloir.vault import Checkpoint, Kind, Moment, Party

BY_HAND = (Kind.HANDED_OVER, Kind.OPENED, Kind.RESEALED, Kind.EXAMINED, Kind.CORRECTED)
"""Kinds that a person records; the others are written by the acts that they tell of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What a person records.

    Attributes:
        kind: handed_over, opened, resealed, examined or corrected.
        evidence: number of the evidence item; None when it concerns the case.
        occurred: when it happened; None for now.
        handed_by: who gave it away.
        received_by: who took it.
        place: where.
        reason: why.
        seals_before: numbers on the physical seals found.
        seals_after: numbers on the seals put on.
        corrects: sequence of the event that this one corrects, for `corrected`.
        details: what else there is to say; see `parloir.vault.Event`.
    """

    kind: str
    evidence: int | None = None
    occurred: Moment | None = None
    handed_by: Party = field(default_factory=Party)
    received_by: Party = field(default_factory=Party)
    place: str = ""
    reason: str = ""
    seals_before: tuple[str, ...] = ()
    seals_after: tuple[str, ...] = ()
    corrects: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recorded:
    """The event written: its sequence, hash and checkpoint."""

    case: str
    sequence: int
    hash: str
    checkpoint: str


@act
def record_custody(workspace: Workspace, case: str, handling: Handling) -> Recorded:
    """Append an event to the case's chain. A mistake is put right by a new event of kind `corrected`.

    Raises:
        LawfulnessError: the person acting may not.
        InputError: the kind is not one that a person records, or what it corrects does not exist.
        RecordsError: the case has no such evidence item.
        CustodyError: a detail has no canonical form.
    """
    found, _ = permitted(case, workspace.actor, Role.INVESTIGATOR)
    if handling.kind not in BY_HAND:
        raise InputError(
            f"“{handling.kind}” is not recorded by hand", do=f"choose one of {', '.join(BY_HAND)}"
        )
    _check_correction(found, handling)
    event = happened(found, workspace.actor, handling.kind, **handling.details)
    event = replace(
        event,
        occurred=handling.occurred or event.occurred,
        evidence="" if handling.evidence is None else item_of(found, handling.evidence).sha256,
        handed_by=handling.handed_by,
        received_by=handling.received_by,
        place=handling.place,
        reason=handling.reason,
        seals_before=handling.seals_before,
        seals_after=handling.seals_after,
        corrects=handling.corrects,
    )
    written = append(found, event)
    return Recorded(case, written.sequence, written.hash, str(Checkpoint.of(written)))


def _check_correction(case: Case, handling: Handling) -> None:
    corrects = handling.corrects
    if (handling.kind == Kind.CORRECTED) != (corrects is not None):
        raise InputError(
            "only an event of kind corrected names the event that it corrects, and it must",
            do="give both or neither",
        )
    if corrects is not None and not case.events.filter(sequence=corrects).exists():
        raise InputError(f"the chain has no event {corrects}", where=case.reference, do="check its sequence")
