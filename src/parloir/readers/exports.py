"""Rows of the CSV files that shops and payment providers export, told by their headers.

What is missing in a row is null. A row that cannot be cut, or has more fields than the header, is set aside.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parloir.errors import DamagedFileError
from parloir.identifiers import email, phone
from parloir.readers import delimited
from parloir.readers.batches import Batches
from parloir.readers.layout import header_key
from parloir.readers.reader import Options, Part, Recognition, Tally
from parloir.readers.times import DateOrder, Moment, parse_moment, zone
from parloir.vault.member import Member

CERTAINTY = 0.97
_AMOUNT = re.compile(
    r"(?P<sign>[-+−]?)(?P<whole>[0-9]{1,3}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3}){0,3}|[0-9]{1,15})"
    r"(?:[.,](?P<fraction>[0-9]{1,2})0*)?"
)
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'€$£")


@dataclass(frozen=True)
class Export:
    """How the files of one provider are told.

    Attributes:
        format: the reader's name.
        says: what it is, for people.
        headers: each of them, under one of its names, stands in every such file.
        withhold: whether the text of a row set aside is kept out of the warnings.
    """

    format: str
    says: str
    headers: tuple[tuple[str, ...], ...]
    withhold: bool = False

    def recognise(self, member: Member) -> Recognition | None:
        """Claim a file with these headers."""
        found = _header(delimited.opening(member), self.headers)
        return Recognition(self.format, self.says, CERTAINTY) if found else None

    def lines(self, member: Member, batches: Batches) -> Lines:
        """The rows below the header.

        Raises:
            DamagedFileError: there is no such header.
        """
        found = _header(delimited.opening(member), self.headers)
        if found is None:
            wanted = ", ".join(names[0] for names in self.headers)
            raise DamagedFileError(
                f"has no header with the columns of {self.format} ({wanted})",
                where=member.file_name,
                do="choose another format with --as",
            )
        return Lines(member, batches, found[0], found[1], self.withhold)


class ExportReader(ABC):
    """Reads the exports of one provider row by row; what a row becomes, a subclass says."""

    format: str
    title: str
    tables: tuple[str, ...]
    export: Export

    @abstractmethod
    def keeper(self, member: Member, options: Options) -> Keep:
        """What puts the rows of one file, in their order, into their batches."""

    def recognise(self, member: Member) -> Recognition | None:
        """Claim a CSV with the headers of the export."""
        return self.export.recognise(member)

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the rows.

        Raises:
            DamagedFileError: the file cannot be read to its end.
        """
        batches = Batches(member)
        lines, keep = self.export.lines(member, batches), self.keeper(member, options)
        for line in lines:
            keep(line)
            yield from batches.ready()
        yield from batches.rest()
        yield lines.tally()


@dataclass
class Lines:
    """The rows below a header, to be read once; those that are none go to the batches as warnings.

    Attributes:
        met: rows met so far.
    """

    member: Member
    batches: Batches
    place: int
    header: Sequence[str]
    withhold: bool
    met: int = 0

    def __iter__(self) -> Iterator[Line]:
        for number, row in enumerate(delimited.sheet(self.member).rows, start=-self.place):
            if number < 1:
                continue
            self.met = number
            wrong = row.broken or (
                "more fields than the header has" if len(row.cells) > len(self.header) else ""
            )
            if not wrong and not any(cell.strip() for cell in row.cells):
                wrong = "an empty row"
            if wrong:
                self.batches.doubt("warning", number, wrong, raw="" if self.withhold else row.raw)
            else:
                yield Line(number, dict(zip(self.header, row.cells, strict=False)), row.raw, self.batches)

    def tally(self) -> Tally:
        """The count of the rows met."""
        return Tally({"": self.met} if self.met else {})


@dataclass(frozen=True)
class Line:
    """One row: its place below the header, its fields by header, its text."""

    number: int
    fields: Mapping[str, str]
    raw: str
    batches: Batches = field(repr=False)

    def text(self, *names: str) -> str | None:
        """The first field that is filled of several headers."""
        return next((text for name in names if (text := self.fields.get(header_key(name), "").strip())), None)

    def cents(self, *names: str) -> int | None:
        """An amount in hundredths."""
        text = self.text(*names)
        found = cents(text) if text else None
        if text and found is None:
            self.remark(names[0], "is no amount", text)
        return found

    def moment(
        self, name: str, options: Options, zone_name: str = "", order: DateOrder = "dmy"
    ) -> Moment | None:
        """A time; local to `zone_name`, or else to the zone told at take-in, where it has no offset."""
        text = self.text(name)
        found = parse_moment(text, zone(zone_name or options.timezone), order) if text else None
        if text and (found is None or found.remark):
            self.remark(name, found.remark if found else "is no date and time", text)
        return found

    def email(self, *names: str) -> str | None:
        """An e-mail address, normalised."""
        text = self.text(*names)
        found = email.normalise(text)
        if text and found is None:
            self.remark(names[0], "is no e-mail address", text)
        return found.normalised if found else None

    def numbers(self, country: str, *names: str) -> tuple[list[int], list[str]]:
        """Telephone numbers of several fields, as E.164 digits and as written."""
        written = list(dict.fromkeys(text for name in names if (text := self.text(name))))
        # Spreadsheets are kept from mangling numbers by an apostrophe before them.
        found = [one.number for text in written for one in phone.parse_all(text.lstrip("'"), country)]
        if written and not found:
            self.remark(names[0], "is no telephone number", written[0])
        return list(dict.fromkeys(found)), written

    def remark(self, column: str, reason: str, raw: str) -> None:
        """A doubt about one value; the row is kept."""
        self.batches.doubt("remark", self.number, reason, column=column, raw=raw)


Keep = Callable[[Line], None]
"""Puts what a row becomes into its batches."""


def cents(text: str) -> int | None:
    """An amount with a decimal point or comma, thousands separated by the other, a space or an apostrophe."""
    match = _AMOUNT.fullmatch(text.translate(_SPACES))
    if match is None:
        return None
    whole = re.sub(r"[.,]", "", match["whole"])
    hundredths = int(whole + (match["fraction"] or "").ljust(2, "0"))
    return -hundredths if match["sign"] in ("-", "−") else hundredths


def _header(
    rows: Sequence[Sequence[str]], wanted: tuple[tuple[str, ...], ...]
) -> tuple[int, list[str]] | None:
    """Place of the header row and its keys, or None."""
    for place, cells in enumerate(rows):
        keys = [header_key(cell[:200].lstrip("\ufeff")) for cell in cells]
        if all(any(header_key(name) in keys for name in names) for names in wanted):
            return place, keys
    return None
