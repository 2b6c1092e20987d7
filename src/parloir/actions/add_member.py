"""Add a member to a case, or change the role of one."""

from __future__ import annotations

from dataclasses import dataclass

from parloir.actions.act import act
from parloir.errors import InputError
from parloir.records.accesses import log_access
from parloir.records.actor import Actor
from parloir.records.cases import locked, permitted, user_of
from parloir.records.models import Membership, Role
from parloir.records.words import named
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class MemberAdded:
    """A person's role in a case."""

    case: str
    person: str
    role: str


@act
def add_member(workspace: Workspace, case: str, person: str, role: str = Role.INVESTIGATOR) -> MemberAdded:
    """Let a person work in a case; only its leader may.

    Args:
        workspace: the open workspace.
        case: its reference.
        person: the name by which they act (`PARLOIR_USER`).
        role: leader, investigator or reader.

    Raises:
        InputError: no such role, or the case would be left without a leader.
    """
    found, leader = permitted(case, workspace.actor, Role.LEADER)
    if role not in Role.values:
        raise InputError(f"“{role}” is not a role", do=f"choose one of {', '.join(Role.values)}")
    with locked(found):
        user = user_of(Actor(named("name of a member", person, 150)))
        others = found.memberships.filter(role=Role.LEADER).exclude(user=user)
        if role != Role.LEADER and not others.exists():
            raise InputError(
                f"{person} is the only leader of the case", where=case, do="make somebody else leader first"
            )
        log_access(workspace.actor, leader, "add_member", found, f"{user.username}: {role}")
        Membership.objects.update_or_create(case=found, user=user, defaults={"role": role})
    return MemberAdded(case, user.username, str(role))
