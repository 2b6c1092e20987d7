"""What to ask for next, and what stands out in what is there: requests, resellers, stock.

Nothing here is weighed. Requests say what is missing and under which act it may be asked for; resellers and
stock show what an analyst should look at.
"""

from parloir.inquiries.document import requests_html
from parloir.inquiries.draft import DRAFTS, Draft, as_table
from parloir.inquiries.drafting import Question, draft_requests
from parloir.inquiries.resellers import RESELLERS, resellers
from parloir.inquiries.stock import MISTYPED, Stock, stock

__all__ = [
    "DRAFTS",
    "MISTYPED",
    "RESELLERS",
    "Draft",
    "Question",
    "Stock",
    "as_table",
    "draft_requests",
    "requests_html",
    "resellers",
    "stock",
]
