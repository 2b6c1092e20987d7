"""Every error that Parloir raises on purpose.

    ParloirError
    ├── EvidenceError            a file that cannot be taken in or read
    │   ├── UnknownFormatError   no reader recognises it
    │   ├── DamagedFileError     recognised, then broken: truncated, not what it says, a zip bomb
    │   └── TamperedError        the sealed bytes are not the bytes that were sealed
    ├── CustodyError             a chain of custody that does not hold
    ├── LawfulnessError          no authority, out of its dates, not permitted
    ├── RecordsError             the records database: missing, not migrated, no such case
    ├── InputError               something the user typed or configured
    └── MissingEvidenceError     a run lacks what it would weigh

Each keeps its fields, builds its message from them, and ends with what to do. The command line prints the
message and nothing else; a traceback is a defect.
"""

from __future__ import annotations


class ParloirError(Exception):
    """Base of all: `what` happened, `where`, and what to `do` about it, in one sentence.

    Attributes:
        what: the fact, without a full stop.
        where: file, member, row or name that it concerns; may be empty.
        do: the next step for a person; may be empty.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        place = f"{where}: " if where else ""
        advice = f"; {do}" if do else ""
        super().__init__(_one_line(f"{place}{what}{advice}."))


def _one_line(text: str) -> str:
    """Names in evidence are hostile: no line breaks, no control characters of terminals."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


class EvidenceError(ParloirError):
    """A file that cannot be taken in or read."""

    exit_code = 3


class UnknownFormatError(EvidenceError):
    """No reader recognises the file."""


class DamagedFileError(EvidenceError):
    """The file is of a known format but cannot be read to its end."""


class TamperedError(EvidenceError):
    """The bytes in the vault are not the bytes that were sealed."""

    exit_code = 5


class CustodyError(ParloirError):
    """A chain of custody that does not hold."""

    exit_code = 5


class LawfulnessError(ParloirError):
    """No authority, outside its dates or scope, or not permitted to this person."""

    exit_code = 4


class RecordsError(ParloirError):
    """The records database is missing, not migrated, or holds no such thing."""


class InputError(ParloirError):
    """Something typed or configured that cannot be used."""

    exit_code = 2


class MissingEvidenceError(ParloirError):
    """A run lacks the evidence that it would weigh."""
