"""The level of each comparison for each pair, computed by DuckDB one comparison at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.identities.levels import Comparison
from parloir.identities.name_comparisons import SWAP_TEST

Levels = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int32]
MISSING_LEVEL = -1
_LIKENESS = re.compile(r"jaro_winkler_similarity\((?:[^()]|\([^()]*\))*\)")
_COLUMN = re.compile(r"\b([a-z_0-9]+)_([lr])\b")


def compare(
    connection: duckdb.DuckDBPyConnection,
    ends: tuple[Integers, Integers],
    comparisons: Sequence[Comparison],
    names: bool,
) -> Levels:
    """Levels of all pairs, shape (pairs, comparisons); 0 is the strongest, -1 says nothing.

    Args:
        connection: holds `records`.
        ends: record numbers of each pair, left and right; each pair once.
        comparisons: what to compare.
        names: whether given and family names are there, and may be swapped.
    """
    swap = f"CASE WHEN {SWAP_TEST} THEN '1' ELSE '0' END" if names else "'0'"
    pairs = np.arange(len(ends[0]), dtype=np.int32)
    connection.register("ends", pa.table({"pair": pairs, "l": ends[0], "r": ends[1]}))
    connection.execute(f"CREATE TABLE keyed AS SELECT p.pair, p.l, p.r, {swap} AS match_key FROM {_JOINED}")
    connection.unregister("ends")
    levels = np.empty((len(pairs), len(comparisons)), np.int8)
    for k, comparison in enumerate(comparisons):
        # A row for each pair with only what this comparison reads: wide rows cost more than several passes.
        found: Any = connection.execute(_query(comparison)).fetchnumpy()
        levels[found["pair"], k] = found["level"]
    connection.execute("DROP TABLE keyed")
    return levels


def said(connection: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Without a comparison of generations that no pair could say anything of: few files have any."""
    row = connection.execute("""
        SELECT count(generation) > 1 AND (min(side) = max(side) OR
            count(DISTINCT side) = count(DISTINCT CASE WHEN generation IS NOT NULL THEN side END))
        FROM records""").fetchone()
    told = bool(row and row[0])
    return tuple(one for one in comparisons if told or one.role != "generation")


_JOINED = "ends p JOIN records l ON l.record = p.l JOIN records r ON r.record = p.r"


def _query(comparison: Comparison) -> str:
    """SQL of the level of each pair in `keyed`.

    A likeness that several levels ask for is worked out once, where the strongest does not hold already.
    """
    first, *others = [
        f"WHEN {level.when} THEN {rank}" if level.when else f"ELSE {rank}"
        for rank, level in enumerate(comparison.levels)
    ]
    rest = " ".join(others)
    asked = _LIKENESS.findall(rest)
    likenesses = sorted({one for one in asked if asked.count(one) > 1})
    shared = ""
    for place, likeness in enumerate(likenesses):
        rest = rest.replace(likeness, f"likeness_{place}")
        shared += f", CASE WHEN {comparison.levels[0].when} THEN 1 ELSE {likeness} END AS likeness_{place}"
    level = f"CASE WHEN {comparison.missing} THEN {MISSING_LEVEL} {first} {rest} END"
    read = sorted({f"{side}.{name} AS {name}_{side}" for name, side in _COLUMN.findall(f"{level} {shared}")})
    return f"""
        SELECT pair, ({level})::TINYINT AS level FROM (
            SELECT *{shared} FROM (
                SELECT p.pair, p.match_key, {", ".join(read)} FROM {_JOINED.replace("ends", "keyed")}))"""
