"""The canonical tables of some evidence as one DuckDB database of views."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.tables import TABLES
from parloir.tables.schema import Table
from parloir.tables.walls import Wall

_SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.list_(pa.string()): "VARCHAR[]",
    pa.int64(): "BIGINT",
    pa.list_(pa.int64()): "BIGINT[]",
    pa.int16(): "SMALLINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
}


@dataclass(frozen=True)
class Store:
    """Folders that hold `<table>.parquet` files, one folder an evidence item.

    Attributes:
        folders: in a fixed order, so that the same evidence reads the same.
        lifted: SHA-256 of sealed files that the protected register hides nothing of.
        beside: further folders, of which only the protected registers hold.
    """

    folders: tuple[Path, ...]
    lifted: frozenset[str] = frozenset()
    beside: tuple[Path, ...] = ()

    @classmethod
    def of(cls, folders: Iterable[Path], lifted: Iterable[str] = (), beside: Iterable[Path] = ()) -> Store:
        """The folders in a fixed order."""
        return cls(tuple(sorted(folders)), frozenset(lifted), tuple(sorted(beside)))

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one table."""
        return _files(self.folders, table)

    @property
    def wall(self) -> Wall:
        """What the protected registers among the folders hide."""
        registers = _files((*self.folders, *self.beside), "protected")
        return Wall(tuple(dict.fromkeys(registers)), self.lifted)

    def connect(self, *, threads: int | None = None, memory: str | None = None) -> duckdb.DuckDBPyConnection:
        """A database in memory with a view for every canonical table, empty where there is no evidence.

        No view shows what a protected register hides. What exceeds its memory goes to a folder of its own
        among the temporary ones of the system, which is gone when it is closed.

        Args:
            threads: DuckDB's worker threads; all cores when None.
            memory: DuckDB's memory limit, as "4GB".
        """
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_progress_bar = false")  # progress is told by whoever shows it
        folder = str(Path(gettempdir()) / f"parloir-{uuid4().hex}").replace("'", "''")
        connection.execute(f"SET temp_directory = '{folder}'")  # made only when it is needed
        if threads is not None:
            connection.execute(f"SET threads = {int(threads)}")
        if memory is not None:
            connection.execute(f"SET memory_limit = '{memory}'")
        self.wall.build(connection)
        for name in TABLES:
            connection.execute(f'CREATE VIEW "{name}" AS {self.selection(name, self.files(name))}')
        return connection

    def selection(self, table: str, files: Sequence[Path]) -> str:
        """SQL for the rows of some of a table's files, none behind the wall; on a connection of `connect`."""
        rows, hidden = _selection(TABLES[table], files), self.wall.hidden(TABLES[table])
        return f"SELECT * FROM ({rows}) WHERE NOT {hidden}" if hidden else rows

    def walled(self) -> dict[str, int]:
        """How many rows the protected registers hide, by table; tables without any left out."""
        return self._counted(self.wall.hidden)

    def walled_by_name(self) -> dict[str, int]:
        """The same of the rows that nothing but the name speaks for."""
        return self._counted(self.wall.by_name)

    def namesakes(self) -> dict[str, int]:
        """How many rows with a protected person's name are shown, since another fact tells them apart."""
        return self._counted(self.wall.namesakes)

    def _counted(self, condition: Callable[[Table], str]) -> dict[str, int]:
        """Rows around the wall for which the condition holds, by table; tables without any left out."""
        counts = {}
        with duckdb.connect() as connection:
            self.wall.build(connection)
            for table in TABLES.values():
                wanted, files = condition(table), self.files(table.name)
                if wanted and files:
                    rows = f"SELECT count(*) FROM ({_selection(table, files)}) WHERE {wanted}"
                    counts[table.name] = int(connection.execute(rows).fetchall()[0][0])
        return {name: count for name, count in counts.items() if count}


def _files(folders: Iterable[Path], table: str) -> list[Path]:
    return [path for folder in folders if (path := folder / f"{table}.parquet").exists()]


def _selection(table: Table, files: Sequence[Path]) -> str:
    """SQL for all rows of a table; files of an older version lack columns, which read as null."""
    empty = ", ".join(f'NULL::{_SQL_TYPES[c.type]} AS "{c.name}"' for c in table.columns)
    if not files:
        return f"SELECT {empty} WHERE false"
    names = ", ".join(f'"{c.name}"' for c in table.columns)
    quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    whole = f"SELECT * FROM read_parquet([{quoted}], union_by_name = true)"
    wanted = set(table.schema.names)
    if all(wanted <= set(pq.read_schema(path).names) for path in files):
        return f"SELECT {names} FROM ({whole})"
    return f"SELECT {names} FROM (SELECT {empty} WHERE false UNION ALL BY NAME {whole})"
