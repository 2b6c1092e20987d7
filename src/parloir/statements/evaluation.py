"""The evaluative statement on one lead, in the form of the ENFSI guideline.

Source: ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), guidance notes 1 to 4: what is
asked, propositions, conditioning information, relevant population, findings, evaluation, conclusion. No
prior and no posterior enters it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from parloir.errors import InputError
from parloir.statements.context import ReportContext
from parloir.statements.occupants import Comparison, Occupant, compare
from parloir.statements.views import FindingView, LeadView, lead_views, require
from parloir.statements.waterfall import Waterfall
from parloir.statements.wording import moment
from parloir.tables.leads import LEADS
from parloir.weights.fusion import ADJUSTMENT

GIVEN = (
    "The handset was used in detention in this prison during the period: a proposition of its own.",
    "The registers of stays, visits and absences are taken as they were sealed.",
    "The records hold only what was asked of each operator; what was not asked for is not read as absence.",
)
LIMITS = (
    "The weight is against an unknown user in the same prison. Against another named person it may differ.",
    "A regular user need not be the only one: handsets are shared, lent and sold.",
    "Using a handset says nothing of who brought it in, who paid for it or what else was done with it.",
    "Clocks, names and numbers are as the sources wrote them, errors included.",
)


@dataclass(frozen=True, slots=True)
class Commission:
    """What is asked, by whom, and what the answer is conditioned on.

    Attributes:
        question: as it was put.
        requested_by: who asked.
        author: the named person who answers for the statement.
        dated: date of the statement, aware; stands in the file as its date.
        population: who else could have used the handset, in one sentence, with numbers where known.
        conditioning: what is taken as given beyond `GIVEN`.
        validation: measured performance of the method, each with the command that prints it.
        occupants: those who share the prison cell, with their mixing proportions, for the comparison with
            "another occupant"; empty leaves it out.
    """

    question: str
    requested_by: str
    author: str
    dated: datetime
    population: str
    conditioning: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    occupants: tuple[Occupant, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the HTML and the PDF print; `statement_html` and `statement_pdf` lay it out."""

    context: ReportContext
    commission: Commission
    lead: LeadView
    proposition: str
    alternative: str
    given: tuple[str, ...]
    limits: tuple[str, ...]
    adjustment: str
    comparison: Comparison | None

    @property
    def fall(self) -> Waterfall:
        """How the weight is made up."""
        return self.lead.held_by

    @property
    def evidence(self) -> list[tuple[str, str, str, str]]:
        """Sealed files rested on: name, SHA-256, received from, sealed when."""
        used = {source.sha256 for finding in self.lead.holding for source in finding.sources}
        items = [(self.context.evidence.get(sha), sha) for sha in sorted(used)]
        return [
            (item.name, sha, item.received_from, moment(item.sealed))
            if item
            else ("sealed file", sha, "", "")
            for item, sha in items
        ]


def statement(
    lead: str, leads: pa.Table, findings: pa.Table, context: ReportContext, commission: Commission
) -> Statement:
    """The evaluative statement on one lead of a run.

    Args:
        lead: its name in the column `lead`.
        leads: schema `LEADS`, with the leads of the other occupants if they are to be compared.
        findings: schema `FINDINGS`.
        context: case, run, sealed files, rows, names.
        commission: question, author, population, conditioning.

    Raises:
        InputError: no such lead, a table lacks a column, or the proportions of the occupants are not such.
    """
    require(leads, LEADS, "leads")
    row = next((row for row in leads.to_pylist() if row["lead"] == lead), None)
    if row is None:
        raise InputError(f"the run has no lead “{lead[:60]}”", do="choose one that `parloir leads` lists")
    one = pa.Table.from_pylist([row], schema=leads.schema)
    (view,) = lead_views(one, findings, context)
    user, occupants = f"the regular user of handset {view.handset}", commission.occupants
    return Statement(
        context=context,
        commission=commission,
        lead=replace(view, probability="", prior=""),
        proposition=f"{view.holder.name} (inmate {view.inmate}) is {user}.",
        alternative=f"An unknown user in {view.prison} is {user}.",
        given=GIVEN + commission.conditioning,
        limits=LIMITS,
        adjustment=_adjustment(view.holding),
        comparison=compare(row, _weights(leads, row["handset"]), occupants, context) if occupants else None,
    )


def _weights(leads: pa.Table, handset: str) -> Mapping[str, int]:
    return {row["inmate"]: row["millibits"] for row in leads.to_pylist() if row["handset"] == handset}


def _adjustment(findings: Sequence[FindingView]) -> str:
    for finding in findings:
        if finding.kind == ADJUSTMENT:
            return (
                "Kinds of evidence that share a cause do not count twice. Here the adjustment is"
                f" {finding.bits} bits: {finding.sentence}"
            )
    return "No dependence adjustment entered this weight: the kinds of evidence were added as they stand."
