"""Ages: two lists of the same people, made years apart, differ by the same number of years.

That number is learnt from records of the same name: among these one difference is commoner than the ages of
two files taken at random would have it.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt

from parloir.identities.levels import Comparison, Level, either_null

_APART = "abs(age_l - age_r)"
AGE = Comparison(
    "age",
    either_null("age"),
    (
        Level("same", f"{_APART} = 0", 0.4, 0.02, 0, "same age, the years between the two files apart"),
        Level("year", f"{_APART} = 1", 0.25, 0.04, 0, "ages a year apart"),
        Level("few", f"{_APART} <= 3", 0.2, 0.07, 0, "ages two or three years apart"),
        Level("near", f"{_APART} <= 6", 0.08, 0.1, 0, "ages four to six years apart"),
        Level("decade", f"{_APART} <= 12", 0.04, 0.17, 0, "ages about ten years apart"),
        Level("different", "", 0.03, 0.6, 0, "another age"),
    ),
    role="age",
    unlike=0.1,
)
OLDEST = 120
MOST_NAMESAKES = 5
"""Records of one name in a file, above which they say nothing of who is who."""
LEAST = 5.0
"""Pairs by which a difference must be commoner than by chance, and standard deviations."""


def shift(connection: duckdb.DuckDBPyConnection) -> int:
    """Years by which the right file's ages are above the left one's; 0 where the records do not tell.

    Args:
        connection: holds `records` with `side`, `age`, `given_key` and `family_key`.
    """
    left, right = (_ages(connection, side) for side in (0, 1))
    found = connection.execute(f"""
        WITH few AS (
            SELECT side, given_key, family_key FROM records WHERE age IS NOT NULL
            GROUP BY ALL HAVING count(*) <= {MOST_NAMESAKES}),
        told AS (SELECT records.* FROM records JOIN few USING (side, given_key, family_key))
        SELECT r.age - l.age + {OLDEST} AS apart, count(*) AS pairs FROM told l JOIN told r
        ON l.given_key = r.given_key AND l.family_key = r.family_key
        WHERE l.side = 0 AND r.side = 1 AND l.age IS NOT NULL AND r.age IS NOT NULL
        GROUP BY apart ORDER BY apart""").fetchnumpy()
    seen = np.zeros(2 * OLDEST + 1)
    seen[found["apart"]] = found["pairs"]
    chance = np.convolve(right, left[::-1])
    if not seen.any() or not chance.any():
        return 0
    return _commonest(seen, chance / chance.sum() * seen.sum())


def _ages(connection: duckdb.DuckDBPyConnection, side: int) -> npt.NDArray[np.float64]:
    """Records of each age in one file."""
    found = connection.execute(
        "SELECT age, count(*) AS records FROM records WHERE side = ? AND age IS NOT NULL GROUP BY age",
        [side],
    ).fetchnumpy()
    counts = np.zeros(OLDEST + 1)
    counts[found["age"]] = found["records"]
    return counts


def _commonest(seen: npt.NDArray[np.float64], expected: npt.NDArray[np.float64]) -> int:
    """The difference that is most above its expectation, a year more or less counting half."""
    weights = np.array([0.5, 1.0, 0.5])
    more = np.convolve(seen - expected, weights, mode="same")
    best = int(more.argmax())
    enough = LEAST * np.sqrt(max(float(np.convolve(expected, weights, mode="same")[best]), 1.0))
    return best - OLDEST if more[best] >= enough else 0
