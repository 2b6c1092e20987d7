"""Judge a link: an analyst's word on whether two are one, or on a lead."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from parloir.actions.act import act
from parloir.errors import InputError
from parloir.records.cases import locked, permitted
from parloir.records.clock import now
from parloir.records.custody import append, happened
from parloir.records.models import Judgement, Role, Word
from parloir.records.words import named, readable
from parloir.records.workspace import Workspace
from parloir.vault import Kind

PROPOSITIONS = ("same_person", "same_handset", "inside", "held_by", "bought_for")


@dataclass(frozen=True, slots=True)
class Link:
    """A pair as findings write it: proposition, `kind:key` of the subject and of the object."""

    proposition: str
    subject: str
    object: str


@dataclass(frozen=True)
class Judged:
    """A judgement as it was written down, with the sequence of its event.

    Attributes:
        blind: whether the score was hidden until the word was given.
    """

    case: str
    link: Link
    word: str
    reason: str
    author: str
    event: int
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """What an analyst says of a pair.

    Attributes:
        word: same, different, unsure, accept or reject.
        reason: why, in the analyst's words; required, for a judgement is evidence.
        blind: whether the score was hidden until the word was given; it stands in the event.
    """

    word: str
    reason: str
    blind: bool = False


@act
def judge_link(workspace: Workspace, case: str, link: Link, said: Saying) -> Judged:
    """Write a judgement down; it outlives every run, and the latest on a pair holds.

    Args:
        workspace: the open workspace.
        case: its reference.
        link: the pair.
        word: same, different, unsure, accept or reject.
        reason: why, in the analyst's words; required, for a judgement is evidence.

        blind: whether the score was hidden until now; it stands in the event.

    Raises:
        LawfulnessError: the person acting may not judge in this case.
        InputError: no such word or proposition, or no reason.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    word = said.word
    if word not in Word.values:
        raise InputError(f"“{readable(word)}” is not a judgement", do=f"say {', '.join(Word.values)}")
    if link.proposition not in PROPOSITIONS:
        raise InputError(
            f"“{readable(link.proposition)}” is not a proposition", do=f"choose {', '.join(PROPOSITIONS)}"
        )
    ends = (named("subject of a link", link.subject, 300), named("object of a link", link.object, 300))
    link, reason = Link(link.proposition, *ends), named("reason of a judgement", said.reason, 1000)
    with locked(found):
        Judgement.objects.create(case=found, **asdict(link), word=word, reason=reason, at=now(), by=user)
        told = {"blind": True} if said.blind else {}
        event = happened(found, workspace.actor, Kind.JUDGED, **asdict(link), word=word, **told)
        written = append(found, replace(event, reason=reason))
    return Judged(case, link, word, reason, user.username, written.sequence, said.blind)
