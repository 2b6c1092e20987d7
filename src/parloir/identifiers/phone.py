"""Telephone numbers as E.164 digits (ITU-T E.164), whatever way they were written.

Validity is recorded and never decides: a number that no plan knows (a fictitious one, a mistyped one) is kept
and compared like any other. Which operator a prefix was given to is not told, because numbers are ported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from parloir.identifiers.digits import western

SHORTEST, LONGEST = 7, 15
"""Digits of a number with its country code. Shorter ones are service codes; E.164 allows 15."""

_FRENCH = re.compile(r"(?:\+33|0033|33|0)([1-9][0-9]{8})")
SEPARATORS = " .-\u00a0\u2009\u202f"
_NO_SEPARATORS = str.maketrans("", "", SEPARATORS)
_BREAK = re.compile(r"[^0-9+()./\- ]+")
_LOOSE = re.compile(r"[/(]|\s-\s|\s{2,}|(?=\+)")
_CODE_AND_TRUNK = re.compile(r"(\+|00)([0-9 .\-]{1,6})\(0\)")
_SPREADSHEET = re.compile(r"([0-9]{6,15})\.0+")
OVERSEAS = (262, 590, 594, 596, 508)
"""Country codes of numbers that are written in France's national form."""
_KINDS = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip")
"""Kinds of numbers that a plan of these knows."""
OVERSEAS_NATIONAL = re.compile(r"(26[239]|508|590|594|596|639|69[0-9]|70[89])[0-9]{6}")
FICTION = re.compile(r"(199|261|353|465|536)[0-9]{6}|63998[0-9]{4}")
"""Prefixes that the French plan reserves for fiction (Arcep decision 2018-0881)."""


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone number.

    Attributes:
        number: E.164 digits as an integer, the country code first.
        raw: as written, the whole field.
    """

    number: int
    raw: str

    @property
    def valid(self) -> bool:
        """Whether the numbering plan of its country knows it."""
        return _valid(self.number)


def parse(raw: str | None, country: str) -> Phone | None:
    """The first number in a field.

    Args:
        raw: as written; remarks beside the number ("perso") are ignored and never read as digits.
        country: ISO 3166 alpha-2 of numbers in national form.
    """
    found = parse_all(raw, country)
    return found[0] if found else None


@lru_cache(maxsize=1 << 15)
def parse_all(raw: str | None, country: str) -> tuple[Phone, ...]:
    """Every number in a field, in its order, none twice."""
    if not raw:
        return ()
    plain = raw.translate(_NO_SEPARATORS)
    if country == "FR" and (match := _FRENCH.fullmatch(plain)):
        return (Phone(_overseas(int(f"33{match[1]}")), raw),)
    numbers = dict.fromkeys(number for piece in _pieces(raw) for number in _numbers(piece, country))
    return tuple(Phone(number, raw) for number in numbers)


def text(number: int) -> str:
    """For people: international form, with its groups where the plan is known."""
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return f"+{number}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _pieces(raw: str) -> list[str]:
    """The field cut where letters or list signs stand between numbers."""
    flat = unicodedata.normalize("NFKC", western(raw))
    if match := _SPREADSHEET.fullmatch(flat.strip()):
        return [match[1]]
    return [piece.strip() for piece in _BREAK.split(_CODE_AND_TRUNK.sub(r"\1\2", flat)) if piece.strip()]


def _numbers(piece: str, country: str) -> list[int]:
    """A piece as one number or, where it is too long for one, as several."""
    number = _number(piece, country)
    if number is not None:
        return [number]
    parts = [_number(part, country) for part in _LOOSE.split(piece) if part]
    return [part for part in parts if part is not None]


def _number(piece: str, country: str) -> int | None:
    digits = re.sub(r"[^0-9]", "", piece)
    if not 6 <= len(digits) <= LONGEST + 3:
        return None
    plus = "+" if piece.lstrip("( ").startswith("+") else ""
    number = _overseas(_international(plus + digits, country))
    if not plus and _is_foreign(number, digits):
        return int(digits)
    return number if SHORTEST <= len(str(number)) <= LONGEST and _one_number(number, digits) else None


def _is_foreign(number: int, digits: str) -> bool:
    """Digits that are no number of this country, and are another's with its code but without its plus."""
    parsed = _parsed(number)
    ours = parsed is not None and phonenumbers.is_possible_number(parsed)
    return not ours and not digits.startswith("0") and len(digits) <= LONGEST and _valid(int(digits))


def _one_number(number: int, digits: str) -> bool:
    """False for digits of two numbers in a row: the plan says that they are too many."""
    if len(digits) <= 11:
        return True
    parsed = _parsed(number)
    return parsed is None or phonenumbers.is_possible_number(parsed)


def _international(digits: str, country: str) -> int:
    try:
        parsed = phonenumbers.parse(digits, country or None)
    except phonenumbers.NumberParseException:
        return int(digits.removeprefix("+").removeprefix("00") or 0)
    return int(f"{parsed.country_code}{phonenumbers.national_significant_number(parsed)}")


def _overseas(number: int) -> int:
    """France's national form of an overseas number, under the country code it belongs to."""
    code, national = divmod(number, 10**9)
    written = str(national)
    if code != 33 or not OVERSEAS_NATIONAL.fullmatch(written) or FICTION.fullmatch(written):
        return number
    codes = [code for code in OVERSEAS if plan(code).fullmatch(written)]
    return number if not codes or plan(33).fullmatch(written) else codes[0] * 10**9 + national


@lru_cache(maxsize=len(OVERSEAS) + 1)
def plan(code: int) -> re.Pattern[str]:
    """The national numbers under a country code: their pattern costs a thousandth of asking for a number."""
    plans = map(
        phonenumbers.PhoneMetadata.metadata_for_region, phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
    )
    kinds = (getattr(plan, kind) for plan in plans for kind in _KINDS)
    patterns = (kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@lru_cache(maxsize=1 << 14)
def _valid(number: int) -> bool:
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _parsed(number: int) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return None
