"""What people do, as rows. `parloir.records.guards` names the append-only ones."""

from parloir.records.models.accesses import AccessLog
from parloir.records.models.binding import Binding
from parloir.records.models.cases import Authority, Case
from parloir.records.models.evidence import CustodyEvent, EvidenceItem, Status
from parloir.records.models.people import Membership, Role, User
from parloir.records.models.weighings import Judgement, Run, RunErasure, Word

__all__ = [
    "AccessLog",
    "Authority",
    "Binding",
    "Case",
    "CustodyEvent",
    "EvidenceItem",
    "Judgement",
    "Membership",
    "Role",
    "Run",
    "RunErasure",
    "Status",
    "User",
    "Word",
]
