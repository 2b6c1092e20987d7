"""How ways to reach somebody are compared: telephone, e-mail, card, address on the internet, relay point."""

from __future__ import annotations

from parloir.identities.levels import Comparison, Level, either_null, jw, slip, two_slips

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
