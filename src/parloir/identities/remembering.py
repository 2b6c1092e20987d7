"""Pairs compared in an earlier run are not compared again.

The level of a comparison follows from the two records and the comparison alone, never from the other records;
so it is kept under a digest of both records, and what is kept gives the same as comparing anew. Learning and
weighing, which depend on all records, are done in every run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from parloir.identities.comparing import Integers, Levels, compare
from parloir.identities.levels import Comparison
from parloir.identities.name_comparisons import SWAP_TEST
from parloir.tables.files import write_table

Keys = npt.NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
"""Tells left from right in the digest of a pair; 2^64 divided by the golden ratio."""


@dataclass(frozen=True)
class Memory:
    """A folder of compared pairs.

    Attributes:
        folder: where they are kept.
        name: of the files that are linked; each name remembers its last run.
        counts: filled with `compared` and `known` pairs, by name.
    """

    folder: Path
    name: str = "files"
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    def of(self, name: str) -> Memory:
        """The same folder for other files."""
        return replace(self, name=name)

    def compare(
        self,
        connection: duckdb.DuckDBPyConnection,
        ends: tuple[Integers, Integers],
        comparisons: Sequence[Comparison],
        names: bool,
    ) -> Levels:
        """As `comparing.compare`, from what is kept as far as it goes; keeps what this run compared."""
        keys = _keys(connection, ends)
        path = self.folder / f"{self.name}-{_signature(connection, comparisons)}.parquet"
        levels, known = _recalled(path, keys, len(comparisons))
        new = np.flatnonzero(~known)
        levels[new] = compare(connection, (ends[0][new], ends[1][new]), comparisons, names)
        self.counts[self.name] = len(new), int(known.sum())
        if len(new) or not path.exists():
            self._keep(path, keys, levels)
        return levels

    def _keep(self, path: Path, keys: Keys, levels: Levels) -> None:
        """Instead of what earlier runs kept for these files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        keys, first = np.unique(keys, return_index=True)
        columns = {f"level_{k}": levels[first, k] for k in range(levels.shape[1])}
        write_table(path, pa.table({"pair": keys, **columns}))
        for other in self.folder.glob(f"{self.name}-*.parquet"):
            if other != path:
                other.unlink(missing_ok=True)


def _keys(connection: duckdb.DuckDBPyConnection, ends: tuple[Integers, Integers]) -> Keys:
    """A digest of both records of each pair: of all that is compared, and of nothing else."""
    columns = connection.execute("SELECT name FROM pragma_table_info('records') ORDER BY name").fetchall()
    told = ", ".join(name for (name,) in columns if name not in ("record", "side"))
    query = f"SELECT hash(row({told})) AS digest FROM records ORDER BY record"
    found: Any = connection.execute(query).fetchnumpy()
    digests = np.asarray(found["digest"], np.uint64)
    keys: Keys = digests[ends[0]] * _ODD ^ digests[ends[1]]
    return keys


def _signature(connection: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison]) -> str:
    """Of what is compared, how, and by which database: another one's hashes may differ."""
    version = connection.execute("SELECT version()").fetchone()
    told = repr((version, SWAP_TEST, [(c.name, c.missing, [x.when for x in c.levels]) for c in comparisons]))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _recalled(path: Path, keys: Keys, comparisons: int) -> tuple[Levels, npt.NDArray[np.bool_]]:
    """Levels of the pairs that are kept, and which these are."""
    levels = np.zeros((len(keys), comparisons), np.int8)
    if not path.exists():
        return levels, np.zeros(len(keys), bool)
    kept = pq.read_table(path)
    there = kept["pair"].to_numpy()
    place = np.minimum(np.searchsorted(there, keys), max(len(there) - 1, 0))
    known = there[place] == keys if len(there) else np.zeros(len(keys), bool)
    for k in range(comparisons):
        levels[known, k] = kept[f"level_{k}"].to_numpy()[place[known]]
    return levels, known
