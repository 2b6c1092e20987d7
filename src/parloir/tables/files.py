"""Parquet files that are either whole or absent: staged, fsynced, renamed.

A crash leaves at most a folder under `.staging`, which the next start sweeps.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

STAGING = ".staging"
COMPRESSION: Final = "zstd"
GROUP: Final = 1 << 16
"""Rows of a row group, at least; twice as many cost 20 MB of memory and gain nothing."""


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class StagedTables:
    """Streams batches into one Parquet file a table, in a folder that nobody reads until `commit`.

    Args:
        root: the folder of all tables of a workspace; the staging folder is made below it.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / STAGING / f"{os.getpid()}-{uuid.uuid4().hex}"
        self.folder.mkdir(parents=True)
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self.rows: dict[str, int] = {}

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Append a batch; the first batch of a table fixes its schema."""
        waiting = self._waiting.setdefault(table, [])
        waiting.append(batch)
        self.rows[table] = self.rows.get(table, 0) + batch.num_rows
        if sum(one.num_rows for one in waiting) >= GROUP:
            self._write(table)

    def _write(self, table: str) -> None:
        """One row group of all that waits."""
        waiting = self._waiting.pop(table)
        writer = self._writers.get(table)
        if writer is None:
            path, schema = self.folder / f"{table}.parquet", waiting[0].schema
            writer = self._writers[table] = pq.ParquetWriter(
                path, schema, compression=COMPRESSION, use_dictionary=_repeating(schema)
            )
        writer.write_table(pa.Table.from_batches(waiting))

    def finish(self) -> None:
        """Close the files and force them to the disk; nothing can be added afterwards."""
        for table in [*self._waiting]:
            self._write(table)
        self._close()
        for path in sorted(self.folder.iterdir()):
            sync(path)
        sync(self.folder)

    def commit(self, target: Path) -> None:
        """Finish, and rename the folder to `target`, which must not exist."""
        self.finish()
        target.parent.mkdir(parents=True, exist_ok=True)
        self.folder.rename(target)
        sync(target.parent)

    def discard(self) -> None:
        """Throw the staged files away; nothing happens after a commit."""
        self._waiting.clear()
        self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _close(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def __enter__(self) -> StagedTables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def _repeating(schema: pa.Schema) -> Any:
    """Columns whose values repeat: a list, which the published types do not know of.

    A dictionary of times or numbers only costs time and room.
    """
    return [field.name for field in schema if field.type != pa.int64() or "radio_cell" in field.name]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` that takes its place, fsynced, when the block ends well."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_table(path: Path, table: pa.Table, group: int | None = None) -> None:
    """Write one Parquet file whole or not at all; the same table gives the same bytes.

    Args:
        path: the file.
        table: its rows.
        group: rows of a row group: small ones where single rows are looked up.
    """
    with replacing(path) as temporary:
        pq.write_table(table, temporary, row_group_size=group, compression=COMPRESSION)
