"""Rows and doubts gathered one by one, handed on as batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from parloir.readers.reader import Doubts, Part, Rows
from parloir.tables import TABLES, WARNINGS
from parloir.vault.member import Member

SIZE = 8192
"""Rows of one batch."""
LONGEST_RAW = 1000
"""Characters of a doubtful text that are kept."""

Severity = Literal["warning", "remark"]


class Batches:
    """Gathers the rows of one source table.

    Args:
        member: the file that is read.
        source_table: table, sheet or element; empty where there is none.
    """

    def __init__(self, member: Member, source_table: str = "") -> None:
        self._place = {"evidence": member.evidence, "member": member.name, "source_table": source_table}
        self._rows: dict[tuple[str, bool], list[dict[str, Any]]] = {}
        self._doubts: list[dict[str, Any]] = []

    def row(self, table: str, number: int, values: Mapping[str, Any], *, primary: bool = True) -> None:
        """Keep one row of a canonical table that stands for source row `number`."""
        located = {**values, **self._place, "source_row": number}
        self._rows.setdefault((table, primary), []).append(located)

    def doubt(self, severity: Severity, number: int, reason: str, *, column: str = "", raw: str = "") -> None:
        """Keep one row of `warnings` about source row `number`."""
        said = {"severity": severity, "reason": reason, "column": column or None, "raw": raw[:LONGEST_RAW]}
        self._doubts.append({**said, **self._place, "source_row": number})

    def ready(self) -> Iterator[Part]:
        """The batches that are full."""
        for (table, primary), rows in self._rows.items():
            if len(rows) >= SIZE:
                yield Rows(table, TABLES[table].batch(rows), primary)
                rows.clear()
        if len(self._doubts) >= SIZE:
            yield self._doubted()

    def rest(self) -> Iterator[Part]:
        """What is left, full or not."""
        for (table, primary), rows in self._rows.items():
            if rows:
                yield Rows(table, TABLES[table].batch(rows), primary)
        self._rows.clear()
        if self._doubts:
            yield self._doubted()

    def _doubted(self) -> Doubts:
        batch = WARNINGS.batch(self._doubts)
        self._doubts.clear()
        return Doubts(batch)
