"""The records of handsets while they were inside."""

from __future__ import annotations

from importlib.resources import files

import duckdb
import pyarrow as pa


def find_records_inside(connection: duckdb.DuckDBPyConnection, handsets: pa.Table, inside: pa.Table) -> None:
    """Join them once: they are few beside all records, and several questions are asked of them.

    Leaves the tables `handsets`, `inside` and `records_inside` on the connection; another call replaces them.

    Args:
        connection: with the canonical views.
        handsets: columns imei14, handset (int64): which IMEIs are one handset.
        inside: columns handset (int64), prison, from_us, to_us.
    """
    connection.register("handsets", handsets)
    connection.register("inside", inside)
    sql = files("parloir.contacts").joinpath("sql/records_inside.sql").read_text(encoding="utf-8")
    connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE records_inside AS {sql}")
