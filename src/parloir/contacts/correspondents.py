"""The distinct numbers that a handset was in touch with while it was inside."""

from __future__ import annotations

from importlib.resources import files

import duckdb
import pyarrow as pa


def correspondents(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Correspondents from network records and from the contents of seized handsets, calls and texts together.

    A number that is both called and texted, or called and stored, is one correspondent: these kinds depend on
    each other and count once.

    Args:
        connection: with the canonical views, in the context of `records_inside`.

    Returns:
        handset, prison, number (int64), events, days, first_us, last_us, locator of one row; sorted.
    """
    sql = files("parloir.contacts").joinpath("sql/correspondents.sql").read_text(encoding="utf-8")
    return connection.execute(sql).to_arrow_table()
