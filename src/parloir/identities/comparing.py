"""The level of each comparison for each pair, computed by Splink on DuckDB."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
from splink import DuckDBAPI, Linker, SettingsCreator

from parloir.identities.comparisons import SWAP_TEST
from parloir.identities.levels import Comparison

Levels = npt.NDArray[np.int8]
MISSING_LEVEL = -1


def compare(
    connection: duckdb.DuckDBPyConnection, pairs: str, comparisons: Sequence[Comparison], names: bool
) -> Levels:
    """Levels of all pairs, shape (pairs, comparisons); 0 is the strongest, -1 says nothing.

    Args:
        connection: holds `records` and the table `pairs` with columns l, r, in the order of the answer.
        pairs: name of that table.
        comparisons: what to compare.
        names: whether given and family names are there, and may be swapped.
    """
    counted = connection.execute(f"SELECT count(*) FROM {pairs}").fetchone()
    if not counted or not counted[0]:
        return np.zeros((0, len(comparisons)), np.int8)
    swap = f"CASE WHEN {SWAP_TEST} THEN '1' ELSE '0' END" if names else "'0'"
    connection.execute(f"""
        CREATE OR REPLACE TABLE {pairs}_keyed AS
        SELECT p.l AS join_key_l, p.r AS join_key_r, {swap} AS match_key
        FROM {pairs} p JOIN records l ON l.record = p.l JOIN records r ON r.record = p.r""")
    with _quiet():
        engine = DuckDBAPI(connection=connection)
        linker = Linker(engine.register("records"), _settings(comparisons), log_level=None)
        linker.table_management.register_blocked_pairs_for_predict(engine.register(f"{pairs}_keyed"))
        scored = linker.inference.predict(warning_mode="never").physical_name
    columns = ", ".join(f"mw_{c.name}::TINYINT AS {c.name}" for c in comparisons)
    found: Any = connection.execute(
        f"SELECT {columns} FROM {scored} ORDER BY record_l, record_r"
    ).fetchnumpy()
    connection.execute(f"DROP TABLE {scored}; DROP TABLE {pairs}_keyed")
    ranks = [np.asarray(found[c.name], np.int8) for c in comparisons]
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
