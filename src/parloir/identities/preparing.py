"""Two files, or one, brought into one database in one form."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from parloir.identities.comparisons import KNOWN, text
from parloir.identities.levels import Comparison
from parloir.identities.link_input import LinkInput
from parloir.identities.name_columns import vocabulary
from parloir.identities.records import Shape, records, text_columns
from parloir.identities.roles import Profile


@dataclass(frozen=True)
class Prepared:
    """Two files in one form, inside the database.

    Attributes:
        connection: holds `records`, left first and numbered from 0.
        records: the same records.
        comparisons: what both can be compared on.
        sizes: records left and right; right is 0 for one file against itself.
    """

    connection: duckdb.DuckDBPyConnection
    records: pa.Table
    comparisons: tuple[Comparison, ...]
    sizes: tuple[int, int]

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
    words = vocabulary((one.table, profile) for one, profile in zip(inputs, profiles, strict=True))
    tables = [
        records(one.table, profile, text_columns(common, profile), one.country, words)
        for one, profile in zip(inputs, profiles, strict=True)
    ]
    both = pa.concat_tables(tables).combine_chunks()
    sizes = (inputs[0].table.num_rows, inputs[1].table.num_rows if len(inputs) > 1 else 0)
    numbers = pa.array(np.arange(sum(sizes), dtype=np.int32))
    sides = pa.array(np.repeat([0, 1], sizes).astype(np.int8))
    both = both.append_column("side", sides)
    connection.register("given", both.append_column("record", numbers))
    # `match_key` is here because Splink asks every record for each column that a condition names.
    connection.execute("CREATE TABLE records AS SELECT *, '' AS match_key FROM given ORDER BY record")
    connection.unregister("given")
    known = [KNOWN[name] for name in common.known]
    texts = [text(name, role, title) for name, (role, title) in common.texts.items()]
    return Prepared(connection, both, (*known, *texts), sizes)
