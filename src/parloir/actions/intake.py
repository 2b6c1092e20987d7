"""What is told to `take_in_evidence` and what it tells back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parloir.readers.reader import Options
from parloir.records.retention import Retention
from parloir.vault import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How some files arrived.

    Attributes:
        authority: reference of the authority under which they were obtained.
        format: name of the reader to use; empty to tell the format by content.
        from_whom: person or service that handed them over.
        handling: handling code, as the supplier writes it.
        options: what the reader may need to be told.
        occurred: when they were handed over; None for now.
        place: where they were handed over.
        seals_before: numbers on the physical seals of the carrier as it arrived.
        seals_after: numbers on the seals put on it afterwards.
    """

    authority: str
    format: str = ""
    from_whom: str = ""
    handling: str = ""
    options: Options = field(default_factory=Options)
    occurred: Moment | None = None
    place: str = ""
    seals_before: tuple[str, ...] = ()
    seals_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberRead:
    """How one file was read: the item itself, or a file of an archive (then `name` is its path inside).

    Rows in = rows out + quarantined + warnings, counted over source rows.

    Attributes:
        format: the reader's name; empty when no reader recognised it, so that it was left unread.
        says: what the reader saw.
        rows_in: source rows met.
        rows_out: source rows that have their row in a canonical table.
        quarantined: source rows outside the authority's scope; only their locators are kept.
        warnings: source rows set aside, with the reason.
        remarks: rows kept with a doubtful value.
        joined: rows that only complete rows of other tables, by source table.
        unread: rows of source tables that are not evidence of a known kind, by source table.
    """

    name: str
    format: str
    says: str
    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    warnings: int = 0
    remarks: int = 0
    joined: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of one file.

    Attributes:
        number: of the evidence item in the case.
        status: read, or refused.
        already: the case held this file before and had read it: nothing was done.
        differs: how it was read then, where that is not what was asked for now ("timezone Europe/Paris").
        says: what the readers saw, in one sentence.
        refusal: why it was not read, in one sentence; the sealed file is kept.
        tables: rows by canonical table, derived rows included.
        members: the counts below for each file inside.
        retention: when what is held under the authority must be erased, where that day has passed or is near.
    """

    number: int
    original_name: str
    sha256: str
    size: int
    authority: str
    status: str
    already: bool
    format: str
    says: str
    refusal: str
    rows_in: int
    rows_out: int
    quarantined: int
    warnings: int
    remarks: int
    tables: Mapping[str, int]
    members: tuple[MemberRead, ...]
    differs: str = ""
    retention: Retention | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of one file.

    Attributes:
        doing: `sealing` or `reading`.
        file_name: of the file.
        done: bytes; while reading those of the file as unpacked.
        total: bytes, or None when nobody knows (packed files).
    """

    doing: str
    file_name: str
    done: int
    total: int | None


Progress = Callable[[Step], None]
