"""A file in memory as a member, and the account every reader keeps: rows in = primary rows + warnings."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from parloir.provenance import COLUMNS, Locator
from parloir.readers.reader import Doubts, Options, Reader, Rows, Tally
from parloir.tables import TABLES


@dataclass(frozen=True)
class MemoryMember:
    """Octets as a sealed file."""

    octets: bytes
    file_name: str = "evidence.csv"
    name: str = ""

    @property
    def evidence(self) -> str:
        return hashlib.sha256(self.octets).hexdigest()

    def open(self) -> BinaryIO:
        return io.BytesIO(self.octets)

    def head(self, size: int = 65536) -> bytes:
        return self.octets[:size]

    def locator(self, table: str, row: int) -> Locator:
        return Locator(self.evidence, self.name, table, row)


@dataclass
class Account:
    """What a reader made of a file."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    doubts: list[dict[str, Any]] = field(default_factory=list)
    rows_in: Counter[str] = field(default_factory=Counter)
    unread: dict[str, int] = field(default_factory=dict)

    def of(self, severity: str) -> list[dict[str, Any]]:
        return [doubt for doubt in self.doubts if doubt["severity"] == severity]

    def one(self, table: str) -> dict[str, Any]:
        (row,) = self.rows[table]
        return row


def account(reader: Reader, octets: bytes, options: Options | None = None) -> Account:
    """Read octets to their end and check the account.

    Schemas are canonical, locators name the file, each source row has one primary row or one warning.
    """
    member = MemoryMember(octets)
    told, primary = Account(), Counter[tuple[str, int]]()
    for part in reader.read(member, options or Options()):
        match part:
            case Rows(table, batch, is_primary):
                assert table in reader.tables
                assert batch.schema.equals(TABLES[table].schema), table
                rows = batch.to_pylist()
                assert all(
                    row["evidence"] == member.evidence and row["member"] == member.name for row in rows
                )
                told.rows.setdefault(table, []).extend(rows)
                if is_primary:
                    primary.update((row["source_table"], row["source_row"]) for row in rows)
            case Doubts(batch):
                assert batch.schema.equals(TABLES["warnings"].schema)
                told.doubts.extend(batch.to_pylist())
            case Tally(rows_in, unread):
                told.rows_in.update(rows_in)
                told.unread.update(unread)
    primary.update((doubt["source_table"], doubt["source_row"]) for doubt in told.of("warning"))
    assert primary.total() == told.rows_in.total(), "rows in = primary rows + warnings"
    assert not primary or max(primary.values()) == 1, "a source row stands twice"
    assert all(count == 1 for count in primary.values())
    for table in {table for table, _ in primary}:
        assert sum(1 for place in primary if place[0] == table) == told.rows_in[table]
    return told


def values(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its locator and its nulls."""
    return {name: value for name, value in row.items() if name not in COLUMNS and value is not None}
