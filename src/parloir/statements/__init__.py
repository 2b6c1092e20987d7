"""What a court reads: the report of a run's leads, and the evaluative statement on one of them."""

from parloir.statements.context import Authority, Case, EvidenceItem, Person, PrisonCount, ReportContext, Run
from parloir.statements.evaluation import Commission, Statement, statement
from parloir.statements.layout import statement_html, statement_pdf
from parloir.statements.lead_report import report
from parloir.statements.occupants import Occupant

__all__ = [
    "Authority",
    "Case",
    "Commission",
    "EvidenceItem",
    "Occupant",
    "Person",
    "PrisonCount",
    "ReportContext",
    "Run",
    "Statement",
    "report",
    "statement",
    "statement_html",
    "statement_pdf",
]
