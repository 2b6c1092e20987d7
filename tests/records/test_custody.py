from __future__ import annotations

import pytest

from parloir.errors import CustodyError
from parloir.records.custody import append, chain, checkpoint, happened, load
from parloir.records.models import Case, CustodyEvent
from parloir.records.workspace import Workspace
from parloir.vault import Checkpoint, Kind, check_chain
from tests import acts
from tests.actions.conftest import CASE, a_case
from tests.conftest import LEADER
from tests.kill import Act, together


@pytest.fixture
def case(workspace: Workspace) -> Case:
    a_case(workspace)
    return Case.objects.get(reference=CASE)


def test_what_is_read_back_is_what_was_written(case: Case) -> None:
    event = append(case, happened(case, LEADER, Kind.EXAMINED, device="é\u2028", rows=3))
    assert chain(case)[-1] == event
    assert checkpoint(case) == Checkpoint.of(event)
    assert check_chain(chain(case), case=CASE) == []


def test_writers_in_several_processes_make_one_chain(case: Case, workspace: Workspace) -> None:
    before = case.events.count()
    writers = [Act(acts.write_events, (workspace.home, n, 15)) for n in range(3)]
    assert together(writers) == [0, 0, 0]
    events = chain(case)
    assert [event.sequence for event in events] == list(range(1, before + 46))
    assert check_chain(events, case=CASE) == []


def test_a_transaction_that_fails_leaves_no_gap(case: Case) -> None:
    before = case.events.count()
    with pytest.raises(CustodyError):
        append(case, happened(case, LEADER, Kind.EXAMINED, weight=0.5))
    assert append(case, happened(case, LEADER, Kind.EXAMINED)).sequence == before + 1


def test_a_row_that_is_no_event_is_named(case: Case) -> None:
    with pytest.raises(CustodyError, match="custody event"):
        load(CustodyEvent(case=case, sequence=9, hash="0" * 64, body="[]"))
    with pytest.raises(CustodyError, match="custody event"):
        load(CustodyEvent(case=case, sequence=9, hash="0" * 64, body="{"))


def test_a_case_without_events_has_no_checkpoint(case: Case) -> None:
    other = Case.objects.create(reference="empty", opened=case.opened, opened_by=case.opened_by)
    assert checkpoint(other) is None
