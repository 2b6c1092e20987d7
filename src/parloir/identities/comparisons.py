"""What is compared, in levels from the strongest agreement to none, with what each says in words."""

from __future__ import annotations

from parloir.identities.ages import AGE
from parloir.identities.levels import Comparison, Level, either_null, jw, slip, two_slips

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
BIRTH = Comparison(
    "birth",
    either_null("birth"),
    (
        Level("same", "birth_l = birth_r AND length(birth_l) = 10", 0.81, 4e-05, 1, "born the same day"),
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
        Level(
            "two_digits",
            # `CASE` alone keeps dates of two lengths from `hamming`.
            "CASE WHEN length(birth_l) = 10 AND length(birth_r) = 10 THEN hamming(birth_l, birth_r) = 2 END",
            0.02,
            0.01,
            0,
            "dates of birth two digits apart",
        ),
        Level("same_year", "birth_year_l = birth_year_r", 0.02, 0.015, 0, "born in the same year"),
        Level("near", "abs(birth_year_l - birth_year_r) <= 1", 0.01, 0.03, 0, "born a year apart"),
        Level("different", "", 0.005, 0.93952, 0, "born on other days"),
    ),
    value="birth",
    role="birth",
    unlike=0.1,
    firmness=50_000,
)
PHONE = Comparison(
    "phone",
    either_null("phone"),
    (
        Level("same", "list_has_any(phones_l, phones_r)", 0.75, 2e-07, 1, "same telephone number"),
        Level("slip", slip("phone_l", "phone_r"), 0.06, 1e-05, 0, "telephone numbers one digit apart"),
        Level(
            "ending",
            "right(phone_l, 6) = right(phone_r, 6)",
            0.01,
            1e-05,
            0,
            "telephone numbers with the same ending",
        ),
        Level("different", "", 0.18, 0.9999798, 0, "different telephone numbers"),
    ),
    value="phones",
    role="phone",
    unlike=0.8,
    firmness=200_000,
)
_SAME_DIGITS = "email_digits_l = email_digits_r"
"""Namesakes make addresses apart by their digits: where these differ, likeness of the rest is the name's."""
_TELLING_DIGITS = f"({_SAME_DIGITS} AND length(email_digits_l) > 1)"
_LONG_LOCALS = "least(length(email_local_l), length(email_local_r)) > 4"
"""`h.k@…` and `f.j@…` are two letters apart, and two people of one household."""
_EMAILS_CLOSE = f"""({_SAME_DIGITS} AND ({slip("email_l", "email_r")} OR {_LONG_LOCALS}
    AND ({jw("email_l", "email_r")} >= .95 OR {two_slips("email_l", "email_r")})))"""
_EMAILS_ALIKE = f"({_SAME_DIGITS} AND {jw('email_local_l', 'email_local_r')} >= .88)"
_EMAILS_LOCAL = "email_local_l = email_local_r AND length(email_local_l) > 4"
_NAMES_AGREE = f"given_key_l = given_key_r AND {jw('family_l', 'family_r')} >= .78"
_SAID_BY_NAME = f"""email_l <> email_r AND (
    {_NAMES_AGREE} AND NOT {_TELLING_DIGITS}
        AND ({_EMAILS_LOCAL} OR email_domain_l = email_domain_r AND {_EMAILS_CLOSE})
    OR (given_key_l = given_key_r OR family_key_l = family_key_r) AND NOT ({_EMAILS_LOCAL})
        AND NOT {_EMAILS_CLOSE} AND {_EMAILS_ALIKE})"""
"""People make addresses of their names: where the names agree, a likeness of addresses says nothing more."""
EMAIL = Comparison(
    "email",
    f"{either_null('email')} OR {_SAID_BY_NAME}",
    (
        Level("same", "email_l = email_r", 0.7, 1e-07, 1, "same e-mail address"),
        Level("local", _EMAILS_LOCAL, 0.05, 1e-05, 0, "same e-mail name with another provider"),
        Level("close", _EMAILS_CLOSE, 0.08, 1e-05, 0, "e-mail addresses a letter or two apart"),
        Level("alike", _EMAILS_ALIKE, 0.02, 0.001, 0, "e-mail addresses somewhat alike"),
        Level("different", "", 0.15, 0.9989799, 0, "different e-mail addresses"),
    ),
    value="email",
    role="email",
    unlike=0.8,
    firmness=200_000,
)


def _spells(one: str, other: str) -> str:
    """The e-mail address of one has the other's family name in it."""
    family = f"replace(family_{other}, ' ', '')"
    return f"COALESCE(length({family}) > 3 AND contains(email_letters_{one}, {family}), FALSE)"


def _spells_both(one: str, other: str) -> str:
    given = f"replace(given_{other}, ' ', '')"
    told = f"length({given}) > 2 AND contains(email_letters_{one}, {given})"
    return f"({_spells(one, other)} AND COALESCE({told} AND given_key_l <> given_key_r, FALSE))"


EMAIL_NAME = Comparison(
    "email_name",
    # Where the names agree, an address made of them says nothing more.
    """email_letters_l IS NULL AND email_letters_r IS NULL OR family_key_l IS NULL OR family_key_r IS NULL
       OR family_key_l = family_key_r OR email_l = email_r
       OR jaro_winkler_similarity(family_l, family_r) >= .78
       OR list_has_any(family_parts_l, family_parts_r)""",
    (
        Level(
            "both",
            f"{_spells_both('l', 'r')} OR {_spells_both('r', 'l')}",
            0.2,
            1e-05,
            0,
            "the e-mail address of one spells the given and family name of the other",
        ),
        Level(
            "family",
            f"{_spells('l', 'r')} OR {_spells('r', 'l')}",
            0.1,
            0.0005,
            0,
            "the e-mail address of one spells the family name of the other",
        ),
        Level("neither", "", 0.7, 0.99949, 0, "no e-mail address spells the other's name"),
    ),
    role="email_name",
    firmness=200_000,
)
CARD = Comparison(
    "card",
    either_null("cards"),
    (
        Level("same", "list_has_any(cards_l, cards_r)", 0.6, 1e-5, 1, "paid with the same card"),
        Level("different", "", 0.4, 0.99999, 0, "paid with different cards"),
    ),
    value="cards",
    role="card",
    firmness=20_000,
)
IP = Comparison(
    "ip",
    either_null("ips"),
    (
        Level("same", "list_has_any(ips_l, ips_r)", 0.4, 0.0002, 1, "same internet address"),
        Level(
            "network",
            "list_has_any(networks_l, networks_r)",
            0.1,
            0.003,
            0,
            "internet addresses of one network",
        ),
        Level("different", "", 0.5, 0.9968, 0, "different internet addresses"),
    ),
    value="ips",
    role="ip",
    firmness=5_000,
)
RELAY = Comparison(
    "relay",
    either_null("relays"),
    (
        Level("same", "list_has_any(relays_l, relays_r)", 0.6, 0.005, 1, "same relay point"),
        Level("different", "", 0.4, 0.995, 0, "different relay points"),
    ),
    value="relays",
    role="relay",
    firmness=2_000,
)
_STREETS = f"(street_l = street_r OR {jw('street_l', 'street_r')} >= .9)"
_ONE_HOUSE = "street_l = street_r AND house_l = house_r"
_OTHER_DOOR = "(COALESCE(stairs_l <> stairs_r, FALSE) OR COALESCE(flat_l <> flat_r, FALSE))"
ADDRESS = Comparison(
    "address",
    either_null("street"),
    (
        Level("same", f"{_ONE_HOUSE} AND NOT {_OTHER_DOOR}", 0.58, 3e-06, 1, "same address"),
        Level("other_door", _ONE_HOUSE, 0.02, 1e-05, 1, "same house, another staircase or apartment"),
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
    either_null("postcode"),
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
    f"{either_null('sex')} OR given_l = given_r OR given_key_l = given_key_r",
    (
        Level("same", "sex_l = sex_r", 0.96, 0.5, 0, "same sex"),
        Level("different", "", 0.04, 0.5, 0, "other sex"),
    ),
    role="sex",
)
NATIONAL_ID = Comparison(
    "national_id",
    either_null("national_id"),
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
        either_null(name),
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
    "generation": GENERATION,
    "birth": BIRTH,
    "phone": PHONE,
    "email": EMAIL,
    "email_name": EMAIL_NAME,
    "card": CARD,
    "ip": IP,
    "relay": RELAY,
    "address": ADDRESS,
    "postcode": POSTCODE,
    "sex": SEX,
    "age": AGE,
    "national_id": NATIONAL_ID,
}
