"""A batch of source rows, read column by column into canonical values, with the doubts about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import email, phone
from parloir.readers import columnar, ips
from parloir.readers.columnar import Array, Times

pc: Any = pyarrow.compute


@dataclass(frozen=True, slots=True)
class Remark:
    """A doubt about one value of a row that is kept."""

    number: int
    column: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Emails:
    """A column of e-mail addresses, normalised and as written."""

    normalised: Array
    raw: Array


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of lists of telephone numbers, as E.164 digits and as written."""

    numbers: Array
    raw: Array


@dataclass(frozen=True)
class Sourced:
    """Rows of one source table.

    Attributes:
        numbers: place of each row in its table, counted from 1.
        columns: of text, by their names in the source.
        remarks: doubts gathered while the columns are read.
    """

    numbers: Array
    columns: pa.RecordBatch
    remarks: list[Remark] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, name: str) -> Array:
        column: Array = self.columns.column(name)
        return column

    def text(self, name: str) -> Array:
        """As written, null where there is none."""
        return columnar.filled(self[name])

    def key(self, name: str) -> Array:
        """A reference to another row, null where there is none."""
        return columnar.key(self.whole(name))

    def whole(self, name: str) -> Array:
        """Whole numbers."""
        found = columnar.whole(self[name])
        self._lost(name, found, "is no whole number")
        return found

    def days(self, name: str) -> Array:
        """Calendar days; the zero date is null and no doubt."""
        found = columnar.days(self[name])
        self._lost(
            name, pc.if_else(pc.equal(self[name], "0000-00-00"), 0, found.cast(pa.int32())), "is no day"
        )
        return found

    def times(self, name: str, zone: ZoneInfo) -> Times:
        """Local times."""
        found = columnar.moments(self[name], zone)
        self.doubt(name, found.remark)
        return found

    def cents(self, name: str) -> Array:
        """Amounts in hundredths."""
        found = columnar.cents(self[name])
        self._lost(name, found, "is no amount")
        return found

    def emails(self, name: str) -> Emails:
        """E-mail addresses."""
        raw = self.text(name)
        read = normalised(raw)
        self._lost(name, read, "is no e-mail address")
        return Emails(read, raw)

    def addresses(self, name: str) -> Array:
        """IP addresses that clients claimed; the shop's own way to say that there is none is no doubt."""
        found = ips.addresses(self[name])
        told = pc.invert(pc.is_in(self[name], pa.array(["0", "", ips.NONE, "::"])))
        lost = pc.and_(pc.and_(pc.is_null(found), pc.is_valid(self.text(name))), told)
        self.doubt(name, pc.if_else(lost, "is no IP address", pa.scalar(None, pa.string())))
        return found

    def phones(self, names: Sequence[str], countries: Array, country: str) -> Numbers:
        """Telephone numbers of several columns.

        Args:
            names: of the columns.
            countries: ISO 3166 alpha-2 of each row, null where not known.
            country: that of the rest.
        """
        written = [self.text(name).to_pylist() for name in names]
        numbers: list[list[int]] = []
        raws: list[list[str]] = []
        for place, (home, *fields) in enumerate(zip(countries.to_pylist(), *written, strict=True)):
            raw = [text for text in fields if text]
            found = [phone.parse_all(text, home or country) for text in raw]
            numbers.append(list(dict.fromkeys(one.number for all_ in found for one in all_)))
            raws.append(raw)
            for text, read in zip(raw, found, strict=True):
                if not read:
                    self._remark(place, names[fields.index(text)], "is no telephone number", text)
        return Numbers(pa.array(numbers, pa.list_(pa.int64())), pa.array(raws, pa.list_(pa.string())))

    def doubt(self, name: str, reasons: Array) -> None:
        """Note a reason for each row that has one."""
        for place in pc.indices_nonzero(pc.is_valid(reasons)).to_pylist():
            self._remark(place, name, reasons[place].as_py(), self[name][place].as_py() or "")

    def _lost(self, name: str, read: Array, reason: str) -> None:
        lost = pc.and_(pc.is_null(read), pc.is_valid(self.text(name)))
        self.doubt(name, pc.if_else(lost, reason, pa.scalar(None, pa.string())))

    def _remark(self, place: int, column: str, reason: str, raw: str) -> None:
        self.remarks.append(Remark(self.numbers[place].as_py(), column, reason, raw))


def normalised(column: Array) -> Array:
    """E-mail addresses in the form that is compared."""
    read = [(found := email.normalise(text)) and found.normalised for text in column.to_pylist()]
    return pa.array(read, pa.string())
