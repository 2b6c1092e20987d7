from __future__ import annotations

from pathlib import Path

import pytest

from parloir.actions import Delivery, Handling, record_custody, take_in_evidence, verify_case
from parloir.errors import CustodyError, InputError, RecordsError
from parloir.records.custody import chain
from parloir.records.models import Case
from parloir.records.workspace import Workspace
from parloir.vault import Moment, Party
from tests.actions.conftest import AUTHORITY


@pytest.fixture(autouse=True)
def _evidence(workspace: Workspace, case: str, visits_file: Path) -> None:
    take_in_evidence(workspace, case, [visits_file], Delivery(authority=AUTHORITY))


def test_a_handover_is_in_the_chain(workspace: Workspace, case: str) -> None:
    handling = Handling(
        kind="handed_over",
        evidence=1,
        occurred=Moment(1_740_000_000_000_000, 60),
        handed_by=Party("Alice Martin", "Unit"),
        received_by=Party("Chloé Petit", "Laboratory"),
        place="Lille",
        reason="to be examined",
        seals_before=("S-1",),
        seals_after=("S-1",),
        details={"carrier": "USB stick"},
    )
    recorded = record_custody(workspace, case, handling)
    event = chain(Case.objects.get())[-1]
    assert (event.sequence, event.hash) == (recorded.sequence, recorded.hash)
    assert event.evidence == Case.objects.get().evidence.get().sha256
    for name in ("occurred", "handed_by", "received_by", "place", "reason", "seals_before", "seals_after"):
        assert getattr(event, name) == getattr(handling, name)
    assert event.recorded.us > event.occurred.us
    found = verify_case(workspace, case)
    assert found.holds
    assert found.checkpoint == recorded.checkpoint


def test_a_mistake_is_corrected_by_a_new_event(workspace: Workspace, case: str) -> None:
    wrong = record_custody(workspace, case, Handling(kind="opened", place="Paris"))
    record_custody(
        workspace, case, Handling(kind="corrected", corrects=wrong.sequence, details={"place": "Lille"})
    )
    assert chain(Case.objects.get())[-1].corrects == wrong.sequence
    assert verify_case(workspace, case).holds


@pytest.mark.parametrize(
    ("handling", "error"),
    [
        (Handling(kind="erased", evidence=1), InputError),
        (Handling(kind="invented"), InputError),
        (Handling(kind="corrected"), InputError),
        (Handling(kind="opened", corrects=1), InputError),
        (Handling(kind="corrected", corrects=99), InputError),
        (Handling(kind="opened", evidence=99), RecordsError),
        (Handling(kind="opened", details={"weight": 0.5}), CustodyError),
    ],
)
def test_what_nobody_can_record(
    workspace: Workspace, case: str, handling: Handling, error: type[Exception]
) -> None:
    before = Case.objects.get().events.count()
    with pytest.raises(error):
        record_custody(workspace, case, handling)
    assert Case.objects.get().events.count() == before
