"""What is compared, in levels from the strongest agreement to none, with what each says in words."""

from __future__ import annotations

from parloir.identities.ages import AGE
from parloir.identities.contact_comparisons import CARD, EMAIL, EMAIL_NAME, IP, PHONE, RELAY
from parloir.identities.levels import Comparison, Level, either_null, jw, slip
from parloir.identities.name_comparisons import FAMILY, GENERATION, GIVEN, NAME_ORDER

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
