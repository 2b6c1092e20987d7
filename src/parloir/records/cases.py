"""Finding a case, its members and its lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from parloir.errors import LawfulnessError, RecordsError
from parloir.records.actor import Actor
from parloir.records.models import Case, EvidenceItem, Membership, Role, User


def user_of(actor: Actor) -> User:
    """The row of a person, made when it is their first act."""
    user, _ = User.objects.get_or_create(
        username=actor.name, defaults={"organisation": actor.organisation, "password": "!"}
    )
    return user


def permitted(reference: str, actor: Actor, role: Role) -> tuple[Case, User]:
    """The case, and the person when they hold at least `role` in it.

    Raises:
        RecordsError: no such case.
        LawfulnessError: not a member, or in a lower role.
    """
    case = Case.objects.filter(reference=reference).first()
    if case is None:
        raise RecordsError(f"there is no case “{reference}”", do="see `parloir case list`")
    member = Membership.objects.filter(case=case, user__username=actor.name).select_related("user").first()
    if member is None or Role(member.role).rank < role.rank:
        raise LawfulnessError(
            f"{actor.name} is not {role.value} in this case",
            where=reference,
            do="ask the leader of the case, or set PARLOIR_USER to your own name",
        )
    return case, member.user


def item_of(case: Case, number: int) -> EvidenceItem:
    """An evidence item of the case by its number.

    Raises:
        RecordsError: the case has none of that number.
    """
    item = case.evidence.filter(number=number).select_related("authority").first()
    if item is None:
        raise RecordsError(
            f"the case has no evidence item {number}", where=case.reference, do="see `parloir case show`"
        )
    return item


@contextmanager
def locked(case: Case) -> Iterator[Case]:
    """A transaction that no other writer of the case can be in; yields the case's row as it is now."""
    with (
        transaction.atomic()
    ):  # on SQLite BEGIN IMMEDIATE locks the database, on PostgreSQL the row is locked
        yield Case.objects.select_for_update().get(pk=case.pk)
