"""Streaming one member through its reader into staged tables, every row accounted for."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from parloir.actions.intake import MemberRead
from parloir.actions.sieves import Sieve, sifted
from parloir.errors import DamagedFileError
from parloir.provenance import Locator
from parloir.readers.reader import Doubts, Options, Part, Reader, Recognition, Rows, Tally
from parloir.records.words import readable
from parloir.tables.files import StagedTables
from parloir.vault import Member


@dataclass
class Origins:
    """Tables that held a primary row, and tables that held a derived one."""

    primary: set[str] = field(default_factory=set)
    derived: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Reading:
    """How the members of one evidence item are read.

    Attributes:
        options: for the reader.
        sieves: what sets rows aside.
        staged: where rows go.
        origins: filled while reading.
        progress: called with the bytes read so far.
    """

    options: Options
    sieves: tuple[Sieve, ...]
    staged: StagedTables
    origins: Origins
    progress: Callable[[int], None]


def read_member(member: Member, reader: Reader, seen: Recognition, reading: Reading) -> MemberRead:
    """Read one member to its end.

    Raises:
        EvidenceError: it cannot be read to its end, or its rows do not add up.
    """
    counts = _Counts()
    for part in reader.read(_Watched(member, reading.progress), reading.options):
        _take(part, reading, counts)
    found = counts.as_member(member.name, seen)
    accounted = found.rows_out + found.quarantined + found.warnings
    if found.rows_in != accounted:
        raise DamagedFileError(
            f"the rows do not add up: {found.rows_in} in, {found.rows_out} out, "
            f"{found.quarantined} quarantined, {found.warnings} set aside",
            where=_place(member),
            do="keep the sealed file and report the defect of the reader",
        )
    return found


@dataclass
class _Counts:
    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    joined: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)

    def as_member(self, name: str, seen: Recognition) -> MemberRead:
        return MemberRead(
            name=readable(name),
            format=seen.format,
            says=readable(seen.says),
            rows_in=self.rows_in,
            rows_out=self.rows_out,
            quarantined=self.quarantined,
            warnings=self.doubts["warning"],
            remarks=self.doubts["remark"],
            joined=_by_table(self.joined),
            unread=_by_table(self.unread),
        )


def _by_table(rows: Counter[str]) -> dict[str, int]:
    return {readable(table): count for table, count in sorted(rows.items())}


def _take(part: Part, reading: Reading, counts: _Counts) -> None:
    match part:
        case Rows():
            _take_rows(part, reading, counts)
        case Doubts():
            reading.staged.add("warnings", part.batch)
            counts.doubts.update(map(str, part.batch.column("severity").to_pylist()))
        case Tally():
            counts.rows_in += sum(part.rows_in.values())
            counts.joined.update(part.joined)
            counts.unread.update(part.unread)


def _take_rows(part: Rows, reading: Reading, counts: _Counts) -> None:
    passed, held = sifted(reading.sieves, part.table, part.batch)
    if passed.num_rows:
        reading.staged.add(part.table, passed)
    if held is not None:
        reading.staged.add("quarantine", held)
    (reading.origins.primary if part.primary else reading.origins.derived).add(part.table)
    if part.primary:
        counts.rows_out += passed.num_rows
        counts.quarantined += 0 if held is None else held.num_rows


def _place(member: Member) -> str:
    return f"{member.file_name}!{member.name}" if member.name else member.file_name


@dataclass(frozen=True)
class _Watched:
    """A member whose reading is told to somebody."""

    member: Member
    progress: Callable[[int], None]

    @property
    def evidence(self) -> str:
        return self.member.evidence

    @property
    def file_name(self) -> str:
        return self.member.file_name

    @property
    def name(self) -> str:
        return self.member.name

    def open(self) -> BinaryIO:
        return io.BufferedReader(_Counted(self.member.open(), self.progress), 1 << 18)

    def head(self, size: int = 65536) -> bytes:
        return self.member.head(size)

    def locator(self, table: str, row: int) -> Locator:
        return self.member.locator(table, row)


class _Counted(io.RawIOBase):
    """Tells how far into the file the reader is."""

    def __init__(self, inner: BinaryIO, progress: Callable[[int], None]) -> None:
        self._inner, self._progress = inner, progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._inner.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def tell(self) -> int:
        return self._inner.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        size = self._inner.readinto(buffer)  # type: ignore[attr-defined]
        self._progress(self._inner.tell())
        return int(size or 0)

    def close(self) -> None:
        self._inner.close()
        super().close()
