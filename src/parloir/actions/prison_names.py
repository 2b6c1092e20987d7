"""What prisons are called."""

from __future__ import annotations

import duckdb

from parloir.records.words import readable


def names_of_prisons(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Names by prison, of those that a register names."""
    rows = connection.execute("SELECT prison, max(name) FROM prisons WHERE name IS NOT NULL GROUP BY prison")
    return {prison: readable(name) for prison, name in rows.fetchall()}
