"""How names are compared: given and family name, in either order, and which generation."""

from __future__ import annotations

from parloir.identities.levels import Comparison, Level, either_null, jw, slip

SWAPPED = "match_key = '1'"
"""Given and family name stand in each other's place: found once for each pair, before the comparisons, and
kept in the one column that travels with a pair. Every comparison of names looks through the swap."""
SWAP_TEST = f"""
    l.given_key IS DISTINCT FROM r.given_key AND l.family_key IS DISTINCT FROM r.family_key
    AND COALESCE(
        {jw("l.given", "r.family")} >= .88 AND {jw("l.family", "r.given")} >= .88
        OR l.given_key = r.family_key AND l.family_key = r.given_key
        OR l.given = r.family AND (l.family IS NULL OR r.given IS NULL)
        OR l.family = r.given AND (l.given IS NULL OR r.family IS NULL)
        OR CASE WHEN l.family_key = r.given_key THEN list_has_any(l.given_parts, r.family_parts)
                WHEN l.given_key = r.family_key THEN list_has_any(l.family_parts, r.given_parts)
           END, FALSE)"""


def _facing(part: str) -> str:
    other = part.replace("given", "#").replace("family", "given").replace("#", "family")
    return f"(CASE WHEN {SWAPPED} THEN {other}_r ELSE {part}_r END)"


_GIVEN, _FAMILY = _facing("given"), _facing("family")
_GIVEN_KEY, _FAMILY_KEY = _facing("given_key"), _facing("family_key")
_GIVEN_PARTS, _FAMILY_PARTS = _facing("given_parts"), _facing("family_parts")
NAME_ORDER = Comparison(
    "name_order",
    "(given_l IS NULL AND family_l IS NULL) OR (given_r IS NULL AND family_r IS NULL)",
    (
        Level("straight", f"NOT {SWAPPED}", 0.97, 1, 0, "names in the same order"),
        Level("swapped", "", 0.03, 1, 0, "given and family name in each other's place"),
    ),
    role="name_order",
    chosen=True,
)
_ONE_SEX = f"(given_sex_l IS NULL OR given_sex_r IS NULL OR given_sex_l = given_sex_r OR {SWAPPED})"
"""Jean and Jeanne are one letter apart, and two people."""


def _short(one: str, other: str) -> str:
    """One is an abbreviation of the other; `CASE` keeps the rest from the costly test."""
    return f"""CASE WHEN given_short_{one} IS NULL OR {SWAPPED} THEN FALSE
        WHEN left(given_l, 1) <> left(given_r, 1) THEN FALSE
        ELSE regexp_full_match(given_{other}, given_short_{one}) END"""


GIVEN = Comparison(
    "given",
    f"given_l IS NULL OR {_GIVEN} IS NULL",
    (
        Level("same", f"given_l = {_GIVEN}", 0.75, 0.006, 1, "same given name"),
        Level(
            "spelling",
            f"given_key_l = {_GIVEN_KEY} AND {_ONE_SEX}",
            0.06,
            0.003,
            1,
            "same given name, spelt otherwise or a short form",
        ),
        Level(
            "part",
            f"list_has_any(given_parts_l, {_GIVEN_PARTS}) AND {_ONE_SEX}",
            0.04,
            0.004,
            0.5,
            "one given name shared",
        ),
        Level(
            "close",
            f"({jw('given_l', _GIVEN)} >= .9 OR {slip('given_l', _GIVEN)}) AND {_ONE_SEX}",
            0.09,
            0.01,
            0.5,
            "given names a letter or two apart",
        ),
        Level(
            "abbreviated",
            f"({_short('l', 'r')} OR {_short('r', 'l')})",
            0.02,
            0.0008,
            0.5,
            "a given name and its abbreviation",
        ),
        Level(
            "initial",
            f"least(length(given_l), length{_GIVEN}) = 1 AND left(given_l, 1) = left({_GIVEN}, 1)",
            0.02,
            0.0005,
            0,
            "same initial",
        ),
        Level(
            "alike",
            f"{jw('given_l', _GIVEN)} >= .84 AND {_ONE_SEX}",
            0.03,
            0.03,
            0,
            "given names somewhat alike",
        ),
        Level("different", "", 0.005, 0.9435, 0, "different given names"),
    ),
    value="given",
    sound="given_key",
    role="given",
    unlike=0.1,
    firmness=3_000,
)
FAMILY = Comparison(
    "family",
    f"family_l IS NULL OR {_FAMILY} IS NULL",
    (
        Level("same", f"family_l = {_FAMILY}", 0.74, 0.0015, 1, "same family name"),
        Level(
            "spelling",
            f"family_key_l = {_FAMILY_KEY} AND length(family_key_l) > 1",
            0.04,
            0.001,
            1,
            "same family name in another spelling",
        ),
        Level(
            "part",
            f"list_has_any(family_parts_l, {_FAMILY_PARTS})",
            0.03,
            0.001,
            0.5,
            "one family name shared",
        ),
        Level(
            "close",
            f"{jw('family_l', _FAMILY)} >= .9 OR {slip('family_l', _FAMILY)}",
            0.09,
            0.004,
            0.5,
            "family names a letter or two apart",
        ),
        Level("alike", f"{jw('family_l', _FAMILY)} >= .78", 0.03, 0.04, 0, "family names somewhat alike"),
        Level("different", "", 0.07, 0.9525, 0, "different family names"),
    ),
    value="family",
    sound="family_key",
    role="family",
    unlike=0.35,
    firmness=3_000,
)
GENERATION = Comparison(
    "generation",
    either_null("generation"),
    (
        Level(
            "same", "generation_l = generation_r", 0.97, 0.5, 0, "both elder, or both younger, of one name"
        ),
        Level("different", "", 0.03, 0.5, 0, "one the elder, the other the younger of one name"),
    ),
    role="generation",
    unlike=0.03,
)
