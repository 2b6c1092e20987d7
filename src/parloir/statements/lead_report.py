"""The first report: every lead of a run in one HTML file that opens down to the rows of the sealed files."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from parloir.documents import Page, render_html
from parloir.statements.context import EvidenceItem, ReportContext
from parloir.statements.views import lead_views
from parloir.statements.wording import file_size, moment
from parloir.weights.bits import NO_SUPPORT, SCALE

PAGE = Page("parloir.statements", "report.html.jinja", "report.css", "report.js")


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One line of the verbal scale."""

    words: str
    bits: str
    ratio: str


def report(leads: pa.Table, findings: pa.Table, context: ReportContext) -> str:
    """One self-contained HTML page; the same input gives the same characters.

    Args:
        leads: schema `tables.leads.LEADS`; every row becomes a lead of the page.
        findings: schema `tables.findings.FINDINGS`; those of the leads' handsets and inmates are shown.
        context: case, run, sealed files, values of the rows, names.

    Raises:
        InputError: a table lacks a column of its schema, or a finding's locator is none.
    """
    values = {
        "context": context,
        "leads": lead_views(leads, findings, context),
        "evidence": _evidence(context),
        "scale": verbal_scale(),
        "moment": moment,
        "size": file_size,
    }
    return render_html(PAGE, values)


def verbal_scale() -> tuple[ScaleRow, ...]:
    """The scale as a table: words, bits, ratio."""
    rows, start = [ScaleRow(NO_SUPPORT, "below 1", "below 2")], 1.0
    for end, words in SCALE:
        last = end == SCALE[-1][0]
        bits = f"{start:g} and above" if last else f"{start:g} to {end:g}"
        ratio = f"{_round(start)} and above" if last else f"{_round(start)} to {_round(end)}"
        rows.append(ScaleRow(words, bits, ratio))
        start = end
    return tuple(rows)


def _round(bits: float) -> str:
    """2 to the power of the threshold, to one significant digit, as the scale's source prints it."""
    return f"{float(f'{2**bits:.0e}'):,.0f}"


def _evidence(context: ReportContext) -> list[tuple[str, EvidenceItem]]:
    return sorted(context.evidence.items(), key=lambda pair: (pair[1].sealed, pair[1].name, pair[0]))
