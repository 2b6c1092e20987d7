"""Where a value came from: sealed file → member → table → row."""

from __future__ import annotations

from dataclasses import dataclass

from parloir.errors import InputError

COLUMNS = ("evidence", "member", "source_table", "source_row")
"""The four columns that every canonical table carries for each row."""


@dataclass(frozen=True, slots=True, order=True)
class Locator:
    """One row of one sealed file.

    Attributes:
        evidence: SHA-256 of the sealed file, 64 hexadecimal digits.
        member: the file inside an archive, empty when the sealed file is the file itself.
        table: table of a dump, sheet of a workbook, element of a document; empty where there is none.
        row: counted from 1 within `table`, in the order of the file.
    """

    evidence: str
    member: str
    table: str
    row: int

    def __str__(self) -> str:
        """`evidence!member!table#row`, which `parse` reads back."""
        return f"{self.evidence}!{self.member}!{self.table}#{self.row}"

    @classmethod
    def parse(cls, text: str) -> Locator:
        """Read what `str()` wrote.

        Raises:
            InputError: the text is not a locator.
        """
        place, _, row = text.rpartition("#")
        parts = place.split("!")
        if len(parts) < 3 or not row.isdigit():
            raise InputError(
                f"“{text[:80]}” is not a locator",
                do="write evidence!member!table#row as the findings print it",
            )
        return cls(parts[0], "!".join(parts[1:-1]), parts[-1], int(row))
