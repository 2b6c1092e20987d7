"""Entity-attribute rows (an order's `_billing_phone` is a row of its own) brought beside their entities.

They are kept in a private temporary SQLite database, on disk and nameless, so that millions of them need no
memory and nothing is left of them when the process ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from parloir.readers.columnar import Array

_ASKED = 500
"""Entities looked up at once; SQLite takes 999 parameters at least."""


class Attributes:
    """Attributes by store (`post`, `user`, …) and entity. Of two with one key the first counts."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE attribute (store TEXT, entity INTEGER, key TEXT, value TEXT, number INTEGER);"
        )
        self._indexed = False

    def __enter__(self) -> Attributes:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def write(self, store: str, columns: Sequence[Array]) -> None:
        """Keep attributes: entities, keys, values and row numbers, each a column."""
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        self._database.executemany(
            "INSERT INTO attribute VALUES (?, ?, ?, ?, ?)", ((store, *row) for row in rows)
        )

    def beside(
        self, store: str, batch: pa.RecordBatch, entities: Array, keys: Sequence[str]
    ) -> pa.RecordBatch:
        """The batch with a column of text for each key."""
        places: dict[int, list[int]] = {}
        for index, entity in enumerate(entities.to_pylist()):
            if entity is not None:
                places.setdefault(entity, []).append(index)
        found: dict[str, list[str | None]] = {key: [None] * batch.num_rows for key in keys}
        for entity, key, value in self._of(store, list(places)):
            column = found.get(key, [])
            for index in places[entity] if column else ():
                column[index] = value if column[index] is None else column[index]
        for key, values in found.items():
            batch = batch.append_column(key, pa.array(values, pa.string()))
        return batch

    def each(self, store: str) -> Iterator[tuple[int, str, str, int]]:
        """Entity, key, value and row number of every attribute of a store, in the order of their rows."""
        self._index()
        yield from self._database.execute(
            "SELECT entity, key, value, number FROM attribute WHERE store = ? ORDER BY number", (store,)
        )

    def of(self, store: str, entity: int) -> dict[str, str]:
        """The attributes of one entity."""
        found: dict[str, str] = {}
        for _, key, value in self._of(store, [entity]):
            found.setdefault(key, value)
        return found

    def _of(self, store: str, entities: list[int]) -> Iterator[Any]:
        self._index()
        for start in range(0, len(entities), _ASKED):
            asked = entities[start : start + _ASKED]
            marks = ",".join("?" * len(asked))
            yield from self._database.execute(
                "SELECT entity, key, value FROM attribute "
                f"WHERE store = ? AND entity IN ({marks}) ORDER BY number",
                (store, *asked),
            )

    def _index(self) -> None:
        if not self._indexed:
            self._database.execute("CREATE INDEX by_entity ON attribute (store, entity)")
            self._indexed = True
