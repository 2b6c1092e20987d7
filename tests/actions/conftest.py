"""A case with an authority, and small files in a real format."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from parloir.actions import add_authority, open_case
from parloir.records.clock import end_of, start_of
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope

CASE = "2025-117"
AUTHORITY = "JI-2025-0042"
IN_SCOPE = Scope(
    radio_cells=frozenset({208010011, 208010012}),
    data_from_us=start_of(date(2025, 1, 1)),
    data_to_us=end_of(date(2025, 3, 31)),
    offence="handing objects to inmates",
    purposes=("inquiry",),
)


def a_case(workspace: Workspace) -> str:
    """Open a case with one authority, limited in period and radio cells, without end dates."""
    open_case(workspace, CASE, "Phones of the north wing")
    add_authority(workspace, CASE, Authority(AUTHORITY, "Investigating judge", IN_SCOPE))
    return CASE


@pytest.fixture
def case(workspace: Workspace) -> str:
    """`a_case`."""
    return a_case(workspace)


@pytest.fixture
def visits_file(tmp_path: Path) -> Path:
    """Six visits: three in the period, one just after it, one just before it, and one without a time."""
    started = (
        "2025-01-01T00:00:00+01:00",
        "2025-02-01T10:00:00+01:00",
        "2025-03-31T23:59:59+02:00",
        "2025-04-01T00:00:00+02:00",
        "2024-12-31T23:59:59+01:00",
        "",
    )
    rows = [f"V{n},A{n},I{n},P1,{time}\n" for n, time in enumerate(started, 1)]
    path = tmp_path / "visits.csv"
    path.write_text("visit,visitor,inmate,prison,started\n" + "".join(rows), "utf-8")
    return path
