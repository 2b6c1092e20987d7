"""What the case's requests have asked for already, and the gaps they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

Spans = tuple[tuple[int, int], ...]
DAY_US = 86_400_000_000
"""Gaps shorter than a day are not asked for again."""


@dataclass(frozen=True)
class Asked:
    """Periods asked for, by radio cell, by handset, and whole networks by operator."""

    radio_cells: dict[int, list[tuple[int, int]]]
    imeis: dict[int, list[tuple[int, int]]]
    operators: dict[str, list[tuple[int, int]]]

    def cell_gaps(self, radio_cell: int, operator: str, period: tuple[int, int]) -> Spans:
        """Parts of the period for which this radio cell was not asked for."""
        spans = [*self.radio_cells.get(radio_cell, ()), *self.operators.get(operator, ())]
        return gaps(period, spans)

    def handset_gaps(self, imei14: int, period: tuple[int, int]) -> Spans:
        """Parts of the period for which the full records of this handset were not asked for."""
        return gaps(period, self.imeis.get(imei14, ()))


def asked(connection: duckdb.DuckDBPyConnection) -> Asked:
    """Read the requests of the case; a request without a period asked for nothing that is known."""
    found = Asked(defaultdict(list), defaultdict(list), defaultdict(list))
    rows = connection.execute(
        "SELECT kind, operator, radio_cells, imeis, from_us, to_us FROM requests"
        " WHERE from_us IS NOT NULL AND to_us IS NOT NULL"
    ).fetchall()
    for kind, operator, radio_cells, imeis, start, end in rows:
        if kind == "handsets":
            for imei14 in imeis or ():
                found.imeis[imei14].append((start, end))
        elif kind == "wide_area" and not radio_cells:
            found.operators[operator or ""].append((start, end))
        else:
            for cell in radio_cells or ():
                found.radio_cells[cell].append((start, end))
    return found


def gaps(period: tuple[int, int], spans: Iterable[tuple[int, int]]) -> Spans:
    """The period without the spans, in order; pieces of less than a day are left out."""
    start, end = period
    left: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if first > start:
            left.append((start, min(first, end)))
        start = max(start, last)
    left.append((start, end))
    return tuple((a, b) for a, b in left if b - a >= DAY_US)
