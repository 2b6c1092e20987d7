"""Numbers as networks record them: often all E.164 digits with nothing before them (3GPP TS 23.003 §3.3)."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers

from parloir.identifiers import phone

_LONGEST_NATIONAL = 12
"""Digits from which a text that begins with the country's own code is not national."""


@lru_cache(maxsize=1 << 17)
def parse_msisdn(text: str, country: str) -> int | None:
    """E.164 digits, or None for short codes and names.

    Ten to fifteen digits without a zero before them are read as the plan that knows them has it, as
    international where both could be meant. Where none knows them, twelve or more are international.

    Args:
        text: as recorded.
        country: ISO 3166 alpha-2 of the operator.
    """
    plain = text.strip()
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
