"""kill -9 at random moments; `python -m tests.kill 100` does more of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parloir.actions import Delivery, take_in_evidence, verify_case
from parloir.records.custody import chain
from parloir.records.models import Case
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Kind
from tests import acts
from tests.actions.conftest import AUTHORITY
from tests.actions.crashes import CrashSite
from tests.kill import Act, together


def test_take_in_and_erase_survive_being_killed(new_home: Path, tmp_path: Path) -> None:
    site = CrashSite.make(tmp_path, new_home)
    outcomes = site.kill_take_in(3) + site.kill_read_again(2) + site.kill_erase(2)
    assert any(outcome.killed for outcome in outcomes), "no kill came before the end: nothing was tried"


def test_weigh_survives_being_killed(new_home: Path, tmp_path: Path) -> None:
    outcomes = CrashSite.make(tmp_path, new_home).kill_weigh(2)
    assert any(outcome.killed for outcome in outcomes), "no kill came before the end: nothing was tried"


@pytest.mark.parametrize(
    "place",
    [
        "parloir.actions.take_in_evidence._sealed",  # sealed, no record yet
        "parloir.actions.item_reading._read_members",  # the record says sealed
        "parloir.actions.item_reading._commit",  # tables staged
        "parloir.actions.item_reading._write_down",  # tables in place, no record yet
        "parloir.actions.item_reading._say",  # record written, not committed
    ],
)
def test_take_in_goes_on_from_every_place_where_it_may_die(
    workspace: Workspace, case: str, visits_file: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    delivery = Delivery(authority=AUTHORITY)
    with monkeypatch.context() as patch:
        module, _, name = place.rpartition(".")
        patch.setattr(sys.modules[module], name, _die)
        patch.setattr("parloir.tables.files.StagedTables.discard", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            take_in_evidence(workspace, case, [visits_file], delivery)
    open_workspace(workspace.home)
    assert verify_case(workspace, case).holds
    assert not list(workspace.tables.rglob("*.parquet"))
    (intake,) = take_in_evidence(workspace, case, [visits_file], delivery)
    assert (intake.number, intake.status, intake.already, intake.rows_in) == (1, "read", False, 6)
    kinds = [event.kind for event in chain(Case.objects.get()) if event.evidence]
    assert kinds == [Kind.SEALED, Kind.READ]
    assert verify_case(workspace, case).holds


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_processes_that_take_the_same_file_in_make_one_item(
    workspace: Workspace, case: str, visits_file: Path
) -> None:
    act = Act(acts.take_in, (workspace.home, case, AUTHORITY, visits_file))
    assert together([act] * 3) == [0, 0, 0]
    kinds = [event.kind for event in chain(Case.objects.get()) if event.evidence]
    assert kinds == [Kind.SEALED, Kind.READ]
    assert verify_case(workspace, case).holds
