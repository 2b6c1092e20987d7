from __future__ import annotations

import pytest

from parloir.actions import Link, Saying, add_member, judge_link, verify_case
from parloir.errors import InputError, LawfulnessError
from parloir.records.actor import Actor
from parloir.records.custody import chain
from parloir.records.judgements import judgements_of
from parloir.records.models import Case, Judgement
from parloir.records.workspace import Workspace
from parloir.vault import Kind
from tests.conftest import LEADER

LINK = Link("same_person", "person:a!!orders#1", "person:b!!visitors#2")


def test_a_judgement_goes_down_as_a_row(workspace: Workspace, case: str) -> None:
    judge_link(workspace, case, LINK, Saying("unsure", "two namesakes"))
    judged = judge_link(workspace, case, LINK, Saying("same", "the visitor gave the number"))
    table = judgements_of(Case.objects.get()).to_pylist()
    assert [row["word"] for row in table] == ["unsure", "same"]
    last = table[-1]
    assert (last["proposition"], last["subject"], last["object"]) == (
        LINK.proposition,
        LINK.subject,
        LINK.object,
    )
    assert (last["author"], last["reason"]) == (LEADER.name, "the visitor gave the number")
    assert table[0]["at_us"] < last["at_us"]
    event = chain(Case.objects.get())[-1]
    assert (event.sequence, event.kind, event.details["word"]) == (judged.event, Kind.JUDGED, "same")
    assert verify_case(workspace, case).holds


@pytest.mark.parametrize(
    ("link", "word", "reason"),
    [
        (LINK, "perhaps", "a reason"),
        (LINK, "same", " "),
        (Link("guilty", "person:1", "person:2"), "same", "a reason"),
        (Link("same_person", "", "person:2"), "same", "a reason"),
    ],
)
def test_a_judgement_that_is_none_is_refused(
    workspace: Workspace, case: str, link: Link, word: str, reason: str
) -> None:
    with pytest.raises(InputError):
        judge_link(workspace, case, link, Saying(word, reason))
    assert not Judgement.objects.exists()


def test_a_reader_does_not_judge(workspace: Workspace, case: str) -> None:
    add_member(workspace, case, "Bob Durand", "reader")
    with pytest.raises(LawfulnessError):
        judge_link(workspace.by(Actor("Bob Durand")), case, LINK, Saying("same", "a reason"))
