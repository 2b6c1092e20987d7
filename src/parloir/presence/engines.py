"""Where the aggregates are computed: DuckDB in this process, or Apache Spark.

The queries are files in `presence/sql`, written in what both engines read alike; the whole dialect shim is
`for_duckdb`. Results are integers: both engines agree to the last row.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import duckdb
import pyarrow as pa

from parloir.presence.spark import spark_engine

EMBEDDED = ("", "duckdb")
"""Values of PARLOIR_ENGINE for DuckDB in this process."""
MEMORY = "1GB"
"""DuckDB holds no more of the aggregates' queries; what is beyond goes to its temporary folder."""
UNPACKED = "uncompressed"
_SQL = files("parloir.presence") / "sql"


def query(name: str, values: Mapping[str, int] | None = None, records: str = "network_records") -> str:
    """The text of a query, its integers filled in, and the table or query that it reads records from."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8").replace("{records}", records)
    for key, value in (values or {}).items():
        text = text.replace(f"{{{key}}}", str(int(value)))
    return text


class Engine(Protocol):
    """What the aggregates need of an engine; `network_records` is there from the start."""

    def put(self, name: str, table: pa.Table) -> None:
        """Make a small table known to later queries."""
        ...

    def keep(self, name: str, text: str, by: str = "") -> None:
        """Compute a query once and make its rows known to later queries, on disk rather than in memory.

        Rows of one value of the column `by` lie together: a query for these reads no others.
        """
        ...

    def fetch(self, text: str) -> pa.Table:
        """Rows of a query."""
        ...


class DuckDBEngine:
    """DuckDB on a connection whose views are the canonical tables.

    Args:
        connection: as `parloir.tables.store.Store.connect` makes it.
        folder: for rows kept between queries.
        compression: of their Parquet files; none pays for rows that are read once or twice.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, compression: str = UNPACKED
    ) -> None:
        self._connection, self._folder, self._compression = connection, folder, compression

    def put(self, name: str, table: pa.Table) -> None:
        """See `Engine.put`."""
        self._connection.register("handed_over", table)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM handed_over")
        self._connection.unregister("handed_over")

    def keep(self, name: str, text: str, by: str = "") -> None:
        """See `Engine.keep`."""
        path = str(self._folder / f"{name}.parquet").replace("'", "''")
        how = f"FORMAT parquet, COMPRESSION {self._compression}" + (f", PARTITION_BY ({by})" if by else "")
        if self._compression == UNPACKED:
            how += ", DICTIONARY_SIZE_LIMIT 1"  # to look for repeated values costs more than to write them
        self._connection.execute(f"COPY ({for_duckdb(text)}) TO '{path}' ({how})")
        files = f"'{path}/*/*.parquet', hive_types = {{'{by}': BIGINT}}" if by else f"'{path}'"
        empty = by and not any((self._folder / f"{name}.parquet").glob("*/*.parquet"))
        rows = for_duckdb(text) if empty else f"SELECT * FROM read_parquet({files})"
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {rows}")

    def fetch(self, text: str) -> pa.Table:
        """See `Engine.fetch`."""
        return self._connection.execute(for_duckdb(text)).to_arrow_table()


def for_duckdb(text: str) -> str:
    """A query as DuckDB reads it: it spells integer division `//`."""
    return text.replace(" div ", " // ")


@contextmanager
def engine_of(connection: duckdb.DuckDBPyConnection, engine: Engine | None) -> Iterator[Engine]:
    """The engine given; else, by the setting PARLOIR_ENGINE, Spark, or DuckDB on the connection.

    Spark reads files: for it the connection's network records are written out once. A caller that has the
    files opens `spark.spark_engine` on them and hands it over.
    """
    url = os.environ.get("PARLOIR_ENGINE", "")
    if engine is not None:
        yield engine
    elif url in EMBEDDED:
        with duckdb_engine(connection) as own:
            yield own
    else:
        with TemporaryDirectory(prefix="parloir-") as folder:
            path = Path(folder) / "network_records.parquet"
            connection.table("network_records").write_parquet(str(path))
            with spark_engine(url, [path]) as spark:
                yield spark


@contextmanager
def duckdb_engine(connection: duckdb.DuckDBPyConnection) -> Iterator[DuckDBEngine]:
    """A DuckDB engine whose kept rows are gone at the end of the block.

    Meanwhile the connection holds `MEMORY` at most and keeps no order of rows.
    """
    before = {name: _setting(connection, name) for name in ("memory_limit", "preserve_insertion_order")}
    less = "SELECT parse_formatted_bytes(?) > parse_formatted_bytes(?)"
    if connection.execute(less, [before["memory_limit"], MEMORY]).fetchall()[0][0]:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET preserve_insertion_order = false")
    try:
        with TemporaryDirectory(prefix="parloir-") as folder:
            yield DuckDBEngine(connection, Path(folder))
    finally:
        for name, value in before.items():
            connection.execute(f"SET {name} = '{value}'")


def _setting(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    return str(connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0])
