"""A small fictitious case as files in real formats: one prison, forty inmates, five handsets inside.

Inmate k's people have numbers of their own; handset k calls those of inmate k and some strangers, day and
night, only through the prison's radio cells. Neighbours and passers-by use the same radio cells and others.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from parloir.actions import Delivery, add_authority, open_case, take_in_evidence
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope

CASE, AUTHORITY, PRISON = "SMALL", "JI-2025-0001", "P1"
START = datetime(2025, 1, 6, tzinfo=UTC)
INMATES, HANDSETS, DAYS = 40, 5, 50
INSIDE_CELLS = ("208-40-1100-1", "208-40-1100-2")
OUTSIDE_CELLS = tuple(f"208-40-1200-{n}" for n in range(6))


def imei14(handset: int) -> int:
    """IMEI14 of a handset inside; no model on sale has this type allocation code."""
    return 44000000_000100 + handset


def number(inmate: int, place: int) -> int:
    """A number of an inmate's people, from a range reserved for fiction."""
    return 33_639_980_000 + 10 * inmate + place


def write_files(folder: Path) -> list[Path]:
    """Write every file of the case.

    Returns:
        their paths, in order of name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    inmates = [f"I{n:03d}" for n in range(INMATES)]
    begin = (START - timedelta(days=400)).isoformat()
    people = [(i, f"+{number(n, k)}", f"Proche{n}", f"P{k}") for n, i in enumerate(inmates) for k in range(4)]
    files = {
        "prisons": ("prison name latitude longitude capacity", [(PRISON, "Maison d'arrêt", 48.1, 2.5, 30)]),
        "inmates": (
            "inmate family_name given_name birth_date committed",
            [(i, f"Nom{i}", "Prénom", "1990-01-01", begin) for i in inmates],
        ),
        "stays": (
            "inmate prison prison_cell from to",
            [(i, PRISON, f"A-{n // 2:02d}", begin, "") for n, i in enumerate(inmates)],
        ),
        "approved_contacts": ("inmate number family_name given_name", people),
        "radio_cells": ("radio_cell operator latitude longitude", list(_sites())),
        "records": ("imei14 number correspondent kind started duration_s radio_cell", _records()),
    }
    for name, (header, rows) in files.items():
        _write(folder / f"{name}.csv", header.split(), rows)
    return sorted(folder.glob("*.csv"))


def _sites() -> Iterable[Sequence[object]]:
    for n, radio_cell in enumerate(INSIDE_CELLS):
        yield radio_cell, "Operator", 48.1 + 0.001 * n, 2.5
    for n, radio_cell in enumerate(OUTSIDE_CELLS):
        yield radio_cell, "Operator", 48.1, 2.56 + 0.03 * n


def _records() -> list[Sequence[object]]:
    draw = random.Random(7)  # noqa: S311 - made-up records
    rows: list[Sequence[object]] = []
    for handset in range(HANDSETS):
        for day in range(DAYS):
            for hour in (10, 21, 23):
                known = draw.random() < 0.5
                other = number(handset, draw.randrange(4)) if known else 33_639_985_000 + draw.randrange(3000)
                rows.append(_row(imei14(handset), other, day, hour, draw.choice(INSIDE_CELLS)))
    for outsider in range(60):
        at_home = draw.choice(OUTSIDE_CELLS)
        for day in range(DAYS):
            radio_cell = draw.choice(INSIDE_CELLS) if draw.random() < 0.3 else at_home
            other = 33_639_988_000 + draw.randrange(2000)
            rows.append(_row(35000000_000000 + outsider, other, day, draw.randrange(7, 23), radio_cell))
    return rows


def _row(imei: int, correspondent: int, day: int, hour: int, radio_cell: str) -> Sequence[object]:
    started = START + timedelta(days=day, hours=hour, minutes=imei % 50)
    return imei, 33_639_989_000 + imei % 900, correspondent, "call_out", started.isoformat(), 90, radio_cell


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(rows)


def taken_in(workspace: Workspace, folder: Path) -> str:
    """Open the case in a workspace and take all its files in.

    Returns:
        the case's reference.
    """
    open_case(workspace, CASE)
    add_authority(workspace, CASE, Authority(AUTHORITY, "Investigating judge", Scope(purposes=("inquiry",))))
    taken = take_in_evidence(workspace, CASE, write_files(folder), Delivery(authority=AUTHORITY))
    assert [intake.refusal for intake in taken if intake.refusal] == []
    return CASE
