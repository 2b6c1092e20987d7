from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from lxml import html as lxml_html

from parloir import statements
from parloir.errors import InputError

from .made_up import HOSTILE, REGISTER, SHOP, MadeUp, lead

MOMENT = datetime(2025, 6, 30, 9, 0, tzinfo=UTC)
COMMISSION = statements.Commission(
    question="Who was the regular user of the handset?",
    requested_by="Investigating judge of Saint-Fictif",
    author=f"Analyst {HOSTILE}",
    dated=MOMENT,
    population="The 412 inmates of the prison, its staff, and anybody else inside.",
    conditioning=("The clock of the operator is right.",),
    validation=("Cllr 0.21 on made-up data.",),
)


def one(
    made_up: MadeUp, name: str = "L1", commission: statements.Commission = COMMISSION
) -> statements.Statement:
    return statements.statement(name, made_up.leads, made_up.findings, made_up.context, commission)


def words(statement: statements.Statement) -> str:
    root = lxml_html.document_fromstring(statements.statement_html(statement))
    return " ".join(" ".join(root.find("body").itertext()).split())


def test_it_has_the_parts_of_an_evaluative_report(made_up: MadeUp) -> None:
    text = words(one(made_up))
    for part in (
        "Proposition Exemple, Jean (inmate M-1042) is the regular user of handset 86741801 001234.",
        "Alternative An unknown user in Maison d'arrêt de Saint-Fictif is the regular user",
        "Relevant population The 412 inmates",
        "Conditioning information The handset was used in detention",
        "The clock of the operator is right.",
        "The findings give strong support for the proposition.",
        "Dependence Kinds of evidence that share a cause do not count twice.",
        "Here the adjustment is −1.4 bits: Visits and approved contacts overlap.",
        "Bound The weight of these findings is +11.9 bits. What is stated is +10.2 bits",
        "Missing evidence The visits of May would add up to 4 bits.",
        "Parloir 0.1.0",
        "Cllr 0.21 on made-up data.",
        SHOP,
        REGISTER,
    ):
        assert part in text, part


def test_no_prior_and_no_posterior_enters_it(made_up: MadeUp) -> None:
    statement = one(made_up)
    assert statement.lead.probability == statement.lead.prior == ""
    text = words(statement)
    assert "%" not in text
    assert "83" not in text.replace("0.1.0", "")
    assert "It is not the probability that either proposition is true" in text


def test_a_weight_against_is_stated_for_the_alternative(made_up: MadeUp) -> None:
    text = words(one(made_up, "L2"))
    assert "The findings give weak support for the alternative." in text
    assert "No dependence adjustment entered this weight" in text


def test_html_and_pdf_have_the_same_characters_each_time(made_up: MadeUp) -> None:
    first, again = one(made_up), one(made_up)
    assert statements.statement_html(first) == statements.statement_html(again)
    pdf = statements.statement_pdf(first)
    assert pdf == statements.statement_pdf(again)
    assert b"<pdfaid:conformance>A" in pdf
    other = replace(COMMISSION, dated=datetime(2025, 7, 1, tzinfo=UTC))
    assert statements.statement_pdf(one(made_up, commission=other)) != pdf


def test_hostile_strings_are_shown_and_do_nothing(made_up: MadeUp) -> None:
    source = statements.statement_html(one(made_up))
    assert HOSTILE not in source
    assert "script-src 'none'" in lxml_html.document_fromstring(source).find(".//meta[@content]").get(
        "content"
    )
    assert not lxml_html.document_fromstring(source).findall(".//script")


def with_rival(made_up: MadeUp, millibits: int) -> MadeUp:
    rival = lead(rank=3, lead="L3", inmate="M-2000", millibits=millibits, bounded_millibits=millibits)
    return replace(
        made_up, leads=pa.concat_tables([made_up.leads, pa.Table.from_pylist([rival], made_up.leads.schema)])
    )


@pytest.mark.parametrize(("rival", "share"), [(9_000, 0.5), (11_900, 0.9), (13_000, 1.0), (-20_000, 0.2)])
def test_against_other_occupants_is_the_mixture_of_their_weights(
    made_up: MadeUp, rival: int, share: float
) -> None:
    others = [statements.Occupant("M-2000", share)]
    others += [statements.Occupant("nobody weighed", 1 - share)] if share < 1 else []
    commission = replace(COMMISSION, occupants=tuple(others))
    comparison = one(with_rival(made_up, rival), commission=commission).comparison
    assert comparison is not None
    expected = 11.9 - math.log2(share * 2 ** (rival / 1000) + (1 - share))
    stated = float(comparison.bits.replace("−", "-"))
    assert stated == pytest.approx(min(expected, 10.2), abs=0.051)
    assert comparison.mixture[0][:2] == ("M-2000", f"{share:.0%}")


def test_an_occupant_of_like_weight_turns_the_conclusion(made_up: MadeUp) -> None:
    commission = replace(COMMISSION, occupants=(statements.Occupant("M-2000", 1.0),))
    turned = one(with_rival(made_up, 12_500), commission=commission)
    assert turned.comparison is not None
    assert turned.comparison.turns
    text = words(turned)
    assert "So they tell the prison cell, not who of its occupants it is." in text
    assert "Against the others who had the prison cell meanwhile they give no support either way" in text
    assert b"%PDF" in statements.statement_pdf(turned)[:8]
    apart = one(with_rival(made_up, -3_000), commission=commission)
    assert apart.comparison is not None
    assert not apart.comparison.turns
    assert "So they tell the prison cell" not in words(apart)


@pytest.mark.parametrize("shares", [(0.5, 0.6), (1.5, -0.5), (0.2,)])
def test_shares_that_are_no_proportions_are_refused(made_up: MadeUp, shares: tuple[float, ...]) -> None:
    occupants = tuple(statements.Occupant(f"M-{i}", share) for i, share in enumerate(shares))
    with pytest.raises(InputError, match="add up to 1"):
        one(made_up, commission=replace(COMMISSION, occupants=occupants))


def test_an_unknown_lead_is_refused(made_up: MadeUp) -> None:
    with pytest.raises(InputError, match="no lead “L9”"):
        one(made_up, "L9")
