"""Keys that records share: of each record by a rule, the groups of one key, and the pairs that these make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]
LARGEST_KEY = 4_000
"""Pairs that one key may give before its records meet only their neighbours."""
NEIGHBOURS = 4
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Keys:
    """The parts that keys are made of, each read from the records once.

    Attributes:
        connection: holds `records`, left first and numbered from 0.
        parts: name → SQL over a record.
    """

    connection: duckdb.DuckDBPyConnection
    parts: Mapping[str, str]
    _read: dict[str, tuple[Integers | None, Codes]] = field(default_factory=dict)

    def of(self, rule: Sequence[str]) -> tuple[Integers, Codes]:
        """Records and their keys by a rule; none where a part is null."""
        several = [part for part in rule if "unnest" in self.parts[part]]
        if len(several) > 1:
            text = " || '|' || ".join(f"({self.parts[part]})" for part in rule)
            return self._several(text)
        rows = next((found for part in rule if (found := self._part(part)[0]) is not None), None)
        keys: Any = np.uint64(0)
        said: Any = True
        for part in rule:
            own, codes = self._part(part)
            here = codes if own is not None or rows is None else codes[rows]
            keys, said = keys * _ODD + here, said & (here != 0)
        everyone = rows if rows is not None else np.arange(len(keys), dtype=np.int32)
        return everyone[said], keys[said]

    def _part(self, part: str) -> tuple[Integers | None, Codes]:
        if part not in self._read:
            sql = self.parts[part]
            self._read[part] = self._several(sql) if "unnest" in sql else (None, self._one(sql))
        return self._read[part]

    def _one(self, sql: str) -> Codes:
        """A hash for each record in their order, 0 where null."""
        query = f"SELECT CASE WHEN v IS NULL THEN 0 ELSE hash(v) END AS code FROM (SELECT record, {sql} AS v "
        found: Any = self.connection.execute(query + "FROM records) ORDER BY record").fetchnumpy()
        return np.asarray(found["code"], np.uint64)

    def _several(self, sql: str) -> tuple[Integers, Codes]:
        found: Any = self.connection.execute(f"""
            SELECT record, hash(v) AS code FROM (SELECT record, {sql} AS v FROM records)
            WHERE v IS NOT NULL""").fetchnumpy()
        return np.asarray(found["record"], np.int32), np.asarray(found["code"], np.uint64)


@dataclass(frozen=True)
class Groups:
    """Records that share a key, group after group.

    Attributes:
        records: of all groups.
        group: of each record there, from 0.
        pairs: that each group gives; of those that are crowded, all that it could.
        left: records left; with one file None.
    """

    records: Integers
    group: Integers
    pairs: Counts
    left: int | None

    @classmethod
    def of(cls, records: Integers, keys: Codes, left: int | None) -> Groups:
        """Group records by their keys; those that make no pair are left out."""
        order = np.argsort(keys)
        keys, records = keys[order], records[order]
        new = np.ones(len(keys), bool)
        new[1:] = keys[1:] != keys[:-1]
        starts = np.flatnonzero(new)
        sizes = np.diff(starts, append=len(keys))
        if left is None:
            pairs = sizes * (sizes - 1) // 2
        else:
            lefts = np.add.reduceat(records < left, starts, dtype=np.int64) if len(keys) else sizes
            pairs = lefts * (sizes - lefts)
        some = pairs > 0
        kept = np.repeat(some, sizes)
        return cls(
            records[kept], np.repeat(np.arange(some.sum(), dtype=np.int32), sizes[some]), pairs[some], left
        )

    @property
    def crowded(self) -> npt.NDArray[np.bool_]:
        """Which records stand in groups that are too large."""
        large: npt.NDArray[np.bool_] = (self.pairs > LARGEST_KEY)[self.group]
        return large

    @property
    def count(self) -> int:
        """Pairs that the groups bring together, large ones their neighbours only."""
        return int(self.pairs[self.pairs <= LARGEST_KEY].sum()) + NEIGHBOURS * int(self.crowded.sum())

    def small(self) -> tuple[Integers, Integers]:
        """All pairs within small groups."""
        few = ~self.crowded
        records, group = self.records[few], self.group[few]
        if self.left is None:
            sizes = np.bincount(group, minlength=len(self.pairs))
            ends = np.cumsum(sizes)[group]
            return _each_with(records, np.arange(len(records)) + 1, ends, records)
        on_left = records < self.left
        sizes = np.bincount(group[~on_left], minlength=len(self.pairs))
        ends = np.cumsum(sizes)
        here = group[on_left]
        return _each_with(records[on_left], (ends - sizes)[here], ends[here], records[~on_left])

    def neighbours(self, place: Integers) -> tuple[Integers, Integers]:
        """Each record of the large groups with those next to it."""
        many = self.crowded
        records, group = self.records[many], self.group[many]
        order = np.lexsort((place[records], group))
        records, group = records[order], group[order]
        one, other = [], []
        for step in range(1, NEIGHBOURS + 1):
            near = group[step:] == group[:-step]
            if self.left is not None:
                near &= (records[step:] < self.left) != (records[:-step] < self.left)
            one.append(records[:-step][near])
            other.append(records[step:][near])
        return np.concatenate(one), np.concatenate(other)


def _each_with(
    records: Integers, begins: Counts, ends: Counts, others: Integers
) -> tuple[Integers, Integers]:
    """Each record with the others from a place to another."""
    counts = ends - begins
    before = np.repeat(np.cumsum(counts) - counts, counts)
    which = np.arange(len(before)) - before + np.repeat(begins, counts)
    return np.repeat(records, counts), others[which]


def placed(connection: duckdb.DuckDBPyConnection, crowd: Integers) -> Integers:
    """The place of some records in the order of all their fields; 0 for all others."""
    columns = connection.execute("SELECT name FROM pragma_table_info('records') ORDER BY name").fetchall()
    order = ", ".join(name for (name,) in columns if name not in ("side", "record"))
    connection.register("crowd", pa.table({"record": crowd}))
    found: Any = connection.execute(f"""
        SELECT record FROM records WHERE record IN (SELECT record FROM crowd)
        ORDER BY {order}, record""").fetchnumpy()
    connection.unregister("crowd")
    rows = connection.execute("SELECT count(*) FROM records").fetchone()
    place = np.zeros(rows[0] if rows else 0, np.int32)
    place[found["record"]] = np.arange(len(crowd), dtype=np.int32)
    return place
