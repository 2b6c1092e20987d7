"""What is compared, in levels from the strongest agreement to none, with what each says in words.

A level is an SQL condition over `…_l` and `…_r`; the first that holds is the pair's level. `same` is what the
model expects of one person's records before it has seen any: it is learnt from the data where there are
enough.
"""

from __future__ import annotations

from dataclasses import dataclass

MISSING = "one of them has none"


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
        role: what the column means, which tells how households and namesakes agree on it.
        unlike: most of one person's pairs that may be learnt to differ altogether: without a bound,
        learning can
            mistake a commoner kind of pair, people of one town say, for one person.
        firmness: pairs that the expected chances are worth against what the files show.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    value: str = ""
    role: str = ""
    firmness: float = 500.0
    unlike: float = 0.9


def jw(one: str, other: str) -> str:
    """Jaro–Winkler likeness, 0 to 1."""
    return f"jaro_winkler_similarity({one}, {other})"


def slip(one: str, other: str) -> str:
    """One letter changed, dropped, added, or two neighbours swapped.

    The edit distances proper cost a hundred times what their necessary conditions do, which stand before
    them.
    """
    return f"""(CASE WHEN length({one}) = length({other})
        THEN hamming({one}, {other}) <= 1 OR hamming({one}, {other}) = 2 AND damerau_levenshtein({one},
        {other}) <= 1 WHEN abs(length({one}) - length({other})) = 1 AND jaccard({one}, {other}) >= .5
        THEN levenshtein({one}, {other}) <= 1 ELSE FALSE END)"""


def two_slips(one: str, other: str) -> str:
    """Two letters changed, dropped or added, or two neighbours swapped."""
    near = f"abs(length({one}) - length({other})) <= 2 AND jaccard({one}, {other}) >= .5"
    return f"({near} AND levenshtein({one}, {other}) <= 2)"


def _either_null(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


SWAPPED = "match_key = '1'"
"""Given and family name stand in each other's place: found once for each pair, before the comparisons, and
kept
in the one column that travels with a pair. Every comparison of names looks through the swap."""
SWAP_TEST = f"""
    l.given_key IS DISTINCT FROM r.given_key AND l.family_key IS DISTINCT FROM r.family_key
    AND COALESCE(
        {jw("l.given", "r.family")} >= .88 AND {jw("l.family", "r.given")} >= .88
        OR l.given_key = r.family_key AND l.family_key = r.given_key
        OR l.given = r.family AND (l.family IS NULL OR r.given IS NULL)
        OR l.family = r.given AND (l.given IS NULL OR r.family IS NULL), FALSE)"""


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
        Level("straight", f"NOT {SWAPPED}", 0.97, 0.999, 0, "names in the same order"),
        Level("swapped", "", 0.03, 0.001, 0, "given and family name in each other's place"),
    ),
    role="name_order",
    firmness=1_000,
)
GIVEN = Comparison(
    "given",
    f"given_l IS NULL OR {_GIVEN} IS NULL",
    (
        Level("same", f"given_l = {_GIVEN}", 0.7, 0.006, 1, "same given name"),
        Level(
            "spelling",
            f"given_key_l = {_GIVEN_KEY}",
            0.06,
            0.003,
            0.5,
            "same given name, spelt otherwise or a short form",
        ),
        Level(
            "part", f"list_has_any(given_parts_l, {_GIVEN_PARTS})", 0.04, 0.004, 0.5, "one given name shared"
        ),
        Level(
            "close",
            f"{jw('given_l', _GIVEN)} >= .9 OR {slip('given_l', _GIVEN)}",
            0.09,
            0.01,
            0.5,
            "given names a letter or two apart",
        ),
        Level(
            "initial",
            f"least(length(given_l), length{_GIVEN}) = 1 AND left(given_l, 1) = left({_GIVEN}, 1)",
            0.02,
            0.0005,
            0,
            "same initial",
        ),
        Level("alike", f"{jw('given_l', _GIVEN)} >= .78", 0.03, 0.05, 0, "given names somewhat alike"),
        Level("different", "", 0.06, 0.9265, 0, "different given names"),
    ),
    value="given",
    role="given",
    unlike=0.35,
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
            0.5,
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
    role="family",
    unlike=0.35,
    firmness=3_000,
)

BIRTH = Comparison(
    "birth",
    _either_null("birth"),
    (
        Level("same", "birth_l = birth_r AND length(birth_l) = 10", 0.8, 4e-05, 1, "born the same day"),
        Level(
            "partial",
            """(birth_day_l IS NULL OR birth_day_r IS NULL)
               AND (starts_with(birth_l, birth_r) OR starts_with(birth_r, birth_l))""",
            0.04,
            0.001,
            0.5,
            "dates of birth agree as far as they are told",
        ),
        Level(
            "turned",
            "birth_l = birth_turned_r",
            0.02,
            4e-05,
            0,
            "day and month of birth in each other's place",
        ),
        Level("slip", slip("birth_l", "birth_r"), 0.06, 0.0004, 0, "dates of birth one digit apart"),
        Level(
            "two_parts",
            """birth_day_l = birth_day_r OR birth_year_l = birth_year_r AND (
                left(birth_day_l, 2) = left(birth_day_r, 2)
                OR right(birth_day_l, 2) = right(birth_day_r, 2))""",
            0.03,
            0.004,
            0,
            "two of day, month and year of birth the same",
        ),
        Level("same_year", "birth_year_l = birth_year_r", 0.02, 0.015, 0, "born in the same year"),
        Level("near", "abs(birth_year_l - birth_year_r) <= 1", 0.01, 0.03, 0, "born a year apart"),
        Level("different", "", 0.02, 0.94952, 0, "born on other days"),
    ),
    value="birth",
    role="birth",
    unlike=0.35,
    firmness=50_000,
)
PHONE = Comparison(
    "phone",
    _either_null("phone"),
    (
        Level("same", "list_has_any(phones_l, phones_r)", 0.75, 1e-06, 1, "same telephone number"),
        Level("slip", slip("phone_l", "phone_r"), 0.06, 1e-05, 0, "telephone numbers one digit apart"),
        Level(
            "ending",
            "right(phone_l, 6) = right(phone_r, 6)",
            0.01,
            1e-05,
            0,
            "telephone numbers with the same ending",
        ),
        Level("different", "", 0.18, 0.999979, 0, "different telephone numbers"),
    ),
    value="phone",
    role="phone",
    unlike=0.8,
    firmness=200_000,
)
_EMAILS_CLOSE = f"({two_slips('email_l', 'email_r')} OR {jw('email_l', 'email_r')} >= .95)"
_EMAILS_ALIKE = f"{jw('email_l', 'email_r')} >= .85"
_EMAILS_LOCAL = "email_local_l = email_local_r AND length(email_local_l) > 4"
_SAID_BY_NAME = f"""email_l <> email_r AND (
    given_key_l = given_key_r AND family_key_l = family_key_r AND {_EMAILS_LOCAL}
    OR (given_key_l = given_key_r OR family_key_l = family_key_r) AND NOT {_EMAILS_CLOSE} AND
    {_EMAILS_ALIKE})"""
"""People make addresses of their names: where the names agree, a likeness of addresses says nothing more."""
EMAIL = Comparison(
    "email",
    f"{_either_null('email')} OR {_SAID_BY_NAME}",
    (
        Level("same", "email_l = email_r", 0.7, 1e-06, 1, "same e-mail address"),
        Level("local", _EMAILS_LOCAL, 0.05, 1e-05, 0, "same e-mail name with another provider"),
        Level("close", _EMAILS_CLOSE, 0.08, 2e-05, 0, "e-mail addresses a letter or two apart"),
        Level("alike", _EMAILS_ALIKE, 0.04, 0.005, 0, "e-mail addresses somewhat alike"),
        Level("different", "", 0.13, 0.994969, 0, "different e-mail addresses"),
    ),
    value="email",
    role="email",
    unlike=0.8,
    firmness=200_000,
)
_STREETS = f"(street_l = street_r OR {jw('street_l', 'street_r')} >= .9)"
ADDRESS = Comparison(
    "address",
    _either_null("street"),
    (
        Level("same", "street_l = street_r AND house_l = house_r", 0.6, 3e-06, 1, "same address"),
        Level(
            "same_street",
            f"{_STREETS} AND house_l = house_r",
            0.1,
            1e-05,
            1,
            "same house number, the street spelt otherwise",
        ),
        Level(
            "no_number",
            "street_l = street_r AND (house_l IS NULL OR house_r IS NULL)",
            0.04,
            0.0001,
            1,
            "same street, no house number",
        ),
        Level("street", _STREETS, 0.06, 0.001, 0.5, "same street, another house number"),
        Level(
            "part",
            """2 * len(list_intersect(street_parts_l, street_parts_r))
               >= least(len(street_parts_l), len(street_parts_r))""",
            0.06,
            0.01,
            0,
            "part of the address shared",
        ),
        Level("alike", f"{jw('street_l', 'street_r')} >= .8", 0.02, 0.02, 0, "addresses somewhat alike"),
        Level("different", "", 0.12, 0.968887, 0, "different addresses"),
    ),
    value="street",
    role="address",
    firmness=50_000,
)
POSTCODE = Comparison(
    "postcode",
    _either_null("postcode"),
    (
        Level("same", "postcode_l = postcode_r", 0.75, 0.003, 1, "same postcode"),
        Level("slip", slip("postcode_l", "postcode_r"), 0.08, 0.01, 0, "postcodes one character apart"),
        Level("area", "left(postcode_l, 2) = left(postcode_r, 2)", 0.05, 0.03, 0, "postcodes of one area"),
        Level("different", "", 0.12, 0.957, 0, "another postcode"),
    ),
    value="postcode",
    role="postcode",
)
SEX = Comparison(
    "sex",
    # A given name tells the sex: counted only where the names do not agree already.
    f"{_either_null('sex')} OR given_l = given_r OR given_key_l = given_key_r",
    (
        Level("same", "sex_l = sex_r", 0.96, 0.5, 0, "same sex"),
        Level("different", "", 0.04, 0.5, 0, "other sex"),
    ),
    role="sex",
)
NATIONAL_ID = Comparison(
    "national_id",
    _either_null("national_id"),
    (
        Level("same", "national_id_l = national_id_r", 0.85, 1e-06, 1, "same national identifier"),
        Level(
            "slip",
            slip("national_id_l", "national_id_r"),
            0.08,
            1e-05,
            0,
            "national identifiers one digit apart",
        ),
        Level("different", "", 0.07, 0.999989, 0, "different national identifiers"),
    ),
    value="national_id",
    role="national_id",
    unlike=0.35,
    firmness=200_000,
)


def text(name: str, role: str, title: str) -> Comparison:
    """A column of words with no rule of its own: city, occupation, birth place, whatever both files have."""
    left, right = f"{name}_l", f"{name}_r"
    return Comparison(
        name,
        _either_null(name),
        (
            Level("same", f"{left} = {right}", 0.7, 0.02, 1, f"same {title}"),
            Level(
                "close",
                f"{jw(left, right)} >= .9 OR (length({left}) > 3 AND {slip(left, right)})",
                0.1,
                0.02,
                0.5,
                f"{title}: a letter or two apart",
            ),
            Level(
                "part",
                f"list_has_any(string_split({left}, ' '), string_split({right}, ' '))",
                0.05,
                0.02,
                0,
                f"{title}: a word shared",
            ),
            Level("alike", f"{jw(left, right)} >= .78", 0.03, 0.06, 0, f"{title}: somewhat alike"),
            Level("different", "", 0.12, 0.88, 0, f"another {title}"),
        ),
        value=name,
        role=role,
    )


KNOWN = {
    "name_order": NAME_ORDER,
    "given": GIVEN,
    "family": FAMILY,
    "birth": BIRTH,
    "phone": PHONE,
    "email": EMAIL,
    "address": ADDRESS,
    "postcode": POSTCODE,
    "sex": SEX,
    "national_id": NATIONAL_ID,
}
