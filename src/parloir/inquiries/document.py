"""The drafts as a document: one request a section, with what is asked, under which act, and why."""

from __future__ import annotations

from collections.abc import Sequence

from parloir.documents import Page, render_html
from parloir.identifiers import imei, radio_cell
from parloir.inquiries.draft import ASKED, Draft, moment

PAGE = Page("parloir.inquiries", "requests.html.jinja", "requests.css")


def requests_html(drafts: Sequence[Draft], case: str, dated_us: int) -> str:
    """One self-contained HTML page; the same drafts give the same characters.

    Args:
        drafts: as `draft_requests` gives them.
        case: reference of the case.
        dated_us: date of the document, microseconds UTC.
    """
    values = {
        "case": case,
        "dated": moment(dated_us),
        "drafts": [(f"D{n:03d}", draft) for n, draft in enumerate(drafts, 1)],
        "ready": sum(1 for draft in drafts if not draft.needs),
        "asked": ASKED,
        "moment": moment,
        "cells": lambda draft: [radio_cell.text(cell) for cell in draft.radio_cells],
        "imeis": lambda draft: [imei.label(one) for one in draft.imeis],
    }
    return render_html(PAGE, values)
