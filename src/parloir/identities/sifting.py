"""Of the pairs that keys brought together, those worth comparing field by field.

Comparing costs a thousand times what a look at equal values does. Two values that are equal speak for a pair
with the bits of their rarity, two that differ against it; one that only begins alike is half forgiven, for
it may be misspelt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int32]
Bits = npt.NDArray[np.float32]
DIFFERS = -2.0
"""Bits of two values that differ; most are close to none when they are close to each other."""
BEGINS = 3.0
"""Most bits of two values that only begin alike."""
BUCKETS = 1 << 22
"""Values are counted by hash; two that fall together seem less rare, which costs little."""
AT_ONCE = 1_000_000
_FIELDS = {
    "given_key": "left(given_key, 2)",
    "family_key": "left(family_key, 2)",
    "birth_year": "birth_year // 10",
    "birth_day": "right(birth_day, 2)",
    "phone": "right(phone, 4)",
    "email": "left(email, 4)",
    "national_id": "right(national_id, 4)",
    "street": "left(street, 4)",
    "house": "house",
    "postcode": "left(postcode, 2)",
    "city": "left(city, 3)",
    "birth_place": "left(birth_place, 3)",
    "occupation": "left(occupation, 4)",
}
"""Column → what is left of it where it is misspelt."""


@dataclass(frozen=True)
class Candidates:
    """Pairs by left, then right, shape (pairs,).

    Attributes:
        left, right: record numbers.
        bits: log2 of how few pairs the most telling rule gives that found the pair.
    """

    left: Integers
    right: Integers
    bits: npt.NDArray[np.int8]


def sift(
    connection: duckdb.DuckDBPyConnection,
    candidates: Candidates,
    most: int,
    least: int = 0,
    hopeful: float = -np.inf,
) -> tuple[Integers, Integers]:
    """The likeliest candidates, in their order.

    Args:
        connection: holds `records`.
        candidates: the pairs.
        most: pairs to keep; of those that are equally likely, the first.
        least: pairs to keep whatever speaks for them.
        hopeful: bits that must speak for the others.
    """
    left, right = candidates.left, candidates.right
    if len(left) <= most and (len(left) <= least or hopeful == -np.inf):
        return left, right
    scores = _scores(connection, candidates)
    most = min(most, max(least, int((scores >= hopeful).sum())))
    if len(left) <= most:
        return left, right
    cut = np.partition(scores, len(scores) - most)[len(scores) - most]
    kept = scores > cut
    level = np.flatnonzero(scores == cut)[: most - int(kept.sum())]
    kept[level] = True
    return left[kept], right[kept]


def _scores(connection: duckdb.DuckDBPyConnection, candidates: Candidates) -> Bits:
    columns = {
        name for (name,) in connection.execute("SELECT name FROM pragma_table_info('records')").fetchall()
    }
    agreeing = np.zeros(len(candidates.left), np.float32)
    against = np.zeros(len(candidates.left), np.float32)
    for column, beginning in _FIELDS.items():
        if column in columns:
            values = _values(connection, column, beginning)
            for begin in range(0, len(agreeing), AT_ONCE):
                here = slice(begin, begin + AT_ONCE)
                values.add(candidates.left[here], candidates.right[here], agreeing[here], against[here])
    scores: Bits = np.maximum(agreeing, candidates.bits) + against
    return scores


@dataclass(frozen=True)
class _Values:
    """A column: codes of each record's value and of its beginning, -1 where null, and bits of its rarity,
    0 where null."""

    codes: Integers
    beginnings: Integers
    bits: Bits

    def add(self, left: Integers, right: Integers, agreeing: Bits, against: Bits) -> None:
        """Add what this column says of each pair."""
        one, other, bits = self.codes[left], self.codes[right], self.bits[left]
        same = one == other
        begins = self.beginnings[left] == self.beginnings[right]
        np.add(agreeing, np.where(same, bits, np.minimum(bits, BEGINS)), out=agreeing, where=same | begins)
        # Neither is -1: the sign of both is that of either that is negative.
        np.add(against, DIFFERS, out=against, where=~same & ((one | other) >= 0))


def _values(connection: duckdb.DuckDBPyConnection, column: str, beginning: str) -> _Values:
    query = f"SELECT {_code(column)} AS code, {_code(beginning)} AS begins FROM records ORDER BY record"
    found: Any = connection.execute(query).fetchnumpy()
    codes = np.asarray(found["code"], np.int32)
    said = codes >= 0
    bucket = codes & (BUCKETS - 1)
    counts = np.bincount(bucket[said], minlength=1)
    share = counts[np.where(said, bucket, 0)] / max(int(said.sum()), 1)
    bits = np.where(said, -np.log2(np.maximum(share, 1e-9)), 0).astype(np.float32)
    return _Values(codes, np.asarray(found["begins"], np.int32), bits)


def _code(value: str) -> str:
    return f"(CASE WHEN {value} IS NULL THEN -1 ELSE hash({value}) & {(1 << 31) - 1} END)::INTEGER"
