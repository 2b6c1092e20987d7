"""Opening, listing and showing cases; members and authorities."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from parloir.actions import add_authority, add_member, list_cases, open_case, show_case, verify_case
from parloir.errors import InputError, LawfulnessError, RecordsError
from parloir.records.actor import Actor
from parloir.records.authorities import authority_of
from parloir.records.custody import chain
from parloir.records.models import AccessLog, Case
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Kind, Scope
from tests.actions.conftest import AUTHORITY, CASE, IN_SCOPE
from tests.conftest import LEADER

BOB = Actor("Bob Durand", "Search team", "morning search")
GIVEN = Authority("JI-7", "Investigating judge", IN_SCOPE, 1_900_000_000_000_000, 2_000_000_000_000_000)


def test_who_opens_a_case_leads_it(workspace: Workspace) -> None:
    opened = open_case(workspace, " 2025-117 ", "Phones")
    assert (opened.case, opened.leader) == ("2025-117", LEADER.name)
    shown = show_case(workspace, "2025-117")
    assert shown.members == {LEADER.name: "leader"}
    assert (shown.events, shown.checkpoint) == (1, opened.checkpoint)
    (event,) = chain(Case.objects.get())
    assert (event.kind, event.author, event.details["title"]) == (Kind.CASE_OPENED, LEADER.name, "Phones")


@pytest.mark.parametrize("reference", ["", "  ", "a\nb", "a\0b", "x" * 101, "\ud800"])
def test_a_reference_that_cannot_be_kept_is_refused(workspace: Workspace, reference: str) -> None:
    with pytest.raises(InputError, match="reference of a case"):
        open_case(workspace, reference)
    assert not Case.objects.exists()


def test_a_reference_is_taken_once(workspace: Workspace, case: str) -> None:
    with pytest.raises(InputError, match="already"):
        open_case(workspace, case)
    assert verify_case(workspace, case).holds


def test_a_case_that_does_not_exist(workspace: Workspace) -> None:
    with pytest.raises(RecordsError, match="there is no case “nothing”"):
        show_case(workspace, "nothing")


def test_only_members_see_a_case(workspace: Workspace, case: str) -> None:
    stranger = workspace.by(BOB)
    assert list_cases(stranger) == []
    with pytest.raises(LawfulnessError, match="Bob Durand is not reader in this case"):
        show_case(stranger, case)
    add_member(workspace, case, BOB.name, "reader")
    assert [line.case for line in list_cases(stranger)] == [case]
    with pytest.raises(LawfulnessError, match="not leader"):
        add_authority(stranger, case, GIVEN)


def test_roles_change_and_a_leader_remains(workspace: Workspace, case: str) -> None:
    with pytest.raises(InputError, match="only leader"):
        add_member(workspace, case, LEADER.name, "reader")
    with pytest.raises(InputError, match="not a role"):
        add_member(workspace, case, BOB.name, "king")
    add_member(workspace, case, BOB.name, "reader")
    add_member(workspace, case, BOB.name, "leader")
    add_member(workspace, case, LEADER.name, "investigator")
    assert show_case(workspace, case).members == {LEADER.name: "investigator", BOB.name: "leader"}


def test_an_authority_is_kept_as_it_was_given(workspace: Workspace, case: str) -> None:
    added = add_authority(workspace, case, GIVEN)
    row = Case.objects.get().authorities.get(reference="JI-7")
    assert authority_of(row) == GIVEN
    event = chain(Case.objects.get())[-1]
    assert (event.sequence, event.kind, event.authority) == (added.event, Kind.AUTHORITY_ADDED, "JI-7")
    shown = show_case(workspace, case).authorities
    assert [authority["reference"] for authority in shown] == [AUTHORITY, "JI-7"]
    assert json.loads(json.dumps(event.details)) == json.loads(json.dumps(shown[1]))


def test_an_authority_that_cannot_be(workspace: Workspace, case: str) -> None:
    with pytest.raises(InputError, match="already"):
        add_authority(workspace, case, replace(GIVEN, reference=AUTHORITY))
    with pytest.raises(InputError, match="issuer"):
        add_authority(workspace, case, replace(GIVEN, issuer=""))
    with pytest.raises(InputError, match="ends before it starts"):
        add_authority(workspace, case, replace(GIVEN, scope=Scope(data_from_us=5, data_to_us=5)))
    assert Case.objects.get().authorities.count() == 1


def test_every_look_is_logged_with_who_and_why(workspace: Workspace, case: str) -> None:
    list_cases(workspace)
    show_case(workspace, case)
    verify_case(workspace, case)
    logged = list(
        AccessLog.objects.order_by("pk").values_list("act", "user__username", "organisation", "why")
    )
    who = (LEADER.name, LEADER.organisation, LEADER.purpose)
    assert logged == [(act, *who) for act in ("list_cases", "show_case", "verify_case")]
    assert AccessLog.objects.filter(case__reference=CASE).count() == 2


def test_what_acts_return_is_json(workspace: Workspace, case: str) -> None:
    for value in (show_case(workspace, case), *list_cases(workspace), verify_case(workspace, case)):
        assert json.loads(json.dumps(asdict(value)))["case"] == case


@pytest.mark.parametrize("name", ["", "x" * 151, "two\nlines"])
def test_a_person_without_a_usable_name_cannot_act(name: str) -> None:
    with pytest.raises(InputError, match="name of the person acting"):
        Actor(name)
