from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pytest

from parloir import catalogue, searches
from parloir.errors import InputError
from parloir.searches import prison_papers as module
from parloir.searches.labels import label

PARIS = timezone(timedelta(hours=2))
ISSUE = searches.Issue("OP-25-03", datetime(2025, 5, 20, 6, 0, tzinfo=PARIS), "Commandant Exemple", b"k" * 16)
HOSTILE = '=cmd|"x"!A1 <b>\x00\u202e'


def plan(share: float = 0.0) -> tuple[pa.Table, pa.Table]:
    places = [(p, f"{p}-{i}") for p in ("Nord", "Sud") for i in range(8)] + [("Sud", HOSTILE)]
    told = pa.Table.from_pylist(
        [
            {"prison": p, "prison_cell": c, "expected_handsets": 0.123457 * (i + 1), "probability": 0.076543}
            for i, (p, c) in enumerate(places)
        ],
        schema=searches.EXPECTED,
    )
    teams = pa.Table.from_pylist(
        [{"prison": p, "teams": 2, "hours": 2.0} for p in ("Nord", "Sud")], schema=searches.TEAMS
    )
    return searches.plan(told, teams, searches.Operation(8, share)).rows, teams


def printed(
    monkeypatch: pytest.MonkeyPatch, share: float = 0.0, issue: searches.Issue = ISSUE
) -> dict[str, dict[str, Any]]:
    """What each paper is typeset from, by prison."""
    seen: dict[str, dict[str, Any]] = {}

    def keep(_sheet: object, values: dict[str, Any], _created: object) -> bytes:
        seen[values["prison"]] = values
        return b""

    monkeypatch.setattr(module, "render_pdf", keep)
    list(searches.papers(*plan(share), issue))
    return seen


def test_there_is_one_paper_for_each_prison_and_it_is_archivable() -> None:
    found = list(searches.papers(*plan(), ISSUE))
    assert [paper.prison for paper in found] == ["Nord", "Sud"]
    assert all(b"<pdfaid:part>2" in paper.pdf and b"<pdfuaid:part>1" in paper.pdf for paper in found)


def test_a_prison_bears_its_name_where_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    found = printed(monkeypatch, issue=replace(ISSUE, names={"Nord": "Maison d'arrêt du Nord"}))
    assert [values["name"] for values in found.values()] == ["Maison d'arrêt du Nord", ""]


def test_same_plan_same_bytes() -> None:
    assert list(searches.papers(*plan(), ISSUE)) == list(searches.papers(*plan(), ISSUE))


def test_nothing_tells_why(monkeypatch: pytest.MonkeyPatch) -> None:
    for values in printed(monkeypatch, share=0.5).values():
        for search in values["searches"]:
            assert set(search) == {"order", "team", "prison_cell", "name", "svg_form", "bags"}
            assert set(search["team"].split()) <= {"reserve", "team", "1", "2"}
        text = re.sub(r"<svg.*?</svg>", "", str(values))
        assert not re.search(r"0\.\d{3}|random|propensity|probab|expected|top\b", text)


def test_the_csv_says_the_same_as_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    values = printed(monkeypatch)
    for paper in searches.papers(*plan(), ISSUE):
        rows = list(csv.DictReader(io.StringIO(paper.csv)))
        shown = values[paper.prison]["searches"]
        assert [(r["prison_cell"], r["search"], r["bag_1"]) for r in rows] == [
            (s["prison_cell"], s["name"], s["bags"][0]["name"]) for s in shown
        ]
    assert any(r["prison_cell"] == HOSTILE for r in rows)


def test_teams_take_turns_in_order_of_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    for values in printed(monkeypatch).values():
        teams = [search["team"] for search in values["searches"]]
        searched = [team for team in teams if team != "reserve"]
        assert searched == [f"team {i % 2 + 1}" for i in range(len(searched))]
        assert teams[len(searched) :] == ["reserve"] * (len(teams) - len(searched))


def test_every_drawing_is_life_size_and_shows_the_lighter(monkeypatch: pytest.MonkeyPatch) -> None:
    drawings = printed(monkeypatch)["Nord"]["drawings"]
    assert all(drawing["width"] <= module.PAGE_WIDTH for drawing in drawings)
    assert all(f'width="{drawing["width"]:g}mm"' in drawing["svg"] for drawing in drawings)
    assert all("disposable lighter" in drawing["svg"] for drawing in drawings)
    measured = [model for model in catalogue.models() if model.dimensions_mm]
    assert all(any(model.title in drawing["svg"] for drawing in drawings) for model in measured)


def test_labels_are_unique_opaque_and_need_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    values = printed(monkeypatch)
    names = [
        name
        for paper in values.values()
        for search in paper["searches"]
        for name in (search["name"], *(bag["name"] for bag in search["bags"]))
    ]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Z2-7]{5}-[A-Z2-7]{5}", name) for name in names)
    assert label(b"k" * 16, "a", "b").name != label(b"l" * 16, "a", "b").name
    assert label(b"k" * 16, "a", "bc").name != label(b"k" * 16, "ab", "c").name
    with pytest.raises(InputError, match="16 random bytes"):
        label(b"short", "a")


def test_the_start_is_printed_in_its_own_offset(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch)["Nord"]["start"] == "2025-05-20 06:00 (UTC+0200)"
