"""Telephone numbers of a whole column at once, where they are written as most are."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers import phone

pc: Any = pyarrow.compute
_FRENCH = r"^(?:\+33|0033|33|0)(?P<national>[1-9][0-9]{8})$"
_MISTYPED = r"^0(?P<national>[1-9][0-9]{4,9})$"
"""A digit too few or too many; a French number has nine behind the nought."""


def plain_numbers(texts: Any, country: str) -> Any:
    """What `phone.parse_all` finds in texts that are one French number, as int64.

    Args:
        texts: as written.
        country: ISO 3166 alpha-2 of numbers in national form.

    Returns:
        Null for every other text: it must be read by itself.
    """
    found: Any = pa.nulls(len(texts), pa.int64())
    if country != "FR":
        return found
    bare = pc.replace_substring_regex(texts, f"[{re.escape(phone.SEPARATORS)}]", "")
    national = pc.struct_field(pc.extract_regex(bare, _FRENCH), "national")
    mistyped = pc.struct_field(pc.extract_regex(texts, _MISTYPED), "national")
    # What is too short keeps its nought: the library takes it away from a possible number only.
    long = pc.equal(pc.utf8_length(mistyped), 10)
    mistyped = pc.if_else(long, mistyped, pc.binary_join_element_wise("0", mistyped, ""))
    return pc.coalesce(
        _abroad(national), pc.cast(pc.binary_join_element_wise("33", mistyped, ""), pa.int64())
    )


def _abroad(national: Any) -> Any:
    """French nine digits with their country code, overseas ones with that of their island."""
    code: Any = pa.nulls(len(national), pa.int64())
    asked = pc.match_substring_regex(national, f"^(?:{phone.OVERSEAS_NATIONAL.pattern})$")
    fiction = pc.match_substring_regex(national, f"^(?:{phone.FICTION.pattern})$")
    asked = pc.fill_null(pc.and_not(asked, fiction), False)
    those = national.filter(asked)
    codes: Any = pa.nulls(len(those), pa.int64())
    for country in (33, *phone.OVERSEAS):
        known = pc.match_substring_regex(those, f"^(?:{phone.plan(country).pattern})$")
        codes = pc.coalesce(codes, pc.if_else(known, pa.scalar(country, pa.int64()), None))
    code = pc.replace_with_mask(code, asked, codes)
    return pc.add(pc.multiply(pc.fill_null(code, 33), 10**9), pc.cast(national, pa.int64()))
