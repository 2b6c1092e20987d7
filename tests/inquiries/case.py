"""A small case as canonical tables in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from parloir.tables import TABLES
from parloir.tables.store import Store

Rows = Iterable[Mapping[str, Any]]


def tables(**given: Rows) -> duckdb.DuckDBPyConnection:
    """A database with every canonical view; a row's locator is its number in the table."""
    connection = Store.of([]).connect()
    for name, rows in given.items():
        located = [
            {"evidence": "e" * 64, "member": "", "source_table": name, "source_row": n, **row}
            for n, row in enumerate(rows, 1)
        ]
        connection.execute(f'DROP VIEW "{name}"')
        connection.register(name, pa.Table.from_batches([TABLES[name].batch(located)]))
    return connection
