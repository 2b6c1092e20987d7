"""List the cases that a person is a member of."""

from __future__ import annotations

from dataclasses import dataclass

from parloir.actions.act import act
from parloir.records.accesses import log_access
from parloir.records.cases import user_of
from parloir.records.models import Membership, Status
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class CaseLine:
    """A case in a list; `opened` is ISO 8601 UTC, `evidence` counts what is not erased."""

    case: str
    title: str
    opened: str
    role: str
    evidence: int
    runs: int


@act
def list_cases(workspace: Workspace) -> list[CaseLine]:
    """The cases of the person acting, the oldest first."""
    user = user_of(workspace.actor)
    log_access(workspace.actor, user, "list_cases")
    memberships = Membership.objects.filter(user=user).select_related("case").order_by("case__pk")
    return [_line(membership) for membership in memberships]


def _line(membership: Membership) -> CaseLine:
    case = membership.case
    return CaseLine(
        case=case.reference,
        title=case.title,
        opened=case.opened.isoformat(),
        role=membership.role,
        evidence=case.evidence.exclude(status=Status.ERASED).count(),
        runs=case.runs.filter(erasure=None).count(),
    )
