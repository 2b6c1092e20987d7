"""Which pairs are compared at all: rules made from the columns that are there, within a budget of pairs.

A small set is compared whole. A larger one is cut by keys; rules are taken from the one with the fewest pairs
upwards until the budget is spent, so that the most telling come first. A key that too many records share says
little: within it each record meets only its neighbours in the order of all its fields. Of all candidates that
keys bring together, the likeliest are compared (`sifting.py`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt

from parloir.identities.records import Shape
from parloir.identities.sifting import Candidates, sift

WHOLE = 500_000
"""Sets of at most so many pairs are compared whole."""
LARGEST_KEY = 4_000
"""Pairs that one key may give before its records meet only their neighbours."""
NEIGHBOURS = 4
LARGE, LARGE_RULES = 60_000, 18
"""Records above which only the first, most telling rules are tried: each costs a pass over all."""

Integers = npt.NDArray[np.int32]
Ends = tuple[Integers, Integers]
"""Record numbers of pairs, left and right; by left, then right, each pair once."""
_KEYS = tomllib.loads(files("parloir.identities").joinpath("data/blocking.toml").read_text("utf-8"))
_PARTS: dict[str, tuple[str, str]] = {
    name: (part["needs"], part["sql"]) for name, part in _KEYS["parts"].items()
}
_RULES: tuple[tuple[str, ...], ...] = tuple(tuple(rule) for rule in _KEYS["rules"])


@dataclass(frozen=True)
class Budget:
    """How many pairs may be looked at.

    Attributes:
        candidates: that keys may bring together.
        compared: field by field.
    """

    candidates: int
    compared: int

    @classmethod
    def of(cls, records: int) -> Budget:
        """More for each record of a small set than of a large one."""
        candidates = max(1_200_000, min(40 * records, 2_000_000 + 6 * records))
        return cls(candidates, max(600_000, min(10 * records, 400_000 + 5 * records // 2)))


@dataclass(frozen=True)
class Blocks:
    """What blocking did.

    Attributes:
        ends: the pairs to compare.
        candidates: pairs that keys brought together.
        rules: rules used, with the pairs each would give alone.
        unused: rules beyond the budget.
        overfull: records that stood in keys too large, by rule.
    """

    ends: Ends
    candidates: int
    rules: tuple[tuple[str, int], ...] = ()
    unused: tuple[str, ...] = ()
    overfull: dict[str, int] = field(default_factory=dict)

    @property
    def pairs(self) -> int:
        """Pairs to compare."""
        return len(self.ends[0])


def block(
    connection: duckdb.DuckDBPyConnection, shape: Shape, sizes: tuple[int, int], budget: Budget
) -> Blocks:
    """Find the pairs to compare.

    Args:
        connection: holds `records` with `record` (0, 1, …) and `side` (0 left, 1 right).
        shape: the comparisons that there are.
        sizes: records left and right; right is 0 for one file against itself.
        budget: pairs that may be looked at.
    """
    left, right = sizes
    whole = left * right if right else left * (left - 1) // 2
    if whole <= min(WHOLE, budget.candidates):
        return Blocks(_all(left, right), whole)
    texts = {name: (name, name) for name in shape.texts if name.startswith("text_")}
    rules = [*_RULES, *((name, "name") for name in texts), *((name,) for name in texts)]
    usable = _usable(rules, shape, _PARTS | texts)
    if left + right > LARGE:
        usable = dict(list(usable.items())[:LARGE_RULES])
    return _by_rules(connection, usable, sizes, budget)


def _all(left: int, right: int) -> Ends:
    one, other = np.indices((left, right)) if right else np.triu_indices(left, 1)
    return one.ravel().astype(np.int32), (other.ravel() + (left if right else 0)).astype(np.int32)


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
    connection: duckdb.DuckDBPyConnection, rules: dict[str, str], sizes: tuple[int, int], budget: Budget
) -> Blocks:
    connection.execute("CREATE TABLE found (l INTEGER, r INTEGER, bits TINYINT)")
    counted = [(*_counted(connection, key, sizes[1]), name) for name, key in rules.items()]
    used, unused, spent = [], [], 0
    everything = sizes[0] * (sizes[1] or sizes[0])
    for pairs, _, crowds, name in sorted(counted, key=lambda one: (one[0], one[3])):
        if spent + pairs > budget.candidates:
            unused.append(name)
            continue
        bits = round(np.log2(everything / max(pairs, 1)))
        connection.execute(f"CREATE OR REPLACE TABLE keys AS {_keys(rules[name])}")
        connection.execute(_small_keys(sizes[1], bits), [crowds])
        if crowds:
            _place(connection)
            connection.execute(_large_keys(sizes[1], bits), [crowds])
        spent += pairs
        used.append((name, pairs))
    found = connection.execute("""
        SELECT l, r, max(bits) AS bits FROM found GROUP BY l, r ORDER BY l, r""").fetchnumpy()
    connection.execute("DROP TABLE found; DROP TABLE IF EXISTS keys; DROP TABLE IF EXISTS sorting")
    given = Candidates(*(np.asarray(found[name]) for name in ("l", "r", "bits")))
    overfull = {name: min(crowded, sum(sizes)) for _, crowded, _, name in counted if crowded}
    ends = sift(connection, given, budget.compared)
    return Blocks(ends, len(given.left), tuple(used), tuple(unused), overfull)


def _keys(key: str) -> str:
    distinct = "DISTINCT" if "unnest" in key else ""
    return f"""
        SELECT {distinct} record, side, hash(text) AS key
        FROM (SELECT record, side, {key} AS text FROM records) WHERE text IS NOT NULL"""


def _counted(connection: duckdb.DuckDBPyConnection, key: str, right: int) -> tuple[int, int, list[int]]:
    """Pairs that a rule gives, records that stand in keys too large, and these keys."""
    pairs = "l * r" if right else "n * (n - 1) // 2"
    counts = connection.execute(f"""
        WITH counted AS (
            SELECT key, count(*) AS n, count(*) FILTER (side = 0) AS l, count(*) FILTER (side = 1) AS r
            FROM ({_keys(key)}) GROUP BY key HAVING count(*) > 1
        )
        SELECT coalesce(sum(CASE WHEN {pairs} <= {LARGEST_KEY} THEN {pairs} ELSE n * {NEIGHBOURS} END), 0),
               coalesce(sum(n) FILTER ({pairs} > {LARGEST_KEY}), 0),
               coalesce(list(key ORDER BY key) FILTER ({pairs} > {LARGEST_KEY}), [])
        FROM counted""").fetchone()
    return (int(counts[0]), int(counts[1]), counts[2]) if counts else (0, 0, [])


def _small_keys(right: int, bits: int) -> str:
    """All pairs within each small key of one rule."""
    return f"""
        INSERT INTO found
        WITH small AS (SELECT * FROM keys WHERE key NOT IN (SELECT unnest(?::UBIGINT[])))
        SELECT l.record, r.record, {bits} FROM small l JOIN small r USING (key) WHERE {_across(right)}"""


def _large_keys(right: int, bits: int) -> str:
    """Neighbours within each large key of one rule."""
    next_ones = ", ".join(
        f"{{'r': lead(record, {n}) OVER near, 's': lead(side, {n}) OVER near}}"
        for n in range(1, NEIGHBOURS + 1)
    )
    other_side = "AND side <> other.s" if right else ""
    return f"""
        INSERT INTO found
        SELECT least(record, other.r), greatest(record, other.r), {bits}
        FROM (SELECT record, side, unnest([{next_ones}]) AS other
              FROM keys JOIN sorting USING (record) WHERE key IN (SELECT unnest(?::UBIGINT[]))
              WINDOW near AS (PARTITION BY key ORDER BY place))
        WHERE other.r IS NOT NULL {other_side}"""


def _place(connection: duckdb.DuckDBPyConnection) -> None:
    """Number the records in the order of all their fields, once: only large keys need it."""
    columns = connection.execute("SELECT name FROM pragma_table_info('records') ORDER BY name").fetchall()
    order = ", ".join(name for (name,) in columns if name not in ("side", "record"))
    connection.execute(f"""
        CREATE TABLE IF NOT EXISTS sorting AS
        SELECT record, row_number() OVER (ORDER BY {order}, record) AS place FROM records""")
