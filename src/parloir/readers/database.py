"""What readers of shop databases share: telling a dump by its tables, laying rows aside, counting them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.errors import ParloirError
from parloir.readers.batches import Batches, Severity
from parloir.readers.columnar import canonical
from parloir.readers.reader import Part, Rows, Tally
from parloir.readers.sourced import Sourced
from parloir.readers.spill import Spill
from parloir.readers.sql import Dump, Wrong, charsets
from parloir.readers.sql.cutter import MOST_TABLES
from parloir.readers.sql.grammar import DUMP_HEAD
from parloir.tables import TABLES
from parloir.vault.member import Member

pc: Any = pyarrow.compute

_TABLE = re.compile(
    rb"(?:CREATE TABLE (?:IF NOT EXISTS )?|INSERT (?:IGNORE )?INTO )(?:`\w+`\.)?[`\"]?([\w$]+)", re.I
)
_CHUNK = 1 << 20
_OVERLAP = 256
WITHHELD = "(withheld: a row that cannot be cut into columns may show a password or a card number)"


def table_names(member: Member) -> Iterator[str]:
    """The tables of a dump in its order, each once; none where the file is no dump. Never raises."""
    head = member.head()
    decoder = charsets.unicode_decoder(head)
    if not DUMP_HEAD.search(decoder.decode(head).encode() if decoder else head):
        return
    decoder = charsets.unicode_decoder(head)
    seen: set[bytes] = set()
    try:
        with member.open() as stream:
            kept = b""
            while chunk := stream.read(_CHUNK):
                data = kept + (decoder.decode(chunk).encode() if decoder else chunk)
                for match in _names(data):
                    if match not in seen and len(seen) < MOST_TABLES:
                        seen.add(match)
                        yield match.decode("ascii")
                kept = data[-_OVERLAP:]
    except ParloirError:
        return  # whoever reads the file is told


def mentions(member: Member, word: bytes) -> bool:
    """Whether a word stands anywhere in a dump. Never raises."""
    decoder = charsets.unicode_decoder(member.head())
    try:
        with member.open() as stream:
            kept = b""
            while chunk := stream.read(_CHUNK):
                data = kept + (decoder.decode(chunk).encode() if decoder else chunk)
                if word in data:
                    return True
                kept = data[-_OVERLAP:]
    except ParloirError:
        pass  # whoever reads the file is told
    return False


def _names(data: bytes) -> Iterator[bytes]:
    """Names after each place where a statement may begin; `find` is much faster than the pattern."""
    for start in (b"CREATE TABLE", b"INSERT INTO", b"INSERT IGNORE INTO"):
        at = data.find(start)
        while at >= 0:
            if match := _TABLE.match(data, at):
                yield match[1]
            at = data.find(start, at + len(start))


Mapped = Mapping[str, Any]


Choice = Callable[[pa.RecordBatch], Any]
"""Which rows of a batch, as a mask."""


@dataclass
class Database:
    """The wanted rows of a dump, laid aside by table, and the count of all.

    Attributes:
        member: the dump.
        spill: where rows wait.
        wanted: the columns to decode of a table by its name, or None.
        door: what is done to rows of a table (with their `source_row`) before they are kept anywhere.
        rows: rows met, by table.
    """

    member: Member
    spill: Spill
    wanted: Callable[[str], Sequence[str] | None]
    door: Callable[[str, pa.Table], pa.Table]
    rows: Counter[str] = field(default_factory=Counter)
    _primary: Counter[str] = field(default_factory=Counter)

    def lay_aside(self) -> None:
        """Read the dump to its end.

        Raises:
            DamagedFileError: it cannot be read to its end.
        """
        with self.member.open() as stream:
            dump = Dump(stream, self.member.file_name, self.wanted, self.rows)
            for block in dump.blocks():
                kept = self.door(block.table, block.columns.append_column("source_row", block.numbers))
                if kept.num_rows:
                    self.spill.write(block.table, kept)
                if block.wrong:
                    self.spill.write(_wrong(block.table), _as_table(block.wrong))
        pa.default_memory_pool().release_unused()

    def primary(
        self, table: str, to: str, read: Callable[[Sourced], Mapped], only: Choice | None = None
    ) -> Iterator[Part]:
        """Rows of a source table, each one row of the canonical table `to`.

        Args:
            table: name in the dump.
            to: name of the canonical table.
            read: columns of a batch of rows as canonical columns.
            only: the rows concerned; the table's other rows are counted as joined, unless they are primary
                elsewhere. Without it every row that was met is counted as primary.
        """
        if only is None:
            self._primary[table] += self.rows[table] - self._set_aside(table)
        for rows in self._batches(table, only):
            if only is not None:
                self._primary[table] += len(rows)
            yield from self._made(table, to, read, rows, primary=True)

    def derived(
        self, table: str, to: str, read: Callable[[Sourced], Mapped], only: Choice | None = None
    ) -> Iterator[Part]:
        """Further rows of a canonical table out of rows that have their primary row elsewhere."""
        for rows in self._batches(table, only):
            yield from self._made(table, to, read, rows, primary=False)

    def rest(self, tables: Sequence[str]) -> Iterator[Part]:
        """The rows that were set aside of the tables that were read, then the tally."""
        rows_in: dict[str, int] = {}
        joined: dict[str, int] = {}
        for table in dict.fromkeys(tables):
            yield from self._doubts(table)
            rows_in[table] = self._primary[table] + self._set_aside(table)
            joined[table] = self.rows[table] - rows_in[table]
        unread = {table: count for table, count in sorted(self.rows.items()) if table not in rows_in}
        yield Tally(_counted(rows_in), unread, _counted(joined))

    def _batches(self, table: str, only: Choice | None) -> Iterator[Sourced]:
        for batch in self.spill.batches(table):
            chosen = batch.filter(only(batch)) if only else batch
            if chosen.num_rows:
                yield Sourced(chosen.column("source_row"), chosen)

    def _made(
        self, table: str, to: str, read: Callable[[Sourced], Mapped], rows: Sourced, *, primary: bool
    ) -> Iterator[Part]:
        columns = read(rows)
        yield Rows(to, canonical(TABLES[to], self.member, table, rows.numbers, columns), primary)
        doubts = Batches(self.member, table)
        for remark in dict.fromkeys(rows.remarks):
            doubts.doubt("remark", remark.number, remark.reason, column=remark.column, raw=remark.raw)
        yield from doubts.rest()

    def _set_aside(self, table: str) -> int:
        return sum(pc.sum(batch.column("set_aside")).as_py() for batch in self.spill.batches(_wrong(table)))

    def _doubts(self, table: str) -> Iterator[Part]:
        doubts = Batches(self.member, table)
        for batch in self.spill.batches(_wrong(table)):
            for wrong in batch.to_pylist():
                severity: Severity = "warning" if wrong["set_aside"] else "remark"
                doubts.doubt(
                    severity, wrong["place"], wrong["reason"], column=wrong["column"], raw=wrong["raw"]
                )
            yield from doubts.ready()
        yield from doubts.rest()


def prefixes(
    rows: Mapping[str, int], split: Callable[[str], tuple[str, str] | None], own: set[str]
) -> list[str]:
    """Prefixes under which there are two of these tables or more; where none has as many, those with one."""
    found: Counter[str] = Counter()
    for table in rows:
        known = split(table)
        if known and known[1] in own:
            found[known[0]] += 1
    enough = min(2, max(found.values(), default=0))
    return sorted(prefix for prefix, count in found.items() if count >= enough)


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if count}


def _wrong(table: str) -> str:
    return f"{table} wrong"


def _as_table(wrong: Sequence[Wrong]) -> pa.Table:
    """Doubts as rows. What a whole row held is not kept: it may hold a password."""
    rows = [{**asdict(w), "raw": WITHHELD if w.set_aside else w.raw} for w in wrong]
    return pa.Table.from_pylist(rows, schema=_WRONG)


_FIELDS: Any = [
    ("place", pa.int64()),
    ("set_aside", pa.bool_()),
    ("reason", pa.string()),
    ("column", pa.string()),
    ("raw", pa.string()),
]
_WRONG = pa.schema(_FIELDS)
