"""A comparison and its levels, and the likenesses that levels are made of.

A level is an SQL condition over `…_l` and `…_r`; the first that holds is the pair's level. `same` is what the
model expects of one person's records before it has seen any: it is learnt from the data where there are
enough.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One level.

    Attributes:
        name: stored with the pair; the weight is computed from it.
        when: SQL condition; empty for the last, which holds when no other does.
        same: share of one person's pairs at this level, before learning.
        chance: share of two strangers' pairs at this level, before learning.
        rarity: how much the value's own frequency counts: 1 wholly, .5 for half its bits, 0 not.
        words: for people.
    """

    name: str
    when: str
    same: float
    chance: float
    rarity: float
    words: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison.

    Attributes:
        name: column of bits in the output.
        missing: SQL condition under which nothing is said.
        levels: strongest first.
        value: column whose frequency makes an agreement rare or common, or empty.
        sound: the same for the level `spelling`: the column of what both spellings have in common.
        role: what the column means, which tells how households and namesakes agree on it.
        unlike: most of one person's pairs that may be learnt to differ altogether: without a bound,
        learning can
            mistake a commoner kind of pair, people of one town say, for one person.
        chosen: the better of two readings was taken, for strangers as for one person: no level speaks for one
            person, and the unusual reading against.
        firmness: pairs that the expected chances are worth against what the files show.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    value: str = ""
    sound: str = ""
    role: str = ""
    firmness: float = 500.0
    unlike: float = 0.9
    chosen: bool = False


def jw(one: str, other: str) -> str:
    """Jaro–Winkler likeness, 0 to 1."""
    return f"jaro_winkler_similarity({one}, {other})"


def slip(one: str, other: str) -> str:
    """One letter changed, dropped, added, or two neighbours swapped.

    The edit distances proper cost up to fifty times what their necessary conditions do. `CASE` alone stops at
    the first that fails: DuckDB works out both sides of an `AND` that stands after `THEN`.
    """
    # `hamming` counts bytes, so lengths are of bytes too.
    return f"""(CASE WHEN least(strlen({one}), strlen({other})) < 3 THEN FALSE
        WHEN strlen({one}) <> strlen({other}) THEN
            CASE WHEN abs(strlen({one}) - strlen({other})) > 2 THEN FALSE
            WHEN jaccard({one}, {other}) < .5 THEN FALSE ELSE levenshtein({one}, {other}) <= 1 END
        WHEN hamming({one}, {other}) > 2 THEN FALSE
        WHEN hamming({one}, {other}) <= 1 THEN TRUE
        WHEN jaccard({one}, {other}) = 1 THEN damerau_levenshtein({one}, {other}) <= 1 ELSE FALSE END)"""


def two_slips(one: str, other: str) -> str:
    """Two letters changed, dropped or added, or two neighbours swapped."""
    near = f"abs(length({one}) - length({other})) <= 2 AND jaccard({one}, {other}) >= .5"
    return f"({near} AND levenshtein({one}, {other}) <= 2)"


def either_null(column: str) -> str:
    """One of the two records has no value."""
    return f"{column}_l IS NULL OR {column}_r IS NULL"
