"""The numbers by which an inmate's own people are known."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc


def known_numbers(
    connection: duckdb.DuckDBPyConnection, links: pa.Table, met: pa.Table | None = None
) -> pa.Table:
    """Numbers from approved contacts, legal calls, visitors, and the shop records linked to visitors.

    Args:
        connection: with the canonical views.
        links: columns left, right (person keys) and probability: pairs that may be one person.
        met: column number: those whose rows will be named; none where it is left out.

    Returns:
        inmate, number (int64), probability (1 where a register says so, else that of the link), locator of
        one row, null of numbers that are not met; sorted.
    """
    register_links(connection, links)
    nothing = pa.table({"number": pa.array([], pa.int64())})
    connection.register("met_numbers", nothing if met is None else met.select(["number"]))
    sql = files("parloir.contacts").joinpath("sql/known_numbers.sql").read_text(encoding="utf-8")
    found = connection.execute(sql).to_arrow_table()
    connection.unregister("met_numbers")
    return found


def register_links(connection: duckdb.DuckDBPyConnection, links: pa.Table) -> None:
    """Leave the relation `links` (left_key, right_key, probability) on the connection, every pair both ways.

    Args:
        connection: any.
        links: columns left, right (person keys) and probability: pairs that may be one person.
    """
    both = pa.table(
        {
            "left_key": pa.concat_arrays(_chunks(links["left"]) + _chunks(links["right"])),
            "right_key": pa.concat_arrays(_chunks(links["right"]) + _chunks(links["left"])),
            "probability": pa.concat_arrays(2 * _chunks(pc.cast(links["probability"], pa.float64()))),
        }
    )
    connection.register("links", both)


def _chunks(column: pa.ChunkedArray[Any]) -> list[pa.Array[Any]]:
    """The column as a list of one array, so that an empty one keeps its type."""
    return [column.combine_chunks()]
