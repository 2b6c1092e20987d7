"""Records of one or two files in the one form that blocking and comparing work on."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import phone
from parloir.identifiers.person_name import fold
from parloir.identifiers.phone_columns import plain_numbers
from parloir.identities import dates, parents
from parloir.identities.address_columns import address_columns
from parloir.identities.ages import OLDEST
from parloir.identities.columns import Columns, as_text, distinct, each, joined
from parloir.identities.email_columns import email_columns
from parloir.identities.name_columns import name_columns
from parloir.identities.naming import Vocabulary
from parloir.identities.roles import TEXTS, Profile

pc: Any = pyarrow.compute

NAMES = (
    "given",
    "given_sex",
    "given_short",
    "family",
    "given_key",
    "family_key",
    "given_parts",
    "family_parts",
    "names",
    "name_sets",
)
FIELDS: dict[str, tuple[str, ...]] = {
    "name_order": NAMES,
    "generation": ("generation",),
    "given": NAMES,
    "family": NAMES,
    "birth": ("birth", "birth_year", "birth_day", "birth_turned"),
    "phone": ("phone", "phones"),
    "email": ("email", "email_local", "email_domain", "email_digits", "email_letters"),
    "email_name": (*NAMES, "email_letters"),
    "card": ("cards",),
    "ip": ("ips", "networks"),
    "relay": ("relays",),
    "address": ("street", "house", "street_parts", "stairs", "flat"),
    "postcode": ("postcode",),
    "sex": ("sex",),
    "age": ("age",),
    "national_id": ("national_id",),
}
"""Columns of the records that each known comparison reads."""
NUMBERS = {"birth_year", "age"}
POSTCODE_DIGITS = 5
"""Of most countries; shorter codes of both files get the same noughts, which changes nothing."""
LISTS = {
    "given_parts",
    "family_parts",
    "names",
    "name_sets",
    "phones",
    "street_parts",
    "cards",
    "ips",
    "networks",
    "relays",
}


@dataclass(frozen=True)
class Shape:
    """Which columns two files have in common.

    Attributes:
        known: names of known comparisons that both can fill.
        texts: comparison → (role, title) of columns compared as text.
    """

    known: tuple[str, ...]
    texts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Reading:
    """What only the whole file tells of how its texts are read.

    Attributes:
        country: of telephone numbers in national form.
        words: that the files use as given and as family names.
        month_first: whether dates are written with the month before the day.
    """

    country: str
    words: Vocabulary
    month_first: bool

    @classmethod
    def of(cls, table: pa.Table, profile: Profile, country: str, words: Vocabulary) -> Reading:
        """Of one file."""
        column = profile.column("birth")
        return cls(country, words, dates.month_first(distinct(table[column])) if column else False)


def records(table: pa.Table, profile: Profile, texts: Mapping[str, str], reading: Reading) -> pa.Table:
    """The records of rows of one file, one for each, in their order.

    Args:
        table: the rows.
        profile: the roles of their columns.
        texts: comparison → column, for columns compared as text.
        reading: of the file.
    """
    rows = table.num_rows
    made: Columns = {}
    made |= name_columns(table, profile, reading.words)
    made |= _birth(table, profile, reading.month_first)
    made |= _phones(table, profile, reading.country)
    made |= _emails(table, profile)
    made |= _address(table, profile)
    made |= _plain(table, profile)
    made |= _shared(table, profile)
    for name, column in texts.items():
        made[name] = each(table[column], parents.form if name in parents.PARENTS else fold, pa.string())
        if name in parents.PARENTS:
            made[f"{name}_key"] = each(table[column], parents.key, pa.string())
    made["name_sets"] = _name_sets(made, rows)
    missing = {name for fields in FIELDS.values() for name in fields} - made.keys()
    for name in sorted(missing):
        nothing: Any = pa.nulls(rows)
        made[name] = nothing.cast(_type(name))
    return pa.table({name: made[name] for name in sorted(made)})


def _type(name: str) -> pa.DataType:
    if name in NUMBERS:
        return pa.int16()
    return pa.list_(pa.string()) if name in LISTS else pa.string()


def _birth(table: pa.Table, profile: Profile, month_first: bool) -> Columns:
    column = profile.column("birth")
    year = profile.column("birth_year")
    if column:
        return _birth_forms(each(table[column], lambda text: dates.parse(text, month_first), pa.string()))
    if year:
        columns = [profile.column(role) for role in ("birth_year", "birth_month", "birth_day")]
        parts = [as_text(table[part]).combine_chunks() for part in columns if part]
        return _birth_forms(
            each(joined(parts, "-"), lambda text: dates.parse(text.split("--")[0].rstrip("-")), pa.string())
        )
    return {}


def _birth_forms(birth: Any) -> Columns:
    """The date with its year, its month and day, and itself with these two in each other's place."""
    year, month_day = pc.utf8_slice_codeunits(birth, 0, 4), pc.utf8_slice_codeunits(birth, 5)
    month_day = pc.if_else(pc.equal(pc.utf8_length(birth), 10), month_day, None)
    day, month = pc.utf8_slice_codeunits(month_day, 3), pc.utf8_slice_codeunits(month_day, 0, 2)
    return {
        "birth": birth,
        "birth_year": pc.cast(year, pa.int16()),
        "birth_day": month_day,
        "birth_turned": pc.binary_join_element_wise(year, day, month, "-"),
    }


def _phones(table: pa.Table, profile: Profile, country: str) -> Columns:
    columns = profile.roles.get("phone", ())
    if not columns:
        return {}

    def numbers(text: str) -> str:
        found = [str(one.number) for part in text.split("\x1f") for one in phone.parse_all(part, country)]
        digits = "" if found else "".join(c for c in text if c.isdigit())
        return " ".join(dict.fromkeys(found)) or (digits if len(digits) > 3 else "")

    def plain(texts: Any) -> Any:
        return pc.cast(plain_numbers(pc.utf8_trim(texts, "\x1f"), country), pa.string())

    phones = pc.split_pattern(each(_together(table, columns), numbers, pa.string(), plain), " ")
    return {"phone": pc.list_element(phones, 0), "phones": phones}


def _together(table: pa.Table, columns: tuple[str, ...]) -> Any:
    parts = [as_text(table[column]).combine_chunks() for column in columns]
    return joined(parts, "\x1f")


def _emails(table: pa.Table, profile: Profile) -> Columns:
    columns = profile.roles.get("email", ())
    return email_columns(_together(table, columns)) if columns else {}


def _name_sets(made: Columns, rows: int) -> pa.Array[Any]:
    """All names of a record as one text, and those that its e-mail address spells: for blocking."""
    nothing: Any = pa.nulls(rows, pa.string())
    told = [made.pop(column, nothing) for column in ("names_whole", "email_words")]
    one, other = pc.min_element_wise(*told), pc.max_element_wise(*told)
    both = pc.if_else(pc.equal(one, other), one, pc.binary_join_element_wise(one, other, ";"))
    sets: pa.Array[Any] = pc.split_pattern(both, ";")
    return sets


def _address(table: pa.Table, profile: Profile) -> Columns:
    streets = profile.roles.get("address", ())
    columns = (*profile.roles.get("house", ()), *streets) if streets else ()
    return address_columns(_together(table, columns)) if columns else {}


def _shared(table: pa.Table, profile: Profile) -> Columns:
    """What an order shares with others of its buyer, and of others: card, internet address, relay point."""
    made: Columns = {}
    lists = pa.list_(pa.string())
    for role, column in (("card", "cards"), ("relay", "relays"), ("ip", "ips")):
        if columns := profile.roles.get(role, ()):
            together = _together(table, columns)
            made[column] = each(together, _network_hosts if role == "ip" else _parts, lists)
            if role == "ip":
                made["networks"] = each(together, _networks, lists)
    return made


def _parts(text: str) -> list[str]:
    return sorted({fold(part) for part in re.split(r"[;\x1f]", text)} - {""})


def _addresses(text: str) -> list[IPv4Address | IPv6Address]:
    found = []
    for part in re.split(r"[;,\s\x1f]", text):
        with contextlib.suppress(ValueError):
            found.append(ip_address(part))
    return found


def _network_hosts(text: str) -> list[str]:
    """An IPv4 address, or the /64 that one line of IPv6 has (RFC 6177)."""
    return _prefixes(text, 32, 64)


def _networks(text: str) -> list[str]:
    return _prefixes(text, 24, 48)


def _prefixes(text: str, four: int, six: int) -> list[str]:
    lengths = {4: four, 6: six}
    return sorted({str(ip_network((one, lengths[one.version]), strict=False)) for one in _addresses(text)})


def _postcode(text: str) -> str:
    """Without blanks; codes of digits with the leading noughts that spreadsheets drop: `1000` is `01000`."""
    code = fold(text).replace(" ", "")
    return code.zfill(POSTCODE_DIGITS) if code.isdigit() else code


def _plain(table: pa.Table, profile: Profile) -> Columns:
    made: Columns = {}
    if column := profile.column("postcode"):
        made["postcode"] = each(table[column], _postcode, pa.string())
    if column := profile.column("sex"):
        made["sex"] = each(table[column], _sex, pa.string())
    if column := profile.column("age"):
        made["age"] = pc.cast(each(table[column], _age, pa.string()), pa.int16())
    if columns := profile.roles.get("national_id", ()):
        made["national_id"] = each(
            _together(table, columns), lambda text: fold(text).replace(" ", ""), pa.string()
        )
    return made


def _age(text: str) -> str:
    """Whole years; months and days of small children (`8 mois`, `3 jours`) are none."""
    match = re.fullmatch(r"([0-9]{1,3})(?:[.,][0-9]+)?(?: *(?:a|y|jahr).*)?", text.strip().lower())
    return match[1] if match and int(match[1]) <= OLDEST else ""


_SEXES = {
    "h": "m",
    "homme": "m",
    "male": "m",
    "man": "m",
    "masculin": "m",
    "mr": "m",
    "1": "m",
    "monsieur": "m",
} | {
    "femme": "f",
    "female": "f",
    "woman": "f",
    "feminin": "f",
    "mme": "f",
    "2": "f",
    "mlle": "f",
    "mrs": "f",
    "ms": "f",
    "madame": "f",
}


def _sex(text: str) -> str:
    folded = fold(text)
    return _SEXES.get(folded, folded if folded in ("m", "f") else "")


def shape(left: Profile, right: Profile | None) -> Shape:
    """The comparisons that both files can fill."""
    sides = (left, right or left)
    known = [
        name
        for name, roles in _NEEDS.items()
        if all(any(role in side.roles for role in roles) for side in sides)
    ]
    if all({"given", "family", "full_name"} & side.roles.keys() for side in sides) and any(
        "email" in side.roles for side in sides
    ):
        known.append("email_name")
    texts = {
        role: (role, role.replace("_", " "))
        for role in (*TEXTS, "city")
        if all(role in side.roles for side in sides)
    }
    common = [name for name in left.texts if name in sides[1].texts]
    texts |= {f"text_{i}": ("text", f"“{name}”") for i, name in enumerate(common)}
    return Shape(tuple(known), texts)


_NEEDS = {
    "name_order": ("given", "family", "full_name"),
    "generation": ("given", "family", "full_name"),
    "given": ("given", "full_name"),
    "family": ("family", "full_name"),
    "birth": ("birth", "birth_year"),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("address",),
    "postcode": ("postcode",),
    "sex": ("sex",),
    "age": ("age",),
    "national_id": ("national_id",),
    "card": ("card",),
    "ip": ("ip",),
    "relay": ("relay",),
}


def text_columns(shape_: Shape, profile: Profile) -> dict[str, str]:
    """Comparison → column of this file, for columns compared as text."""
    found = {}
    for name, (role, title) in shape_.texts.items():
        found[name] = profile.texts[title.strip("“”")] if role == "text" else str(profile.column(role))
    return found
