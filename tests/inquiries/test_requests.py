from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.errors import MissingEvidenceError
from parloir.inquiries import Draft, Question, as_table, draft_requests, requests_html
from parloir.inquiries.asked import DAY_US, gaps
from parloir.inquiries.draft import EVERY, under
from parloir.inquiries.handsets import weighed_handsets
from parloir.vault import Authority, Scope
from tests.inquiries.case import tables

PERIOD = (100 * DAY_US, 160 * DAY_US)
PRISON = {"prison": "P1", "name": "Maison d'arrêt", "latitude": 48.1, "longitude": 2.5}
OPEN = Authority("JI-1", "Investigating judge", Scope(purposes=("inquiry",)))
NEAR, AWAY, FAR = 208010011, 208010012, 208010013
SITE = {"latitude": 48.11, "longitude": 2.5, "beam_width": 65, "operator": "A"}
CELLS = [
    {"radio_cell": NEAR, "azimuth": 180, **SITE},
    {"radio_cell": AWAY, "azimuth": 0, **SITE},
    {"radio_cell": FAR, "operator": "B", "latitude": 48.2, "longitude": 2.5},
    {"radio_cell": 208010014, "operator": "B", "latitude": 48.3, "longitude": 2.5},
]


def _asked(**request: object) -> dict[str, object]:
    return {"request": "R1", "operator": "A", "from_us": PERIOD[0], "to_us": PERIOD[1], **request}


def _kinds(drafts: list[Draft]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(draft.kind, draft.operator, draft.radio_cells) for draft in drafts]


def test_a_list_of_prisons_is_enough_for_a_first_request():
    drafts = draft_requests(tables(prisons=[PRISON]), Question(PERIOD, (OPEN,)))
    assert _kinds(drafts) == [("radio_cell_list", EVERY, ()), ("tac_list", EVERY, ())]
    assert all(draft.authority == "JI-1" and not draft.needs for draft in drafts)
    assert "48.10000" in drafts[0].why
    assert drafts[1].tacs, "the catalogue's own codes of minis"


def test_radio_cells_facing_the_prison_are_asked_for_else_the_nearest_site():
    drafts = draft_requests(tables(prisons=[PRISON], radio_cells=CELLS), Question(PERIOD, (OPEN,)))
    assert _kinds(drafts) == [
        ("tac_list", "A", (NEAR,)),
        ("radio_cells", "A", (NEAR,)),
        ("tac_list", "B", (FAR,)),
        ("radio_cells", "B", (FAR,)),
    ]


def test_only_what_was_not_asked_for_is_asked_for():
    half = _asked(kind="radio_cells", radio_cells=[NEAR], to_us=130 * DAY_US)
    connection = tables(prisons=[PRISON], radio_cells=CELLS[:2], requests=[half])
    drafts = draft_requests(connection, Question(PERIOD, (OPEN,)))
    assert {(d.from_us, d.to_us) for d in drafts} == {(130 * DAY_US, PERIOD[1])}
    whole = tables(prisons=[PRISON], radio_cells=CELLS[:2], requests=[_asked(kind="wide_area")])
    assert draft_requests(whole, Question(PERIOD, (OPEN,))) == []
    other = tables(prisons=[PRISON], radio_cells=CELLS[:2], requests=[_asked(kind="wide_area", operator="B")])
    assert len(draft_requests(other, Question(PERIOD, (OPEN,)))) == 2


def test_full_records_of_seized_and_named_handsets():
    seizures = [
        {"item": "handset", "prison": "P1", "imeis": [35000000000001], "found_us": 120 * DAY_US},
        {"item": "handset", "prison": "P1", "imeis": [35000000000002], "found_us": 50 * DAY_US},
        {"item": "handset", "prison": "P1", "imeis": [35000000000003], "found_us": 130 * DAY_US},
    ]
    records = [{"imei14": 35000000000001, "operator": "A"}]
    requests = [_asked(kind="handsets", imeis=[35000000000003])]
    leads = pa.table({"rank": [1], "handset": ["35000000000004"], "prison": ["P1"]})
    inside = pa.table({"handset": ["35000000000005"], "prison": ["P1"], "probability": [0.9]})
    handsets = pa.table(
        {
            "imei14": [35000000000004, 35000000000014, 35000000000005],
            "handset": ["35000000000004"] * 2 + ["35000000000005"],
        }
    )
    named = weighed_handsets(leads, inside, handsets, 1)
    connection = tables(prisons=[PRISON], seizures=seizures, network_records=records, requests=requests)
    drafts = draft_requests(connection, Question(PERIOD, (OPEN,), named))
    found = [(d.operator, d.imeis) for d in drafts if d.kind == "handsets"]
    assert found == [("A", (35000000000001,)), (EVERY, (35000000000004, 35000000000014))]
    assert len(weighed_handsets(leads, inside, handsets, 2)) == 3


def test_codes_of_stock_lists_and_of_seized_minis_are_asked_for_but_not_of_seized_ordinary_phones():
    connection = tables(
        prisons=[PRISON],
        stock=[{"imei14": 35784512_000001, "model": "carton 3"}],
        seizures=[
            {"imeis": [44000000_000001], "model": "L8star BM10"},
            {"imeis": [35999999_000001], "model": "Samsung Galaxy"},
        ],
    )
    tacs = {tac for d in draft_requests(connection, Question(PERIOD, (OPEN,))) for tac in d.tacs}
    assert {"35784512", "44000000"} <= tacs
    assert "35999999" not in tacs


DRAFT = Draft("radio_cells", "A", "P1", *PERIOD, "why", (NEAR, AWAY))


def test_a_draft_is_cut_along_the_authority():
    scope = Scope(radio_cells=frozenset({NEAR}), data_from_us=110 * DAY_US, data_to_us=150 * DAY_US)
    ready, cells, before, after = under(DRAFT, [Authority("JI-2", "Judge", scope)])
    assert (ready.authority, ready.needs, ready.radio_cells) == ("JI-2", "", (NEAR,))
    assert (ready.from_us, ready.to_us) == (110 * DAY_US, 150 * DAY_US)
    assert (cells.radio_cells, cells.needs) == ((AWAY,), "radio cells that JI-2 does not name")
    assert (before.from_us, before.to_us) == (PERIOD[0], 110 * DAY_US)
    assert (after.from_us, after.to_us) == (150 * DAY_US, PERIOD[1])
    assert {before.needs, after.needs} == {"a period that JI-2 does not cover"}
    assert under(DRAFT, [Authority("JI-2", "Judge", scope), OPEN]) == [replace(DRAFT, authority="JI-1")]
    (nobody,) = under(DRAFT, [])
    assert nobody.needs


def test_an_authority_over_another_period_or_other_handsets_covers_nothing():
    early = Scope(data_to_us=50 * DAY_US)
    (part,) = under(DRAFT, [Authority("JI-2", "Judge", early)])
    assert (part.from_us, part.to_us, part.authority) == (*PERIOD, "")
    handsets = Draft("handsets", "A", "P1", *PERIOD, "why", imeis=(35000000000001, 35000000000002))
    named = Scope(subjects=frozenset({"handset 350000000000017"}))
    ready, rest = under(handsets, [Authority("JI-2", "Judge", named)])
    assert (ready.imeis, rest.imeis) == ((35000000000001,), (35000000000002,))
    assert rest.needs == "handsets that JI-2 does not name"


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=6)
)
def test_gaps_are_the_days_that_no_span_covers(spans):
    found = gaps((5 * DAY_US, 45 * DAY_US), [(a * DAY_US, b * DAY_US) for a, b in spans])
    days = {day for a, b in found for day in range(a // DAY_US, b // DAY_US)}
    assert days == {d for d in range(5, 45) if not any(a <= d < b for a, b in spans)}


def test_no_prison_no_request():
    with pytest.raises(
        MissingEvidenceError, match=f"no prison P2 is in the case; name one that is: {PRISON['prison']}"
    ):
        draft_requests(tables(prisons=[PRISON]), Question(PERIOD, (OPEN,), only=frozenset({"P2"})))
    with pytest.raises(MissingEvidenceError, match="take a list of prisons in"):
        draft_requests(tables(), Question(PERIOD, (OPEN,)))


def test_the_document_and_the_table_say_the_same_and_show_any_text():
    needing = replace(DRAFT, operator="<b>A</b>", needs="a new one")
    drafts = [replace(DRAFT, authority="JI-1"), needing]
    page, table = requests_html(drafts, "C<1>", PERIOD[1]), as_table(drafts)
    assert "<b>A</b>" not in page and "&lt;b&gt;A&lt;/b&gt;" in page
    assert page == requests_html(drafts, "C<1>", PERIOD[1])
    for row in table.to_pylist():
        assert row["request"] in page and row["from"] in page
        assert all(cell in page for cell in row["radio_cells"].split())
    assert "1 that an authority of the case covers, 1 that need a new one" in page
