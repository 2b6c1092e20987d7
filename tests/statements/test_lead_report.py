from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from lxml import html as lxml_html

from parloir import catalogue, statements
from parloir.errors import InputError
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.schema import arrow_schema

from .made_up import HOSTILE, OPERATOR, REGISTER, SHOP, MadeUp, lead


def page(made_up: MadeUp) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(statements.report(made_up.leads, made_up.findings, made_up.context))


def text_of(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def first_lead(made_up: MadeUp) -> lxml_html.HtmlElement:
    return page(made_up).get_element_by_id("lead-1")


def test_it_opens_down_to_file_hash_table_and_row(made_up: MadeUp) -> None:
    text = text_of(first_lead(made_up))
    assert "dump_boutique.sql.gz › ps_orders" in text
    assert SHOP in text
    assert "row 12" in text
    assert "client@example.test" in text
    assert "rows 41–42, 57" in text
    assert "rows 200–259; the values of 8 of 60 are shown" in text
    assert "rows 9–10; values not at hand in this statement" in text


def test_a_seized_handset_is_marked(made_up: MadeUp) -> None:
    first = made_up.leads["handset"][0].as_py()
    marked = replace(made_up, context=replace(made_up.context, seized=frozenset({first})))
    [table] = page(marked).xpath("//section[@aria-labelledby='leads']//table[.//caption]")[:1]
    assert text_of(table).count("seized") == sum(row == first for row in made_up.leads["handset"].to_pylist())


def test_the_values_of_a_row_stand_once_in_a_lead(made_up: MadeUp) -> None:
    text = text_of(first_lead(made_up))
    assert text.count("client@example.test") == 1
    assert "row 12; its values stand further up in this lead" in text


def test_every_hash_link_leads_to_the_list_of_sealed_files(made_up: MadeUp) -> None:
    root = page(made_up)
    targets = {link.get("href") for link in root.iter("a")}
    assert {f"#file-{sha}" for sha in (SHOP, REGISTER, OPERATOR)} <= targets
    identifiers = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert {target.removeprefix("#") for target in targets} <= set(identifiers)


def test_it_loads_nothing_and_runs_only_its_own_script(made_up: MadeUp) -> None:
    source = statements.report(made_up.leads, made_up.findings, made_up.context)
    root = lxml_html.document_fromstring(source)
    assert not re.findall(r"https?:|url\(|@import|//[a-z]", source)
    assert len(root.findall(".//script")) == 1
    assert not [e for e in root.iter() if {"src", "style", "onclick", "onload"} & set(e.attrib)]
    policy = root.find('.//meta[@http-equiv="Content-Security-Policy"]').get("content")
    for block in (root.find(".//script").text, root.find(".//style").text):
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_hostile_strings_are_shown_and_do_nothing(made_up: MadeUp) -> None:
    source = statements.report(made_up.leads, made_up.findings, made_up.context)
    assert HOSTILE not in source
    assert "\u202e" not in source
    assert "\x00" not in source
    assert '<script>alert("1")</script>\\u202e{{ 7*7 }}\\u0000' in text_of(page(made_up))


def test_probability_and_weight_never_share_a_panel(made_up: MadeUp) -> None:
    root = first_lead(made_up)
    (evaluative,) = root.find_class("evaluative")
    (investigative,) = root.find_class("investigative")
    assert "%" not in text_of(evaluative)
    assert "Strong support for the proposition" in text_of(evaluative)
    assert "about 1,200 times more probable" in text_of(evaluative)
    assert "+10.2 bits within its bounds (+11.9 unbounded)" in text_of(evaluative)
    assert "83.4 %" in text_of(investigative)
    assert "prior of 0.14 %" in text_of(investigative)
    assert "bits" not in text_of(investigative)


def test_bits_of_inside_are_not_added_to_held_by(made_up: MadeUp) -> None:
    holding, inside = first_lead(made_up).find_class("waterfall")
    assert "lives there" not in text_of(holding)
    assert "together +11.9" in holding.get("aria-label")
    assert "together +6.0" in inside.get("aria-label")


def test_what_speaks_against_lists_evidence_and_not_arithmetic(made_up: MadeUp) -> None:
    panels = [text_of(panel) for panel in first_lead(made_up).find_class("panel")]
    against = next(panel for panel in panels if panel.startswith("What speaks against it"))
    assert "Active in the same minute as one legal call. (−1.7 bits)" in against
    assert "overlap" not in against
    assert "The visits of May would add up to 4 bits." in " ".join(panels)


def test_a_negative_weight_speaks_for_the_alternative(made_up: MadeUp) -> None:
    text = text_of(page(made_up).get_element_by_id("lead-2"))
    assert "Weak support for the alternative" in text
    assert "about 4.3 times less probable" in text


def test_same_input_same_characters_whatever_the_order(made_up: MadeUp) -> None:
    first = statements.report(made_up.leads, made_up.findings, made_up.context)
    backwards = made_up.findings.take(list(reversed(range(made_up.findings.num_rows))))
    context = replace(made_up.context, evidence=dict(reversed(made_up.context.evidence.items())))
    elsewhere = replace(context.run, finished=context.run.finished.astimezone(timezone(timedelta(hours=5))))
    again = statements.report(made_up.leads.take([1, 0]), backwards, replace(context, run=elsewhere))
    assert again == first


def test_a_bare_lead_and_no_lead_make_a_page() -> None:
    bare = MadeUp(
        pa.Table.from_pylist(
            [lead(prison_cell=None, sentence=None, against=None, missing=None)], arrow_schema(LEADS)
        ),
        pa.Table.from_pylist([], arrow_schema(FINDINGS)),
        statements.ReportContext(
            statements.Case("1"), statements.Run("r", datetime(2025, 1, 1, tzinfo=UTC), "0", "none")
        ),
    )
    text = text_of(first_lead(bare))
    assert "not known" in text
    assert "That nothing was found is not proof that nothing exists." in text
    assert "not itemised" in text
    none = statements.report(bare.leads.slice(0, 0), bare.findings, bare.context)
    assert "This run has no lead." in none


def test_a_table_without_its_columns_is_refused(made_up: MadeUp) -> None:
    with pytest.raises(InputError, match="leads lacks prior"):
        statements.report(made_up.leads.drop_columns(["prior"]), made_up.findings, made_up.context)


def test_codes_learnt_from_seizures_name_the_model(made_up: MadeUp) -> None:
    learnt = catalogue.learn([(86741801000001, "L8STAR BM10")])
    context = replace(made_up.context, learnt=learnt)
    assert "GTStar BM50, a mini phone" in text_of(first_lead(made_up))
    assert "L8star BM10, a mini phone" in text_of(first_lead(replace(made_up, context=context)))


def test_a_prison_goes_by_its_name_where_one_is_given(made_up: MadeUp) -> None:
    prison = made_up.leads["prison"][0].as_py()
    names = {**made_up.context.persons, f"prison:{prison}": statements.Person("Centre de Fictiville")}
    context = replace(made_up.context, persons=names)
    assert "Centre de Fictiville, prison cell B2-117" in text_of(
        first_lead(replace(made_up, context=context))
    )
