"""What readers of shop databases share: telling a dump by its tables, laying rows aside, counting them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from parloir.errors import ParloirError
from parloir.readers.batches import Batches, Severity
from parloir.readers.columnar import canonical
from parloir.readers.reader import Part, Rows, Tally
from parloir.readers.sourced import Sourced
from parloir.readers.spill import Spill
from parloir.readers.sql import Dump, Wrong
from parloir.readers.sql.grammar import DUMP_HEAD
from parloir.tables import TABLES
from parloir.vault.member import Member

_TABLE = re.compile(
    rb"(?:CREATE TABLE (?:IF NOT EXISTS )?|INSERT (?:IGNORE )?INTO )(?:`\w+`\.)?[`\"]?([\w$]+)", re.I
)
_CHUNK = 1 << 20
_OVERLAP = 256
LACKS_END = "the dump lacks the last line that its tool writes: it may have been cut short between two tables"
WITHHELD = "(withheld: a row that cannot be cut into columns may show a password or a card number)"


def table_names(member: Member) -> Iterator[str]:
    """The tables of a dump in its order, each once; none where the file is no dump. Never raises."""
    if not DUMP_HEAD.search(member.head()):
        return
    seen: set[bytes] = set()
    try:
        with member.open() as stream:
            kept = b""
            while chunk := stream.read(_CHUNK):
                data = kept + chunk
                for match in _names(data):
                    if match not in seen:
                        seen.add(match)
                        yield match.decode("ascii")
                kept = data[-_OVERLAP:]
    except ParloirError:
        return  # whoever reads the file is told


def _names(data: bytes) -> Iterator[bytes]:
    """Names after each place where a statement may begin; `find` is much faster than the pattern."""
    for start in (b"CREATE TABLE", b"INSERT INTO", b"INSERT IGNORE INTO"):
        at = data.find(start)
        while at >= 0:
            if match := _TABLE.match(data, at):
                yield match[1]
            at = data.find(start, at + len(start))


Mapped = Mapping[str, Any]


@dataclass
class Database:
    """The wanted rows of a dump, laid aside by table, and the count of all.

    Attributes:
        member: the dump.
        spill: where rows wait.
        wanted: the columns to decode of a table by its name, or None.
        door: what is done to the columns of a table before they are kept anywhere.
    """

    member: Member
    spill: Spill
    wanted: Callable[[str], Sequence[str] | None]
    door: Callable[[str, pa.Table], pa.Table]
    rows: Counter[str] = field(default_factory=Counter)
    _primary: dict[str, int] = field(default_factory=dict)
    _complete: bool = True

    def lay_aside(self) -> None:
        """Read the dump to its end.

        Raises:
            DamagedFileError: it cannot be read to its end.
        """
        with self.member.open() as stream:
            dump = Dump(stream, self.member.file_name, self.wanted, self.rows)
            for block in dump.blocks():
                if len(block.numbers):
                    kept = self.door(block.table, block.columns)
                    self.spill.write(block.table, kept.append_column("source_row", block.numbers))
                if block.wrong:
                    self.spill.write(_wrong(block.table), _as_table(block.wrong))
            self._complete = dump.complete

    def mapped(self, table: str, canonical_table: str, read: Callable[[Sourced], Mapped]) -> Iterator[Part]:
        """The rows of one source table as primary rows of a canonical one, and the doubts about them."""
        self._primary[table] = self.rows[table]
        yield from self.derived(table, canonical_table, read, primary=True)
        yield from self._set_aside(table)

    def derived(
        self,
        table: str,
        canonical_table: str,
        read: Callable[[Sourced], Mapped],
        *,
        primary: bool = False,
        only: Callable[[pa.RecordBatch], Any] | None = None,
    ) -> Iterator[Part]:
        """Rows of a canonical table out of some rows of a source table."""
        doubts = Batches(self.member, table)
        for batch in self.spill.batches(table):
            chosen = batch.filter(only(batch)) if only else batch
            if not chosen.num_rows:
                continue
            rows = Sourced(chosen.column("source_row"), chosen)
            made = canonical(TABLES[canonical_table], self.member, table, rows.numbers, read(rows))
            yield Rows(canonical_table, made, primary)
            for remark in rows.remarks:
                doubts.doubt("remark", remark.number, remark.reason, column=remark.column, raw=remark.raw)
            yield from doubts.ready()
        yield from doubts.rest()

    def joined(self, tables: Sequence[str]) -> Iterator[Part]:
        """The rows set aside of tables whose rows only complete those of others, then the tally."""
        joined: dict[str, int] = {}
        for table in tables:
            if not self.rows[table]:
                continue
            aside = sum(batch.num_rows for batch in self._aside(table))
            joined[table] = self.rows[table] - aside
            if aside:
                self._primary[table] = aside
            yield from self._set_aside(table)
        if not self._complete:
            doubts = Batches(self.member)
            doubts.doubt("remark", 0, LACKS_END)
            yield from doubts.rest()
        unread = {t: n for t, n in sorted(self.rows.items()) if t not in self._primary and t not in joined}
        yield Tally({t: n for t, n in self._primary.items() if n}, unread, joined)

    def _aside(self, table: str) -> Iterator[pa.RecordBatch]:
        for batch in self.spill.batches(_wrong(table)):
            yield batch.filter(batch.column("set_aside"))

    def _set_aside(self, table: str) -> Iterator[Part]:
        doubts = Batches(self.member, table)
        for batch in self.spill.batches(_wrong(table)):
            for wrong in batch.to_pylist():
                severity: Severity = "warning" if wrong["set_aside"] else "remark"
                doubts.doubt(
                    severity, wrong["place"], wrong["reason"], column=wrong["column"], raw=wrong["raw"]
                )
            yield from doubts.ready()
        yield from doubts.rest()


def _wrong(table: str) -> str:
    return f"{table} wrong"


def _as_table(wrong: Sequence[Wrong]) -> pa.Table:
    """Doubts as rows. What a whole row held is not kept: it may hold a password."""
    return pa.Table.from_pylist([{**asdict(w), "raw": WITHHELD if w.set_aside else w.raw} for w in wrong])
