"""An evaluative statement on paper: HTML and PDF/A say the same."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader

from parloir.documents import Page, Sheet, render_html, render_pdf
from parloir.statements.evaluation import Statement
from parloir.statements.lead_report import verbal_scale
from parloir.statements.views import FindingView
from parloir.statements.waterfall import Waterfall
from parloir.statements.wording import moment

PAGE = Page("parloir.statements", "statement.html.jinja", "report.css")
SHEET = Sheet("parloir.statements", "statement.typ")


def statement_html(statement: Statement) -> str:
    """One self-contained HTML page; the same statement gives the same characters."""
    return render_html(PAGE, {"s": statement, "scale": verbal_scale(), "moment": moment})


def statement_pdf(statement: Statement) -> bytes:
    """PDF/A-2a and PDF/UA-1, dated as the commission is; the same statement gives the same bytes.

    Raises:
        ParloirError: it cannot be typeset.
    """
    return render_pdf(SHEET, _values(statement), statement.commission.dated)


def _values(s: Statement) -> dict[str, Any]:
    """What the sheet prints, as JSON holds it."""
    case, run, lead, asked = s.context.case, s.context.run, s.lead, s.commission
    return {
        "case": {
            "reference": case.reference,
            "title": case.title,
            "unit": case.unit,
            "handling": case.handling,
        },
        "authorities": [[a.reference, a.issuer, a.purposes] for a in case.authorities],
        "asked": {"question": asked.question, "by": asked.requested_by, "author": asked.author},
        "dated": moment(asked.dated),
        "population": asked.population,
        "proposition": s.proposition,
        "alternative": s.alternative,
        "given": s.given,
        "findings": [_finding(finding) for finding in lead.holding],
        "svg_fall": _drawing(s.fall),
        "fall": s.fall.description,
        "support": lead.support,
        "ratio": lead.ratio,
        "bits": lead.bits,
        "bounded": lead.bounded_bits,
        "adjustment": s.adjustment,
        "comparison": _comparison(s),
        "against": [*filter(None, [lead.against]), *(f.sentence for f in lead.contrary)],
        "missing": lead.missing,
        "limits": s.limits,
        "validation": asked.validation,
        "files": s.evidence,
        "run": [run.reference, run.code_version, run.parameters, run.inputs_sha256, moment(run.finished)],
        "scale": [[row.words, row.bits, row.ratio] for row in verbal_scale()],
    }


def _finding(finding: FindingView) -> dict[str, Any]:
    rows = [
        f"{source.item.name if source.item else source.sha256[:12]}"
        + "".join(f" › {part}" for part in (source.member, source.table) if part)
        + f", {'row' if source.count == 1 else 'rows'} {source.numbers}"
        for source in finding.sources
    ]
    return {"kind": finding.kind, "sentence": finding.sentence, "bits": finding.bits, "rows": rows}


def _comparison(s: Statement) -> dict[str, Any] | None:
    if s.comparison is None:
        return None
    c = s.comparison
    return {"mixture": c.mixture, "bits": c.bits, "support": c.support, "ratio": c.ratio, "turns": c.turns}


def _drawing(fall: Waterfall) -> str:
    """The waterfall as an SVG with its colours inside, for a page that has no style sheet."""
    environment = Environment(loader=PackageLoader("parloir.statements"), autoescape=True, trim_blocks=True)
    macros = environment.get_template("waterfall.svg.jinja").module
    style = (files("parloir.statements") / "templates" / "waterfall.css").read_text("utf-8")
    return str(macros.draw(fall, "", style))  # type: ignore[attr-defined]  # macros are attributes
