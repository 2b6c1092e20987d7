"""Add the legal act under which evidence will be held."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parloir.actions.act import act
from parloir.errors import InputError
from parloir.records.authorities import authority_as_json, scope_as_json
from parloir.records.cases import locked, permitted
from parloir.records.clock import now
from parloir.records.custody import append, happened
from parloir.records.models import Authority as AuthorityRow
from parloir.records.models import Role
from parloir.records.words import named
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Kind


@dataclass(frozen=True)
class AuthorityAdded:
    """An authority now in force in a case, and the sequence of the event that says so."""

    case: str
    reference: str
    issuer: str
    event: int


@act
def add_authority(workspace: Workspace, case: str, authority: Authority) -> AuthorityAdded:
    """Add an authority; a renewed act is a new authority with a reference of its own.

    Args:
        workspace: the open workspace.
        case: its reference.
        authority: reference, issuer, scope and dates. `parloir.records.clock` turns days into moments.

    Raises:
        LawfulnessError: the person acting is not the leader of the case.
        InputError: the reference is taken, a name cannot be used, or a period ends before it starts.
    """
    found, user = permitted(case, workspace.actor, Role.LEADER)
    reference = named("reference of an authority", authority.reference, 200)
    issuer = named("issuer of an authority", authority.issuer, 300)
    _check_period(authority)
    with locked(found):
        if found.authorities.filter(reference=reference).exists():
            raise InputError(
                f"there is an authority “{reference}” already", where=case, do="give the new act's reference"
            )
        AuthorityRow.objects.create(
            case=found,
            reference=reference,
            issuer=issuer,
            scope=scope_as_json(authority.scope),
            obtain_until_us=authority.obtain_until_us,
            erase_by_us=authority.erase_by_us,
            added=now(),
            added_by=user,
        )
        event = happened(found, workspace.actor, Kind.AUTHORITY_ADDED, **authority_as_json(authority))
        written = append(found, replace(event, authority=reference))
    return AuthorityAdded(case, reference, issuer, written.sequence)


def _check_period(authority: Authority) -> None:
    start, end = authority.scope.data_from_us, authority.scope.data_to_us
    if start is not None and end is not None and end <= start:
        raise InputError("the period of the data ends before it starts", do="give the later day last")
