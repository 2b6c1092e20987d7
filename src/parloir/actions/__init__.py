"""One file per act of a person: permission → execute → log.

Every act takes the open workspace, whose `actor` it is, and returns a frozen value that
`dataclasses.asdict` turns into JSON. The command line and notebooks call the same functions.
"""

from parloir.actions.add_authority import AuthorityAdded, add_authority
from parloir.actions.add_member import MemberAdded, add_member
from parloir.actions.draft_requests import HANDSETS, Drafted, Wanted, draft_requests
from parloir.actions.erase_evidence import Erased, erase_evidence
from parloir.actions.explain_lead import Explained, explain_lead
from parloir.actions.explain_link import ExplainedLink, Waterfall, explain_link
from parloir.actions.export_case import Exported, export_case
from parloir.actions.find_resellers import find_resellers, show_stock
from parloir.actions.intake import Delivery, Intake, MemberRead, Step
from parloir.actions.judge_link import Judged, Link, Saying, judge_link
from parloir.actions.list_cases import CaseLine, list_cases
from parloir.actions.list_leads import list_leads
from parloir.actions.list_links import LinksListed, list_links
from parloir.actions.open_case import CaseOpened, open_case
from parloir.actions.plan_search import Order, Planned, plan_search
from parloir.actions.read_again import ReadAgain, Rereading, read_again
from parloir.actions.record_custody import Handling, Recorded, record_custody
from parloir.actions.review_link import Review, review_link
from parloir.actions.run_links import LinkedPair
from parloir.actions.show_case import CaseShown, EvidenceLine, show_case
from parloir.actions.show_evidence import EvidenceShown, show_evidence
from parloir.actions.take_in_evidence import take_in_evidence
from parloir.actions.take_in_outcomes import OutcomesTaken, SearchReport, take_in_outcomes
from parloir.actions.verify_case import Verification, verify_case
from parloir.actions.weigh import RunWeighed, weigh
from parloir.actions.write_papers import PapersOrder, PapersWritten, write_papers
from parloir.actions.write_report import ReportWritten, write_report
from parloir.actions.write_statement import StatementOrder, StatementWritten, write_statement
from parloir.records.retention import Retention

__all__ = [
    "HANDSETS",
    "AuthorityAdded",
    "CaseLine",
    "CaseOpened",
    "CaseShown",
    "Delivery",
    "Drafted",
    "Erased",
    "EvidenceLine",
    "EvidenceShown",
    "Explained",
    "ExplainedLink",
    "Exported",
    "Handling",
    "Intake",
    "Judged",
    "Link",
    "LinkedPair",
    "LinksListed",
    "MemberAdded",
    "MemberRead",
    "Order",
    "OutcomesTaken",
    "PapersOrder",
    "PapersWritten",
    "Planned",
    "ReadAgain",
    "Recorded",
    "ReportWritten",
    "Rereading",
    "Retention",
    "Review",
    "RunWeighed",
    "Saying",
    "SearchReport",
    "StatementOrder",
    "StatementWritten",
    "Step",
    "Verification",
    "Wanted",
    "Waterfall",
    "add_authority",
    "add_member",
    "draft_requests",
    "erase_evidence",
    "explain_lead",
    "explain_link",
    "export_case",
    "find_resellers",
    "judge_link",
    "list_cases",
    "list_leads",
    "list_links",
    "open_case",
    "plan_search",
    "read_again",
    "record_custody",
    "review_link",
    "show_case",
    "show_evidence",
    "show_stock",
    "take_in_evidence",
    "take_in_outcomes",
    "verify_case",
    "weigh",
    "write_papers",
    "write_report",
    "write_statement",
]
