"""The columns of an address: street and house number in one form, the words of both, the door within."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import address
from parloir.identifiers.address import Address
from parloir.identities.columns import Columns, each_of, encode, merged

pc: Any = pyarrow.compute
_NUMBERED = "^(?P<number>[0-9]{1,4})(?P<rest>[a-z ]*)$"
_TOLD = ("number", "repetition", "street", "complement", "cedex", "place")
_INSIDE = tuple(one.name for one in fields(Address) if one.name not in _TOLD)
_FORMS = ("street", "house", "parts", "stairs", "flat")
_Forms = tuple[str | None, ...]


def address_columns(lines: Any) -> Columns:
    """Street, house, parts, stairs and flat of each home; null for what is none.

    Args:
        lines: the columns of an address side by side, with U+001F between.
    """
    encoded = encode(lines)
    texts = encoded.dictionary
    found = pc.extract_regex(_plain(texts), _NUMBERED)
    rests = encode(pc.struct_field(found, "rest"))
    after = [_after_number(rest) for rest in rests.dictionary.to_pylist()]
    known: Any = pa.array([one is not None for one in after], pa.bool_()).take(rests.indices)
    left = pc.invert(pc.fill_null(known, False))
    others = texts.filter(left)
    made = {}
    for place, name in enumerate(_FORMS):
        forms: Any = pa.array([one[place] if one else None for one in after], pa.string()).take(rests.indices)
        if name in ("house", "parts"):
            number = pc.utf8_ltrim(pc.struct_field(found, "number"), "0")
            number = pc.if_else(pc.equal(number, ""), "0", number)
            forms = pc.utf8_trim(pc.binary_join_element_wise(number, forms, " "), " ")
        slow = each_of(others, partial(_form, place), pa.string())
        made[name] = merged(forms, left, slow).take(encoded.indices)
    return {
        "street": made["street"],
        "house": made["house"],
        "street_parts": pc.split_pattern(made["parts"], " "),
        "stairs": made["stairs"],
        "flat": made["flat"],
    }


def _plain(texts: Any) -> Any:
    """As `fold` has them, where they hold no other signs."""
    plain = pc.ascii_lower(texts)
    for sign in ("\x1f", ",", "-", "."):
        plain = pc.replace_substring(plain, sign, " ")
    return pc.replace_substring(plain, "'", "")


@lru_cache(maxsize=1 << 15)
def _after_number(rest: str) -> _Forms | None:
    """Street, repetition and words of an address by what follows its number of up to four digits; None where
    more than house and street is told, which the number might be part of."""
    found = address.parse(f"1{rest}")
    if found is None or found.number != "1" or any(getattr(found, name) for name in _INSIDE):
        return None
    words = f"{found.repetition} {found.street} {found.complement}"
    if any(sign.isdigit() for sign in words):
        return None
    if found.place != "home":
        return (None,) * len(_FORMS)
    street = " ".join((found.street, found.complement)).strip()
    return (
        street or None,
        found.repetition,
        " ".join(sorted(set(f"{found.street} {found.complement}".split()))),
        None,
        None,
    )


def _form(place: int, text: str) -> str:
    return read(text)[place]


@lru_cache(maxsize=1 << 16)
def read(text: str) -> tuple[str, ...]:
    """Street, house, words, building or staircase, and apartment; empty for what is no home."""
    found = address.parse(text.replace("\x1f", " "))
    if found is None or found.place != "home":
        return ("",) * len(_FORMS)
    street = " ".join((found.street, found.complement)).strip()
    house = " ".join((found.number, found.repetition)).strip()
    words = " ".join(sorted(set(f"{found.number} {street}".split())))
    return street, house, words, found.building or found.staircase, found.apartment
