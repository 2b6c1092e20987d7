"""Numbers as networks record them: often all E.164 digits with nothing before them (3GPP TS 23.003 §3.3)."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from parloir.identifiers import phone

PLANNED = (9, 18)
"""Digits of a text whose reading is told by the block of numbers that it stands in."""
BLOCK = 10_000
"""Numbering plans give numbers out in blocks of this size or larger: the last four digits decide nothing."""
_LONGEST_NATIONAL = 12
"""Digits from which a text that begins with the country's own code is not national."""


def parse_msisdn(text: str, country: str) -> int | None:
    """E.164 digits, or None for short codes and names.

    Ten to fifteen digits without a zero before them are read as the plan that knows them has it, as
    international where both could be meant. Where none knows them, twelve or more are international.

    Args:
        text: as recorded.
        country: ISO 3166 alpha-2 of the operator.
    """
    plain = text.strip()
    if plain.isascii() and plain.isdecimal() and PLANNED[0] <= len(plain) <= PLANNED[1]:
        shift = shift_of(plain[:-4], country)
        if shift is not None:
            return int(plain) + shift
    return read_alone(plain, country)


@lru_cache(maxsize=1 << 17)
def shift_of(block: str, country: str) -> int | None:
    """What to add to digits to have the E.164 number, by all of them but the last four; None: unknown."""
    example = f"{block}5000"
    number = read_alone(example, country)
    return None if number is None else number - int(example)


@lru_cache(maxsize=1 << 16)
def read_alone(plain: str, country: str) -> int | None:
    """`parse_msisdn` without a look at the block."""
    found = phone.parse(plain, country)
    if not (plain.isascii() and plain.isdecimal() and 10 <= len(plain) <= phone.LONGEST) or plain[0] == "0":
        return found.number if found else None
    abroad = phone.parse(f"+{plain}", country)
    code = str(phonenumbers.country_code_for_region(country) or "-")
    if abroad and plain.startswith(code) and (abroad.valid or len(plain) >= _LONGEST_NATIONAL):
        return abroad.number
    if found and found.valid:
        return found.number
    if abroad and (abroad.valid or not found or plain.startswith(code)):
        return abroad.number
    return found.number if found else None
