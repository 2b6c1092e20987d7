"""The chain of custody of a case, kept in its append-only table."""

from __future__ import annotations

import json

from parloir.records.actor import Actor
from parloir.records.cases import locked
from parloir.records.clock import moment, now
from parloir.records.models import Case, CustodyEvent
from parloir.vault import Checkpoint, Event, canonical, chained


def happened(case: Case, actor: Actor, kind: str, **details: object) -> Event:
    """An event that happens now, written down by the actor; `dataclasses.replace` sets the other fields."""
    at = moment(now())
    return Event(case=case.reference, kind=kind, occurred=at, recorded=at, author=actor.name, details=details)


def append(case: Case, event: Event) -> Event:
    """Write an event after the last one; writers of one case wait for each other, so no sequence is lost.

    Returns:
        The event with its sequence and hashes.
    """
    with locked(case):
        last = case.events.order_by("-sequence").first()
        linked = chained(event, load(last) if last else None)
        CustodyEvent.objects.create(
            case=case, sequence=linked.sequence, hash=linked.hash, body=canonical(linked).decode()
        )
    return linked


def load(row: CustodyEvent) -> Event:
    """The event that a row holds, with the sequence and hash of the row.

    Raises:
        CustodyError: the row does not hold an event.
    """
    return Event.from_json({**_values(row), "sequence": row.sequence, "hash": row.hash})


def _values(row: CustodyEvent) -> dict[str, object]:
    try:
        values = json.loads(row.body)
    except ValueError:
        values = None
    return values if isinstance(values, dict) else {}


def chain(case: Case) -> list[Event]:
    """All events of a case in their order.

    Raises:
        CustodyError: a row does not hold an event.
    """
    return [load(row) for row in case.events.order_by("sequence")]


def checkpoint(case: Case) -> Checkpoint | None:
    """What to print so that a later check sees whether last events were taken away; None without events."""
    last = case.events.order_by("-sequence").first()
    return Checkpoint.of(load(last)) if last else None
