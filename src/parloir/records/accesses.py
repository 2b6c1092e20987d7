"""Writing down who consulted or disclosed what, when and why."""

from __future__ import annotations

from parloir.records.actor import Actor
from parloir.records.clock import now
from parloir.records.models import AccessLog, Case, User


def log_access(actor: Actor, user: User, act: str, case: Case | None = None, object: str = "") -> None:  # noqa: A002 - the law's word
    """Write one consultation or disclosure down.

    Args:
        actor: who, for whom and why.
        user: the actor's row.
        act: a verb phrase, as the action is called.
        case: the case concerned, or None.
        object: what in it: a lead, a file, a run.
    """
    AccessLog.objects.create(
        at=now(),
        user=user,
        organisation=actor.organisation,
        why=actor.purpose,
        act=act,
        case=case,
        object=object,
    )
