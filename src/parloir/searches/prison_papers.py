"""What each prison's teams carry: where to search and in what order, what to look for, forms, labels.

Nothing in it tells why a prison cell was chosen: no expectation, no person, no handset, no source. Teams see
rank and prison cell alone, and a drawn prison cell looks like any other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from parloir import catalogue
from parloir.documents import Sheet, render_pdf
from parloir.searches.labels import Label, label

SHEET = Sheet("parloir.searches", "prison.typ")
PAGE_WIDTH = 170.0
"""Millimetres of an A4 page between its margins: wider drawings would not be life-size."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One operation as it is issued.

    Attributes:
        reference: its number; names no case.
        start: the one start everywhere, aware; printed in its own offset.
        issued_by: the named person who answers for it.
        key: secret that the labels are made with.
        bags: labels for each search.
        names: of prisons, where a register tells them.
    """

    reference: str
    start: datetime
    issued_by: str
    key: bytes
    bags: int = 3
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """The paper of one prison: PDF/A for people, CSV for registers; the same in both."""

    prison: str
    pdf: bytes
    csv: str


@dataclass(frozen=True, slots=True)
class _Search:
    order: int
    team: int | None
    prison_cell: str
    form: Label
    bags: tuple[Label, ...]


def papers(
    plan: pa.Table, teams: pa.Table, issue: Issue, models: Iterable[catalogue.Model] | None = None
) -> Iterator[Paper]:
    """One paper for each prison of the plan, by name.

    Args:
        plan: schema `PLAN`.
        teams: schema `TEAMS`; searches go round the teams in order of rank, reserves to nobody yet.
        issue: the operation.
        models: what to look for; every model of the catalogue unless told.

    Raises:
        InputError: the key of the labels is too short.
        ParloirError: a paper cannot be typeset.
    """
    looks = _looks(catalogue.models() if models is None else tuple(models))
    counts: dict[str, int] = {}
    for row in teams.to_pylist():
        counts[row["prison"]] = counts.get(row["prison"], 0) + row["teams"]
    rows = sorted(plan.to_pylist(), key=lambda row: row["rank"])
    for prison in sorted({row["prison"] for row in rows}):
        found = _searches(
            [row for row in rows if row["prison"] == prison], max(counts.get(prison, 1), 1), issue
        )
        values = {**_heading(prison, issue), **looks, "searches": [_shown(search) for search in found]}
        yield Paper(prison, render_pdf(SHEET, values, issue.start), _csv(prison, found, issue))


def _searches(rows: Sequence[dict[str, Any]], teams: int, issue: Issue) -> list[_Search]:
    """Random and top searches look alike: only reserves are told apart, by having no team."""
    searches = []
    for i, row in enumerate(rows):
        names = issue.reference, row["prison"], row["prison_cell"]
        bags = tuple(label(issue.key, *names, f"bag {n}") for n in range(1, issue.bags + 1))
        team = None if row["reason"] == "reserve" else i % teams + 1
        searches.append(_Search(i + 1, team, row["prison_cell"], label(issue.key, *names, "search"), bags))
    return searches


def _heading(prison: str, issue: Issue) -> dict[str, str]:
    start = issue.start.strftime("%Y-%m-%d %H:%M (UTC%z)")
    return {
        "prison": prison,
        "name": issue.names.get(prison, ""),
        "operation": issue.reference,
        "start": start,
        "issued_by": issue.issued_by,
    }


def _shown(search: _Search) -> dict[str, Any]:
    return {
        "order": search.order,
        "team": "reserve" if search.team is None else f"team {search.team}",
        "prison_cell": search.prison_cell,
        "name": search.form.name,
        "svg_form": search.form.svg,
        "bags": [{"name": bag.name, "svg": bag.svg} for bag in search.bags],
    }


def _looks(models: Sequence[catalogue.Model]) -> dict[str, Any]:
    """Drawings that fit the page at life size, the lighter in each, and the specifications."""
    drawings: list[list[catalogue.Model]] = []
    for model in models:
        if model.dimensions_mm:
            if not drawings or catalogue.comparison_width([*drawings[-1], model]) > PAGE_WIDTH:
                drawings.append([])
            drawings[-1].append(model)
    return {
        "drawings": [
            {
                "svg": catalogue.size_comparison(row),
                "width": catalogue.comparison_width(row),
                "alt": "Outlines to scale beside a disposable lighter: " + ", ".join(m.title for m in row),
            }
            for row in drawings
        ],
        "models": [_specification(model) for model in models],
    }


def _specification(model: catalogue.Model) -> list[str]:
    def told(name: str) -> str:
        facts = model.published(name)
        return (
            " or ".join(dict.fromkeys(f"{fact.value} {fact.unit}".strip() for fact in facts))
            or "not published"
        )

    size = " × ".join(f"{side:g}" for side in model.dimensions_mm or ()) or "not published"
    return [model.title, size, told("weight"), told("sim_slots"), told("walk_through_metal_detector")]


def _csv(prison: str, searches: Sequence[_Search], issue: Issue) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    bags = [f"bag_{n}" for n in range(1, issue.bags + 1)]
    writer.writerow(["operation", "prison", "order", "team", "prison_cell", "search", *bags])
    for s in searches:
        team = "reserve" if s.team is None else s.team
        names = [bag.name for bag in s.bags]
        writer.writerow([issue.reference, prison, s.order, team, s.prison_cell, s.form.name, *names])
    return text.getvalue()
