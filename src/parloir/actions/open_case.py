"""Open a case."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from parloir.actions.act import act
from parloir.errors import InputError
from parloir.records.cases import user_of
from parloir.records.clock import now
from parloir.records.custody import append, happened
from parloir.records.models import Case, Membership, Role
from parloir.records.words import named, perhaps_named
from parloir.records.workspace import Workspace
from parloir.vault import Checkpoint, Kind


@dataclass(frozen=True)
class CaseOpened:
    """A new case and the checkpoint of its chain."""

    case: str
    title: str
    leader: str
    checkpoint: str


@act
def open_case(workspace: Workspace, reference: str, title: str = "") -> CaseOpened:
    """Open a case; the person acting becomes its leader.

    Args:
        workspace: the open workspace.
        reference: the name by which every other act calls the case.
        title: for people.

    Raises:
        InputError: the reference cannot be used, or is taken.
    """
    reference = named("reference of a case", reference)
    title = perhaps_named("title of a case", title, 300)
    with transaction.atomic():
        user = user_of(workspace.actor)
        case, new = Case.objects.get_or_create(
            reference=reference, defaults={"title": title, "opened": now(), "opened_by": user}
        )
        if not new:
            raise InputError(f"there is a case “{reference}” already", do="choose another reference")
        Membership.objects.create(case=case, user=user, role=Role.LEADER)
        event = append(case, happened(case, workspace.actor, Kind.CASE_OPENED, title=title))
    return CaseOpened(reference, title, user.username, str(Checkpoint.of(event)))
