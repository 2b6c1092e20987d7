"""Which authorities' evidence must be erased, or soon must be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from parloir.records.authorities import authority_of
from parloir.records.clock import from_microseconds, last_day, microseconds, now
from parloir.records.models import Authority, Case, Status
from parloir.vault import Authority as Act

SOON = timedelta(days=30)
"""How long before the day of erasure people are told."""


@dataclass(frozen=True)
class Retention:
    """Evidence that must be erased.

    Attributes:
        authority: reference of the legal act under which it is held.
        erase_by: last day on which it may be held, ISO 8601.
        passed: whether that day is over.
        items: numbers of the evidence items that are still there.
        says: one sentence for a person.
    """

    authority: str
    erase_by: str
    passed: bool
    items: tuple[int, ...]
    says: str


def retentions(case: Case) -> tuple[Retention, ...]:
    """Each authority whose day of erasure has passed or is near while evidence is held under it."""
    rows = case.authorities.filter(erase_by_us__isnull=False).order_by("erase_by_us", "pk")
    return tuple(told for row in rows if (told := _retention(row)) is not None)


def _retention(row: Authority) -> Retention | None:
    act, at = authority_of(row), now()
    if not act.erasure_due(microseconds(at + SOON)):
        return None
    held = row.evidence.exclude(status=Status.ERASED).order_by("number")
    items = tuple(held.values_list("number", flat=True))
    if not items or act.erase_by_us is None:
        return None
    passed = act.erasure_due(microseconds(at))
    says = _sentence(act, items, passed=passed)
    return Retention(act.reference, last_day(act.erase_by_us), passed, items, says)


def _sentence(act: Act, items: tuple[int, ...], *, passed: bool) -> str:
    end = act.erase_by_us or 0
    named = f"evidence item{'s' if len(items) > 1 else ''} {_ranges(items)}"
    verb = "let" if passed else "lets"
    held = f"“{act.reference}” {verb} evidence be held until {last_day(end)}"
    if passed:
        return f"{held}: {named} should be gone; erase with `parloir erase`"
    left = (from_microseconds(end) - now()).days
    days = f"{left} day{'s' if left != 1 else ''} left" if left else "the last day"
    return f"{held} ({days}): erase {named} by then with `parloir erase`"


def _ranges(numbers: tuple[int, ...]) -> str:
    """ "1 to 3, 5": ascending numbers, runs of three and more joined."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = (f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
    return ", ".join(parts)
