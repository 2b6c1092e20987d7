"""Prison by prison, the numbers by which the people of its inmates are known."""

from __future__ import annotations

from importlib.resources import files

import duckdb
import pyarrow as pa

from parloir.contacts.known_numbers import known_numbers


def people_there(connection: duckdb.DuckDBPyConnection, links: pa.Table) -> pa.Table:
    """Numbers of the people of every inmate who had a stay in a prison; links count from one half.

    Args:
        connection: with the canonical views.
        links: as of `known_numbers`.

    Returns:
        prison, inmate, number (int64); sorted.
    """
    connection.register("known", known_numbers(connection, links))
    sql = files("parloir.contacts").joinpath("sql/people_there.sql").read_text(encoding="utf-8")
    found = connection.execute(sql).to_arrow_table()
    connection.unregister("known")
    return found
