"""Cuts a dump into its rows, in one pass and in bounded memory.

Only statements that matter are looked into: CREATE TABLE for the order of columns, INSERT and REPLACE for
rows, SET NAMES for the character set, USE for the database. All else is passed over by a pattern that knows
strings and comments. A value is not looked at here: that is done for wanted tables only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from parloir.errors import DamagedFileError
from parloir.readers.sql import grammar
from parloir.readers.sql.names import Structure, column_names, structure, unquoted
from parloir.readers.sql.window import Window

LONGEST_STRUCTURE = 1 << 22
MOST_TABLES = 100_000
_FIRST_VIEW, _LARGEST_VIEW = 1 << 12, 1 << 18
_DELIMITER_AGAIN = re.compile(rb"^[ \t]*DELIMITER[ \t]+;", re.M | re.I)
DO = "ask for a whole copy of the dump"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table that stand one after the other.

    Attributes:
        table: name as in the dump, with its database where the dump names it.
        listed: the columns that the statement names, in lower case; empty where it names none.
        rows: octets of each row, brackets and what separates it from the next included.
        plain: whether all are of numbers, NULL and single-quoted strings alone.
    """

    table: str
    listed: tuple[str, ...]
    rows: list[bytes]
    plain: bool


@dataclass
class Cutter:
    """One pass over a dump.

    Attributes:
        structures: of the tables whose CREATE TABLE was met, by name.
        charset: the character set that the dump says it is written in; empty until it does.
    """

    stream: BinaryIO
    where: str
    structures: dict[str, Structure] = field(default_factory=dict)
    charset: str = ""

    def __post_init__(self) -> None:
        self._window = Window(self.stream, self.where)
        self._database = ""
        self._last = b""

    def cut(self) -> Iterator[Rows]:
        """All rows of all tables, in the order of the file.

        Raises:
            DamagedFileError: the dump breaks off, has a row without end or tables without number.
        """
        window = self._window
        window.ahead()
        signed = re.search(rb"^-- (?:MySQL|MariaDB) dump", window.data[:4096], re.M) is not None
        while self._to_statement():
            if match := window.match(grammar.INSERT):
                yield from self._insert(match)
            elif match := window.match(grammar.INSERT_OTHERWISE):
                yield Rows(self._name(match), (), [match[0]], False)
                self._pass(f"inside {self._name(match)}")
            else:
                self._other()
        if signed and b"-- Dump completed" not in self._last:
            raise self._broken("before the last line that its tool writes")

    def _to_statement(self) -> bool:
        """Go to the next statement; False at the end of the file."""
        window = self._window
        while True:
            window.ahead()
            match = window.match(grammar.GAP)
            end = match.end() if match else window.at
            if end > window.at:
                self._last = (self._last + window.data[window.at : end])[-256:]
                window.at = end
            elif window.held or window.ended:
                return window.held > 0

    def _other(self) -> None:
        window = self._window
        if match := window.match(grammar.DELIMITER):
            window.at = match.end()
            if match["mark"] != b";":
                self._pass_programs()
            return
        if match := window.match(grammar.CREATE):
            self._create(match)
            return
        if match := window.match(grammar.USE):
            self._database = unquoted(match["table"])
        elif match := window.match(grammar.NAMES):
            charset = match["charset"].decode()
            self.charset = "utf8mb4" if window.transcode(charset) else charset.lower()
        self._pass("inside a statement")

    def _create(self, head: re.Match[bytes]) -> None:
        window = self._window
        name, start = self._name(head), head.end() - window.at
        while True:
            match = window.match(grammar.SKIPPED)
            end = match.end() if match else window.at
            if window.data[end : end + 1] == b";" or window.held > LONGEST_STRUCTURE or not window.more():
                break
        body = window.data[window.at + start : end]
        if len(body) <= LONGEST_STRUCTURE:
            self.structures[name] = structure(body)
            self.bound(len(self.structures))
        self._pass(f"inside the structure of {name}")

    def _insert(self, head: re.Match[bytes]) -> Iterator[Rows]:
        window = self._window
        name = self._name(head)
        listed = column_names(head["columns"]) if head["columns"] else ()
        window.at = head.end()
        view = _FIRST_VIEW
        while self._to_row(name):
            if window.held < view:
                window.ahead(view)
            rows = grammar.PLAIN_ROWS.findall(window.data, window.at, window.at + view)
            if not grammar.PLAIN_ROW.fullmatch(rows[-1]):
                rows.pop()
            plain = bool(rows)
            if not plain:
                rows, plain = self._one_row(name)
            else:
                view = min(view * 2, _LARGEST_VIEW)
            window.at += sum(map(len, rows))
            yield Rows(name, listed, rows, plain)

    def _to_row(self, name: str) -> bool:
        """Go to the next row of a statement; False behind its end."""
        window = self._window
        while True:
            ended = window.ended
            match = window.match(grammar.AFTER_ROW)
            window.at = match.end() if match else window.at
            follows = window.data[window.at : window.at + 1]
            if follows == b";":
                window.at += 1
                return False
            if follows and (ended or follows not in b"-#/"):
                break
            if ended:
                raise self._broken(f"inside {name}")
            window.more()
        tail = window.match(grammar.TAIL)
        if tail:
            self._pass(f"inside {name}")
        return tail is None

    def _one_row(self, name: str) -> tuple[list[bytes], bool]:
        """The next row, whatever its size and values, or the text that stands where a row should."""
        window = self._window
        while True:
            if match := grammar.PLAIN_ROW.match(window.data, window.at):
                return [match[0]], True
            if match := grammar.ROW.match(window.data, window.at):
                return [match[0]], False
            if (match := grammar.NO_ROW.match(window.data, window.at)) and match.end() > window.at:
                return [match[0]], False
            if not window.more():
                raise self._broken(f"inside a row of {name}")

    def _pass(self, place: str) -> None:
        if not self._window.pass_statement():
            raise self._broken(place)

    def _pass_programs(self) -> None:
        window = self._window
        while not (match := _DELIMITER_AGAIN.search(window.data, window.at)):
            window.at = max(window.at, len(window.data) - 64)
            if not window.more():
                raise self._broken("inside stored programs")
        window.at = match.end()

    def bound(self, tables: int) -> None:
        """Refuse a dump of more tables than any database has.

        Raises:
            DamagedFileError: it names so many.
        """
        if tables > MOST_TABLES:
            raise DamagedFileError(
                f"names more than {MOST_TABLES:,} tables", where=self.where, do="check what the file is"
            )

    def _name(self, match: re.Match[bytes]) -> str:
        database = unquoted(match["database"]) if match["database"] else self._database
        table = unquoted(match["table"])
        return f"{database}.{table}" if database else table

    def _broken(self, place: str) -> DamagedFileError:
        return DamagedFileError(f"breaks off {place}", where=self.where, do=DO)
