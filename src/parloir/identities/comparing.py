"""The level of each comparison for each pair, computed by Splink on DuckDB."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator

from parloir.identities.comparisons import SWAP_TEST
from parloir.identities.levels import Comparison

Levels = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int32]
MISSING_LEVEL = -1
AT_ONCE = 400_000
"""Pairs that are compared at a time: the values of all of them stand in memory side by side."""


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
    levels = np.zeros((len(ends[0]), len(comparisons)), np.int8)
    for begin in range(0, len(levels), AT_ONCE):
        here = slice(begin, begin + AT_ONCE)
        levels[here] = _compared(connection, (ends[0][here], ends[1][here]), comparisons, names)
    return levels


def _compared(
    connection: duckdb.DuckDBPyConnection,
    ends: tuple[Integers, Integers],
    comparisons: Sequence[Comparison],
    names: bool,
) -> Levels:
    swap = f"CASE WHEN {SWAP_TEST} THEN '1' ELSE '0' END" if names else "'0'"
    connection.register("ends", pa.table({"l": ends[0], "r": ends[1]}))
    connection.execute(f"""
        CREATE OR REPLACE TABLE keyed AS
        SELECT p.l AS join_key_l, p.r AS join_key_r, {swap} AS match_key
        FROM ends p JOIN records l ON l.record = p.l JOIN records r ON r.record = p.r""")
    connection.unregister("ends")
    with _quiet():
        engine = DuckDBAPI(connection=connection)
        records = engine.register("records")
        linker = Linker(records, _settings(comparisons), log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(engine.register("keyed"))
        scored = linker.inference.predict(warning_mode="never").physical_name
    columns = ", ".join(f"mw_{c.name}::TINYINT AS {c.name}" for c in comparisons)
    found: Any = connection.execute(f"SELECT record_l, record_r, {columns} FROM {scored}").fetchnumpy()
    connection.execute(f"DROP TABLE {scored}; DROP TABLE keyed")
    # The answer comes in any order.
    place = np.empty(len(ends[0]), np.intp)
    place[np.lexsort((ends[1], ends[0]))] = np.lexsort((found["record_r"], found["record_l"]))
    ranks = [np.asarray(found[c.name], np.int8)[place] for c in comparisons]
    turned = [
        np.where(rank == 0, MISSING_LEVEL, len(c.levels) - rank)
        for rank, c in zip(ranks, comparisons, strict=True)
    ]
    return np.stack(turned, axis=1).astype(np.int8)


def _settings(comparisons: Sequence[Comparison]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record",
        comparisons=[_comparison(c) for c in comparisons],
        blocking_rules_to_generate_predictions=[],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )


def _comparison(comparison: Comparison) -> dict[str, Any]:
    """In Splink's words. What it puts out for a level is log2(m / u); m is chosen so that this is the level's
    rank from the weakest, 1, upwards, and 0 where nothing is said. The weights proper are the model's.
    """
    levels = [{"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}]
    for rank, level in zip(range(len(comparison.levels), 0, -1), comparison.levels, strict=True):
        levels.append(
            {
                "sql_condition": level.when or "ELSE",
                "label_for_charts": level.name,
                "m_probability": 2.0 ** (rank - 20),
                "u_probability": 2.0**-20,
            }
        )
    return {"output_column_name": comparison.name, "comparison_levels": levels}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Splink reports its progress through the root of its loggers; ours is reported elsewhere."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
