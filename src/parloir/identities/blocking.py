"""Which pairs are compared at all: rules made from the columns that are there, within a budget of pairs.

A small set is compared whole. A larger one is cut by keys; rules are taken from the one with the fewest pairs
upwards until the budget is spent, so that the most telling come first. A key that too many records share says
little: within it each record meets only its neighbours in the order of all its fields.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import duckdb

from parloir.identities.records import Shape

WHOLE = 500_000
"""Sets of at most so many pairs are compared whole."""
LARGEST_KEY = 4_000
"""Pairs that one key may give before its records meet only their neighbours."""
NEIGHBOURS = 4
LARGE, LARGE_RULES = 60_000, 18
"""Records above which only the first, most telling rules are tried: each costs a pass over all."""

_KEYS = tomllib.loads(files("parloir.identities").joinpath("data/blocking.toml").read_text("utf-8"))
_PARTS: dict[str, tuple[str, str]] = {
    name: (part["needs"], part["sql"]) for name, part in _KEYS["parts"].items()
}
_RULES: tuple[tuple[str, ...], ...] = tuple(tuple(rule) for rule in _KEYS["rules"])


@dataclass(frozen=True)
class Blocks:
    """What blocking did.

    Attributes:
        pairs: pairs to compare.
        rules: rules used, with the pairs each would give alone.
        unused: rules beyond the budget.
        overfull: records that stood in keys too large, by rule.
    """

    pairs: int
    rules: tuple[tuple[str, int], ...] = ()
    unused: tuple[str, ...] = ()
    overfull: dict[str, int] = field(default_factory=dict)


def block(connection: duckdb.DuckDBPyConnection, shape: Shape, sizes: tuple[int, int], budget: int) -> Blocks:
    """Fill the table `pairs(l, r)` from the table `records`, sorted, each pair once.

    Args:
        connection: holds `records` with `record` (0, 1, …) and `side` (0 left, 1 right).
        shape: the comparisons that there are.
        sizes: records left and right; right is 0 for one file against itself.
        budget: pairs that may be compared.
    """
    left, right = sizes
    whole = left * right if right else left * (left - 1) // 2
    if whole <= min(WHOLE, budget):
        connection.execute(f"""
            CREATE TABLE pairs AS
            SELECT l.record AS l, r.record AS r FROM records l, records r
            WHERE {_across(right)} ORDER BY ALL""")
        return Blocks(whole)
    texts = {name: (name, name) for name in shape.texts if name.startswith("text_")}
    rules = [*_RULES, *((name, "name") for name in texts), *((name,) for name in texts)]
    usable = _usable(rules, shape, _PARTS | texts)
    if left + right > LARGE:
        usable = dict(list(usable.items())[:LARGE_RULES])
    return _by_rules(connection, usable, right, budget)


def budget(records: int) -> int:
    """Pairs to compare: more for each record of a small set than of a large one."""
    return max(1_200_000, min(40 * records, 2_000_000 + 6 * records))


def _across(right: int) -> str:
    return "l.side = 0 AND r.side = 1" if right else "l.record < r.record"


def _usable(
    rules: Sequence[tuple[str, ...]], shape: Shape, parts: dict[str, tuple[str, str]]
) -> dict[str, str]:
    """Rule → SQL of its key, for rules whose columns are there."""
    present = {*shape.known, *shape.texts}
    return {
        " + ".join(rule): " || '|' || ".join(f"({parts[part][1]})" for part in rule)
        for rule in rules
        if all(parts[part][0] in present for part in rule)
    }


def _by_rules(
    connection: duckdb.DuckDBPyConnection, rules: dict[str, str], right: int, budget: int
) -> Blocks:
    connection.execute("CREATE TABLE found (l BIGINT, r BIGINT)")
    counted = []
    overfull: dict[str, int] = {}
    for number, (name, key) in enumerate(rules.items()):
        pairs, crowded = _prepare(connection, number, key, right)
        if crowded:
            overfull[name] = crowded
        counted.append((pairs, number, name))
    used, unused, spent = [], [], 0
    for pairs, number, name in sorted(counted):
        if spent + pairs <= budget:
            connection.execute(_join(number, right))
            spent += pairs
            used.append((name, pairs))
        else:
            unused.append(name)
        connection.execute(f"DROP TABLE keys_{number}")
    connection.execute("CREATE TABLE pairs AS SELECT DISTINCT l, r FROM found ORDER BY ALL; DROP TABLE found")
    total = connection.execute("SELECT count(*) FROM pairs").fetchone()
    return Blocks(int(total[0]) if total else 0, tuple(used), tuple(unused), overfull)


def _prepare(connection: duckdb.DuckDBPyConnection, number: int, key: str, right: int) -> tuple[int, int]:
    """Make the keys of one rule; answer its pairs, and how many records stand in keys too large."""
    in_key = (
        "count(*) FILTER (side = 0) * count(*) FILTER (side = 1)"
        if right
        else "count(*) * (count(*) - 1) // 2"
    )
    connection.execute(f"""
        CREATE TABLE keys_{number} AS
        WITH texts AS (SELECT record, side, {key} AS text FROM records),
             k AS (SELECT DISTINCT record, side, hash(text) AS key FROM texts WHERE text IS NOT NULL),
             s AS (SELECT key, {in_key} AS pairs, count(*) AS records FROM k GROUP BY key HAVING pairs > 0)
        SELECT record, side, key, pairs, records FROM k JOIN s USING (key)""")
    counts = connection.execute(f"""
        SELECT coalesce(sum(CASE WHEN pairs <= {LARGEST_KEY} THEN pairs / records ELSE {NEIGHBOURS} END), 0),
               count(*) FILTER (pairs > {LARGEST_KEY}) FROM keys_{number}""").fetchone()
    return (round(counts[0]), int(counts[1])) if counts else (0, 0)


def _join(number: int, right: int) -> str:
    """Pairs of one rule: all within a small key, neighbours within a large one."""
    next_ones = ", ".join(
        f"{{'r': lead(record, {n}) OVER near, 's': lead(side, {n}) OVER near}}"
        for n in range(1, NEIGHBOURS + 1)
    )
    other_side = "AND side <> other.s" if right else ""
    return f"""
        INSERT INTO found
        SELECT l.record, r.record FROM keys_{number} l JOIN keys_{number} r USING (key)
        WHERE l.pairs <= {LARGEST_KEY} AND {_across(right)}
        UNION ALL
        SELECT least(record, other.r), greatest(record, other.r)
        FROM (SELECT record, side, unnest([{next_ones}]) AS other
              FROM keys_{number} JOIN sorting USING (record) WHERE pairs > {LARGEST_KEY}
              WINDOW near AS (PARTITION BY key ORDER BY place))
        WHERE other.r IS NOT NULL {other_side}"""
