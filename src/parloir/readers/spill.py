"""Batches laid aside until the rows that complete them were met, in unnamed temporary files.

A dump names a customer's country before the country, a visit before the browser's owner. Unnamed files are
gone when the process ends, however it ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.ipc

# One thread: each keeps memory of its own.
_WRITE: Any = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_READ: Any = pa.ipc.IpcReadOptions(use_threads=False)


class Spill:
    """Batches of several tables, each read back in the order in which it was written."""

    def __init__(self) -> None:
        self._files: dict[str, Any] = {}
        self._writers: dict[str, pa.ipc.RecordBatchStreamWriter] = {}

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def write(self, name: str, rows: pa.Table) -> None:
        """Lay rows aside; all of one name have one schema."""
        if name not in self._files:
            self._files[name] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the spill
            self._writers[name] = pa.ipc.new_stream(self._files[name], rows.schema, options=_WRITE)
        self._writers[name].write_table(rows)

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """The rows of a name, none where there are none. Nothing is written to it afterwards."""
        if name not in self._files:
            return
        if name in self._writers:
            self._writers.pop(name).close()
        self._files[name].seek(0)
        with pa.ipc.open_stream(self._files[name], options=_READ) as reader:
            yield from reader

    def rewrite(self, name: str, change: Callable[[pa.RecordBatch], pa.RecordBatch]) -> None:
        """Put changed batches in the place of those laid aside; all of them get one schema."""
        if name not in self._files:
            return
        for batch in self.batches(name):
            self.write(f"{name} rewritten", pa.Table.from_batches([change(batch)]))
        self._files.pop(name).close()
        self._files[name] = self._files.pop(f"{name} rewritten")
        self._writers[name] = self._writers.pop(f"{name} rewritten")

    def table(self, name: str, columns: Sequence[str]) -> pa.Table:
        """Some columns of all rows, all of text; empty where there are no rows."""
        found = [batch.select(list(columns)) for batch in self.batches(name)]
        if found:
            return pa.Table.from_batches(found)
        return pa.table({column: pa.array([], pa.string()) for column in columns})
