"""The French prisons: the published list of establishments, as package data.

Source: monthly statistics of detained persons of the French Ministry of Justice (one month of 2026).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from parloir.places.prison import Prison

_FILE = files("parloir.places") / "data" / "facilities_fr.csv"


def quarters() -> tuple[Mapping[str, str], ...]:
    """The 276 quarters as published: one mapping of column to text for each; empty text = not published."""
    return tuple(csv.DictReader(io.StringIO(_FILE.read_text(encoding="utf-8"))))


@cache
def prisons_of_france() -> tuple[Prison, ...]:
    """The 186 prisons, quarters added up, in order of name. The name serves as identifier."""
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row in quarters():
        groups.setdefault(row["facility"], []).append(row)
    return tuple(_prison(name, groups[name]) for name in sorted(groups))


def _prison(name: str, rows: list[Mapping[str, str]]) -> Prison:
    first = rows[0]
    return Prison(
        prison=name,
        name=name,
        region=first["region"],
        town=first["town"],
        latitude=float(first["latitude"]),
        longitude=float(first["longitude"]),
        capacity=_total(row["operational_capacity"] for row in rows),
        inmates=_total(row["inmates"] for row in rows),
    )


def _total(figures: Iterable[str]) -> int | None:
    """The sum of what is published, None when nothing is."""
    known = [int(figure) for figure in figures if figure]
    return sum(known) if known else None
