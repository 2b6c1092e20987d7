"""The records of handsets while they were inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import duckdb
import pyarrow as pa

_LEFT = (
    "DROP TABLE records_inside; DROP TYPE inside_prison; DROP TYPE inside_origin; DROP TYPE inside_network"
)


@contextmanager
def records_inside(
    connection: duckdb.DuckDBPyConnection, handsets: pa.Table, inside: pa.Table
) -> Iterator[None]:
    """Join them once: they are few beside all records, and several questions are asked of them.

    While the context lasts the tables `handsets`, `inside` and `records_inside` are on the connection;
    afterwards `handsets` and `inside` are.

    Args:
        connection: with the canonical views.
        handsets: columns imei14, handset (int64): which IMEIs are one handset.
        inside: columns handset (int64), prison, from_us, to_us.
    """
    connection.register("handsets", handsets)
    connection.register("inside", inside)
    connection.execute(_sql("inside_types"))
    connection.execute(f"CREATE TEMPORARY TABLE records_inside AS {_sql('records_inside')}")
    try:
        yield
    finally:
        connection.execute(_LEFT)


def _sql(name: str) -> str:
    return files("parloir.contacts").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
