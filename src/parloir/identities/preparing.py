"""Two files, or one, brought into one database in one form."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from parloir.identities import ages
from parloir.identities.comparisons import KNOWN, text
from parloir.identities.levels import Comparison
from parloir.identities.link_input import LinkInput
from parloir.identities.name_columns import vocabulary
from parloir.identities.parents import PARENTS, parent
from parloir.identities.records import Reading, Shape, records, text_columns
from parloir.identities.roles import Profile
from parloir.identities.translating import translate

AT_ONCE = 50_000
"""Rows that are brought into form at a time: their texts stand in memory as objects."""


@dataclass(frozen=True)
class Prepared:
    """Two files in one form, inside the database.

    Attributes:
        connection: holds `records`, left first and numbered from 0.
        comparisons: what both can be compared on.
        sizes: records left and right; right is 0 for one file against itself.
    """

    connection: duckdb.DuckDBPyConnection
    comparisons: tuple[Comparison, ...]
    sizes: tuple[int, int]

    def columns(self, names: Iterable[str]) -> pa.Table:
        """Some columns of the records, in their order."""
        wanted = ", ".join(sorted(names))
        return self.connection.execute(f"SELECT {wanted} FROM records ORDER BY record").to_arrow_table()

    @property
    def names(self) -> bool:
        """Whether there are names, which may stand in each other's place."""
        return any(comparison.role == "name_order" for comparison in self.comparisons)

    @property
    def all_pairs(self) -> int:
        """Pairs that could be compared."""
        left, right = self.sizes
        return left * right if right else left * (left - 1) // 2

    @property
    def smaller(self) -> int:
        """Records of the smaller file."""
        left, right = self.sizes
        return min(left, right) if right else left


@contextmanager
def database(memory: str, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that spills to a folder of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="parloir-link-") as folder:
        connection = duckdb.connect(config={"memory_limit": memory, "temp_directory": folder})
        # On a terminal a bar would stand among the results.
        connection.execute("SET enable_progress_bar = false")
        if threads:
            connection.execute(f"SET threads = {int(threads)}")
        try:
            yield connection
        finally:
            connection.close()


def prepare(
    connection: duckdb.DuckDBPyConnection,
    inputs: Sequence[LinkInput],
    profiles: Sequence[Profile],
    common: Shape,
) -> Prepared:
    """Put the records of one or two files into the table `records`."""
    sizes = (inputs[0].table.num_rows, inputs[1].table.num_rows if len(inputs) > 1 else 0)
    made = _formed(inputs, profiles, common)
    first = next(made)
    rest = (batch for table in made for batch in table.cast(first.schema).to_batches())
    connection.register(
        "given", pa.RecordBatchReader.from_batches(first.schema, chain(first.to_batches(), rest))
    )
    threads = connection.execute("SELECT current_setting('threads')").fetchone()
    # In one stream and one thread: slices inserted one by one are packed again and again, and threads wait.
    connection.execute("SET threads = 1; CREATE TABLE records AS SELECT * FROM given")
    connection.execute(f"SET threads = {threads[0] if threads else 1}")
    connection.unregister("given")
    known = [KNOWN[name] for name in common.known]
    if "age" in common.known and sizes[1]:
        connection.execute(f"UPDATE records SET age = age - ({ages.shift(connection)}) WHERE side = 1")
    words = [name for name, (role, _) in common.texts.items() if role not in PARENTS]
    words += ["street"] if "address" in common.known else []
    if words and sizes[1]:
        translate(connection, words, sum(sizes))
    texts = [
        parent(role) if role in PARENTS else text(name, role, title)
        for name, (role, title) in common.texts.items()
    ]
    return Prepared(connection, (*known, *texts), sizes)


def _formed(inputs: Sequence[LinkInput], profiles: Sequence[Profile], common: Shape) -> Iterator[pa.Table]:
    """The records in one form, some at a time, numbered from 0 over both sides."""
    words = vocabulary([(one.table, profile) for one, profile in zip(inputs, profiles, strict=True)])
    number = 0
    for side, (one, profile) in enumerate(zip(inputs, profiles, strict=True)):
        reading = Reading.of(one.table, profile, one.country, words)
        for begin in range(0, one.table.num_rows, AT_ONCE):
            rows = one.table.slice(begin, AT_ONCE)
            made = records(rows, profile, text_columns(common, profile), reading)
            numbers: Any = pa.array(np.arange(number, number + rows.num_rows, dtype=np.int32))
            sides: Any = pa.array(np.full(rows.num_rows, side, np.int8))
            yield made.append_column("record", numbers).append_column("side", sides)
            number += rows.num_rows
