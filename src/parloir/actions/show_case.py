"""Show what a case holds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from parloir.actions.act import act
from parloir.actions.protection import Protection, protection_of
from parloir.records.accesses import log_access
from parloir.records.authorities import authority_as_json, authority_of
from parloir.records.cases import permitted
from parloir.records.custody import checkpoint
from parloir.records.models import Case, EvidenceItem, Role
from parloir.records.retention import Retention, retentions
from parloir.records.workspace import Workspace


@dataclass(frozen=True)
class EvidenceLine:
    """An evidence item; counts as `Intake` has them, `taken_in` ISO 8601 UTC."""

    number: int
    original_name: str
    sha256: str
    size: int
    status: str
    format: str
    refusal: str
    from_whom: str
    handling: str
    rows_in: int
    rows_out: int
    quarantined: int
    warnings: int
    remarks: int
    authority: str
    taken_in: str
    taken_in_by: str


@dataclass(frozen=True)
class CaseShown:
    """A case.

    Attributes:
        members: person to role.
        authorities: JSON values.
        runs: those that stand.
        retention: evidence that must be erased, or must within a month.
        protection: what the protected registers hide and show; None without one.
    """

    case: str
    title: str
    opened: str
    members: dict[str, str]
    authorities: tuple[dict[str, Any], ...]
    evidence: tuple[EvidenceLine, ...]
    runs: tuple[int, ...]
    events: int
    checkpoint: str
    retention: tuple[Retention, ...]
    protection: Protection | None


@act
def show_case(workspace: Workspace, case: str) -> CaseShown:
    """What a case holds, for its members; the look is logged.

    Raises:
        RecordsError: no such case.
        LawfulnessError: the person acting is not a member.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    log_access(workspace.actor, user, "show_case", found)
    return CaseShown(
        case=found.reference,
        title=found.title,
        opened=found.opened.isoformat(),
        members={m.user.username: m.role for m in found.memberships.select_related("user").order_by("pk")},
        authorities=tuple(authority_as_json(authority_of(row)) for row in found.authorities.order_by("pk")),
        evidence=_evidence(found),
        runs=tuple(found.runs.filter(erasure=None).order_by("number").values_list("number", flat=True)),
        events=found.events.count(),
        checkpoint=str(checkpoint(found) or ""),
        retention=retentions(found),
        protection=protection_of(workspace, found),
    )


def _evidence(case: Case) -> tuple[EvidenceLine, ...]:
    rows = case.evidence.select_related("authority", "taken_in_by").order_by("number")
    return tuple(_line(row) for row in rows)


def _line(item: EvidenceItem) -> EvidenceLine:
    plain = {field.name: getattr(item, field.name) for field in fields(EvidenceLine)}
    return EvidenceLine(
        **{
            **plain,
            "authority": item.authority.reference,
            "taken_in": item.taken_in.isoformat(),
            "taken_in_by": item.taken_in_by.username,
        }
    )
