"""Evidence whose day of erasure has passed or is near."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from parloir.actions import Delivery, add_authority, erase_evidence, show_case, take_in_evidence, weigh
from parloir.records import retention
from parloir.records.clock import end_of
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope
from tests.actions.conftest import CASE

LAST = datetime(2025, 6, 30, tzinfo=UTC).date()
FAR, NEAR, LAST_HOURS, OVER = (
    datetime(2025, 5, 30, 12, tzinfo=UTC),
    datetime(2025, 6, 18, 12, tzinfo=UTC),
    datetime(2025, 6, 30, 12, tzinfo=UTC),
    datetime(2025, 7, 1, 0, 30, tzinfo=UTC),
)


@pytest.fixture
def held(workspace: Workspace, case: str, visits_file: Path) -> Workspace:
    """Two items under an authority that ends on 30 June 2025, none under one that ended long before."""
    add_authority(workspace, case, Authority("ends", "Judge", Scope(), erase_by_us=end_of(LAST)))
    add_authority(workspace, case, Authority("empty", "Judge", Scope(), erase_by_us=1))
    other = visits_file.with_name("other.csv")
    other.write_text(visits_file.read_text("utf-8") + "V9,A9,I9,P1,\n", "utf-8")
    take_in_evidence(workspace, case, [visits_file, other], Delivery(authority="ends"))
    return workspace


@pytest.mark.parametrize(
    ("at", "passed", "says"),
    [
        (NEAR, False, "“ends” lets evidence be held until 2025-06-30 (12 days left): erase"),
        (LAST_HOURS, False, "“ends” lets evidence be held until 2025-06-30 (the last day): erase"),
        (OVER, True, "“ends” let evidence be held until 2025-06-30: evidence items 1, 2 should be gone"),
    ],
)
def test_what_must_be_erased_is_said(held, monkeypatch, at, passed, says):
    monkeypatch.setattr(retention, "now", lambda: at)
    (told,) = show_case(held, CASE).retention
    assert (told.authority, told.erase_by, told.passed, told.items) == ("ends", "2025-06-30", passed, (1, 2))
    assert told.says.startswith(says)
    assert "parloir erase" in told.says


def test_nothing_is_said_long_before_or_once_all_is_erased(held, monkeypatch):
    monkeypatch.setattr(retention, "now", lambda: FAR)
    assert show_case(held, CASE).retention == ()
    monkeypatch.setattr(retention, "now", lambda: OVER)
    erase_evidence(held, CASE, 1, "the authority has ended")
    assert show_case(held, CASE).retention[0].items == (2,)
    erase_evidence(held, CASE, 2, "the authority has ended")
    assert show_case(held, CASE).retention == ()


def test_take_in_says_it_of_the_authority_of_the_file(held, monkeypatch, tmp_path):
    monkeypatch.setattr(retention, "now", lambda: NEAR)
    path = tmp_path / "more.csv"
    path.write_text("visit,visitor,inmate,prison,started\nV1,A1,I1,P1,2025-02-01T10:00:00Z\n", "utf-8")
    (intake,) = take_in_evidence(held, CASE, [path], Delivery(authority="ends"))
    assert intake.retention is not None
    assert intake.retention.items == (1, 2, 3)
    assert "evidence items 1 to 3" in intake.retention.says
    assert weigh(held, CASE).retention == (intake.retention,)
    path.write_text("visit,visitor,inmate,prison,started\nV1,A2,I2,P2,2025-02-01T10:00:00Z\n", "utf-8")
    (intake,) = take_in_evidence(held, CASE, [path], Delivery(authority="JI-2025-0042"))
    assert intake.retention is None
