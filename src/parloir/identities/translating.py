"""One place, trade or state under two words: `Luik` and `Liège`, `باريس` and `Paris`, `chef` and `1`.

Two files in two languages write the same thing in words that no likeness of letters joins. Records that are
one person by other fields tell which words go together: where most of the one meet the other, and the other
way round, they are read as one word. Only words that are all but unknown to the other file are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

MEETINGS, MOST = 4, 0.5
"""Least number of pairs in which two words meet, and least share of the pairs of each."""
UNKNOWN = 0.1
"""A word is unknown to a file that has it in less than this part of the other file's rows with it."""
SURE: tuple[tuple[str, ...], ...] = (("birth", "family_key"), ("phone",), ("email",), ("national_id",))
"""Fields that together tell one person mostly."""
FEW, ENOUGH = 3, 200_000
"""Records of a file that may share them, and records that are asked, about."""


def translate(connection: duckdb.DuckDBPyConnection, columns: Sequence[str], records: int) -> None:
    """Write the words of the right file as those of the left one, in `records`, where they mean the same.

    Args:
        connection: holds `records` with `side`, the columns and those of `SURE`.
        columns: of folded words.
        records: of both files.
    """
    every = max(records // ENOUGH, 1)
    asked = "UNION ALL ".join(_alike(key, columns, every) for key in SURE)
    connection.execute(f"CREATE TEMP TABLE alike AS {asked}")
    for column in columns:
        connection.execute(f"CREATE TEMP TABLE meant AS {_meant(column)}")
        connection.execute(f"""
            UPDATE records SET {column} = meant.ours FROM meant
            WHERE records.side = 1 AND records.{column} = meant.theirs""")
        connection.execute("DROP TABLE meant")
    connection.execute("DROP TABLE alike")


def _alike(key: tuple[str, ...], columns: Sequence[str], every: int) -> str:
    """SQL of the words in pairs of records with the same key, of one key in so many."""
    keys = ", ".join(key)
    told = " AND ".join(f"{part} IS NOT NULL" for part in key)
    whole = "AND length(birth) = 10" if "birth" in key else ""
    words = ", ".join(f"l.{column} AS {column}_l, r.{column} AS {column}_r" for column in columns)
    return f"""
        SELECT {words} FROM (SELECT * FROM records WHERE side = 0) l
        JOIN (SELECT * FROM records WHERE side = 1) r USING ({keys})
        JOIN (SELECT {keys} FROM records WHERE {told} {whole} AND hash({keys}) % {every} = 0
              GROUP BY ALL HAVING count_if(side = 0) BETWEEN 1 AND {FEW}
                              AND count_if(side = 1) BETWEEN 1 AND {FEW}) few USING ({keys})
        """


def _meant(column: str) -> str:
    """SQL of the words of the right file with the left one's for the same thing."""
    ours, theirs = f"{column}_l", f"{column}_r"
    return f"""
        WITH met AS (
            SELECT {ours} AS ours, {theirs} AS theirs, count(*) AS pairs,
                sum(count(*)) OVER (PARTITION BY {ours}) AS of_ours,
                sum(count(*)) OVER (PARTITION BY {theirs}) AS of_theirs
            FROM alike WHERE {ours} IS NOT NULL AND {theirs} IS NOT NULL GROUP BY 1, 2),
        known AS (
            SELECT {column} AS word, count_if(side = 0) AS here, count_if(side = 1) AS there
            FROM records WHERE {column} IS NOT NULL GROUP BY ALL)
        SELECT ours, theirs FROM met
        JOIN known one ON one.word = ours JOIN known other ON other.word = theirs
        WHERE ours <> theirs AND pairs >= {MEETINGS}
          AND pairs > {MOST} * of_ours AND pairs > {MOST} * of_theirs
          AND one.there < {UNKNOWN} * one.here AND other.here < {UNKNOWN} * other.there"""
