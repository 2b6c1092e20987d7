"""The chain of custody: pure values and functions; whoever stores events calls them.

The rules:

1. An event is never changed. A mistake is put right by a new event of kind `corrected` that names
   the sequence it `corrects`.
2. `canonical(event)` is its JSON form after RFC 8785 (JSON Canonicalization Scheme), without `hash`.
3. `hash` is the SHA-256 of that; `previous` is the `hash` of the event before, so each event vouches
   for all before it.
4. Sequences run 1, 2, 3 … within a case. The first event's `previous` is `genesis(case)`, which binds
   the chain to the name of its case.
5. Nothing inside a chain shows that its last events were taken away. A `Checkpoint`, printed on paper
   when it was the last, does.

`check_chain` holds a chain against these rules by the very code that travels with an exported case
(`verify_case`), so that both say the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

import rfc8785

from parloir.errors import CustodyError, InputError
from parloir.vault import verify_case


class Kind(StrEnum):
    """What happened. A chain may hold kinds that a later version adds."""

    CASE_OPENED = "case_opened"
    AUTHORITY_ADDED = "authority_added"
    SEALED = "sealed"
    REFUSED = "refused"
    READ = "read"
    HANDED_OVER = "handed_over"
    OPENED = "opened"
    RESEALED = "resealed"
    EXAMINED = "examined"
    WEIGHED = "weighed"
    JUDGED = "judged"
    PLANNED = "planned"
    REPORTED = "reported"
    EXPORTED = "exported"
    ERASED = "erased"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point in time.

    Attributes:
        us: microseconds since 1970-01-01 UTC.
        offset_min: offset from UTC, in minutes, of the clock that told it.
    """

    us: int
    offset_min: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A person and the organisation they act for; both empty when nobody is concerned."""

    person: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event in the custody of a case.

    Attributes:
        case: name of the case.
        sequence: 1 for the first event of the case; 0 until `chained`.
        kind: what happened; `Kind` has the words.
        occurred: when it happened.
        recorded: when it was written down.
        author: who wrote it down.
        evidence: SHA-256 of the sealed file concerned; empty when the event concerns the case.
        handed_by: who gave it away (from).
        received_by: who took it (to).
        place: where.
        reason: why.
        authority: reference of the authority under which it happened.
        seals_before: numbers on the physical seals found.
        seals_after: numbers on the physical seals put on.
        corrects: sequence of the event that this one corrects, or None.
        details: what else belongs to this kind; strings, integers within ±(2⁵³−1), booleans, None,
            lists and string-keyed mappings of these, never a float.
        previous: hash of the event before; empty until `chained`.
        hash: SHA-256 of `canonical(self)`; empty until `chained`.
    """

    case: str
    kind: str
    occurred: Moment
    recorded: Moment
    author: str
    sequence: int = 0
    evidence: str = ""
    handed_by: Party = Party()
    received_by: Party = Party()
    place: str = ""
    reason: str = ""
    authority: str = ""
    seals_before: tuple[str, ...] = ()
    seals_after: tuple[str, ...] = ()
    corrects: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    previous: str = ""
    hash: str = ""

    def as_json(self) -> dict[str, Any]:
        """The event as JSON values, `hash` included; `from_json` reads it back."""
        return {
            **asdict(replace(self, details={})),
            "kind": str(self.kind),
            "seals_before": list(self.seals_before),
            "seals_after": list(self.seals_after),
            "details": dict(self.details),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Event:
        """Read what `as_json` wrote.

        Raises:
            CustodyError: a field is missing or unknown.
        """
        nested = {
            "occurred": Moment,
            "recorded": Moment,
            "handed_by": Party,
            "received_by": Party,
        }
        try:
            made = {name: kind(**values[name]) for name, kind in nested.items()}
            seals = {name: tuple(values[name]) for name in ("seals_before", "seals_after")}
            return cls(**{**values, **made, **seals})
        except (KeyError, TypeError) as error:
            raise CustodyError(
                f"a custody event lacks a field or has an unknown one ({error})",
                do="compare the chain with a printed checkpoint",
            ) from error


def canonical(event: Event) -> bytes:
    """The bytes that are hashed: RFC 8785 JSON of the event without its `hash`, UTF-8.

    Raises:
        CustodyError: a value has no canonical form (a float, an integer beyond ±(2⁵³−1), a lone surrogate).
    """
    values = event.as_json()
    del values["hash"]
    return canonical_json(values, f"custody event {event.sequence} of case {event.case}")


def genesis(case: str) -> str:
    """The `previous` of the first event of a case: 64 hexadecimal digits, bound to its name."""
    return verify_case.genesis(case)


def chained(event: Event, previous: Event | None) -> Event:
    """The event with `sequence`, `previous` and `hash` filled in, after `previous` (None: first of its case).

    Raises:
        CustodyError: `previous` is of another case, or the event has no canonical form.
    """
    if previous is not None and previous.case != event.case:
        raise CustodyError(
            f"an event of case {event.case} cannot follow one of case {previous.case}",
            do="append it to the chain of its own case",
        )
    linked = replace(
        event,
        sequence=previous.sequence + 1 if previous else 1,
        previous=previous.hash if previous else genesis(event.case),
        hash="",
    )
    return replace(linked, hash=hashlib.sha256(canonical(linked)).hexdigest())


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last event at some moment, short enough to print and to type again.

    128 bits of the hash are kept: forging a chain that ends in them takes about 2¹²⁸ attempts.

    Attributes:
        sequence: of the event.
        hash: the first 32 hexadecimal digits of its hash.
    """

    sequence: int
    hash: str

    def __str__(self) -> str:
        """`12-3f9a44c0-91be7d02-5c1f0a3e-77d2b6c4`, which `parse` reads back."""
        return verify_case.print_checkpoint(self.sequence, self.hash)

    @classmethod
    def of(cls, event: Event) -> Checkpoint:
        """The checkpoint to print while `event` is the last of its case."""
        return cls(event.sequence, event.hash[:32])

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint from paper; spaces and capitals do not matter.

        Raises:
            InputError: it is not one.
        """
        try:
            return cls(*verify_case.parse_checkpoint(text))
        except ValueError as error:
            raise InputError(
                f"“{text[:80]}” is not a checkpoint",
                do="type it as printed: a number and four groups of eight digits or letters a to f",
            ) from error


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold.

    Attributes:
        sequence: of the event concerned; 0 when it is the chain as a whole.
        what: one sentence for a person, without a full stop.
    """

    sequence: int
    what: str


def check_chain(
    events: Iterable[Event], checkpoint: Checkpoint | None = None, *, case: str | None = None
) -> list[Fault]:
    """Every fault of a chain, in the order it is read; empty when it holds.

    Args:
        events: in the order in which they were stored.
        checkpoint: printed earlier; shows that last events were removed or replaced.
        case: the name the chain must bear; the first event's own when None.
    """
    expected = (checkpoint.sequence, checkpoint.hash) if checkpoint else None
    found = verify_case.chain_faults([event.as_json() for event in events], expected, case)
    return [Fault(sequence, what) for sequence, what in found]


def canonical_json(values: Any, where: str) -> bytes:
    """RFC 8785 JSON of text, whole numbers, yes/no, None, lists and mappings; no floats, so that it is exact.

    Raises:
        CustodyError: a value has no such form; `where` says whose.
    """
    try:
        _refuse_floats(values)
        return rfc8785.dumps(values)
    except (ValueError, TypeError, RecursionError) as error:
        raise CustodyError(
            f"a value cannot be written as canonical JSON ({error})",
            where=where,
            do="use text, whole numbers, yes/no, lists and named values only",
        ) from error


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is not a whole number")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
