"""What a court reads: the report of a run's leads, and the evaluative statement on one of them."""

from parloir.statements.context import Authority, Case, EvidenceItem, Person, ReportContext, Run
from parloir.statements.report import report

__all__ = ["Authority", "Case", "EvidenceItem", "Person", "ReportContext", "Run", "report"]
