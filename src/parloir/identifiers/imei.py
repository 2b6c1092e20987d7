"""IMEI, the identity of a handset (3GPP TS 23.003 §6): 14 digits are the identity, the rest is not.

A label bears 15 digits, the last a Luhn check digit; the network sends that digit as 0 (TS 23.003 §6.2.1);
an IMEISV has 16, the last two a software version. Only the first 14 are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers.columns import one_array
from parloir.identifiers.digits import western, western_column

pc: Any = pyarrow.compute
Check = Literal["ok", "wrong", "absent", "zero"]

COPY = 10**14
"""Added to the IMEI14 of the second handset of a cloned IMEI, and again for the third."""
_NOT_DIGITS = r"[^0-9]"
_DUAL = re.compile(r"^\D*([0-9][0-9 \-]{13,20}[0-9])\s*/\s*[0-9]{2}\D*$")
"""IMEI and software version as a handset shows them, `352099001761481/01`."""


@dataclass(frozen=True, slots=True)
class Imei:
    """One IMEI.

    Attributes:
        imei14: the identity, an integer of 14 digits (fewer where the allocation code begins with 0).
        check: `ok` or `wrong` by Luhn's rule; `absent` for 14 and 16 digits; `zero` for the network's filler.
        version: software version of an IMEISV, else None.
    """

    imei14: int
    check: Check
    version: int | None = None


def parse(raw: str | int | None) -> Imei | None:
    """An IMEI as written on a label or in a record; None but for 14, 15 or 16 digits, not all zeros."""
    written = "" if raw is None else western(str(raw))
    if dual := _DUAL.match(written):
        written = dual[1]
    digits = re.sub(_NOT_DIGITS, "", written)
    if not 14 <= len(digits) <= 16 or not int(digits[:14]):
        return None
    imei14 = int(digits[:14])
    if len(digits) == 15:
        return Imei(imei14, _check(imei14, int(digits[14])))
    return Imei(imei14, "absent", int(digits[14:]) if len(digits) == 16 else None)


def _check(imei14: int, digit: int) -> Check:
    if digit == luhn_digit(imei14):
        return "ok"
    return "wrong" if digit else "zero"


def luhn_digit(imei14: int) -> int:
    """The check digit of a label (TS 23.003 annex B)."""
    total = 0
    for place in range(14):
        imei14, digit = divmod(imei14, 10)
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def tac(imei14: int) -> int:
    """Type allocation code: the first 8 digits."""
    return imei14 // 1_000_000


def text(imei14: int) -> str:
    """All 14 digits, leading zeros too."""
    return f"{imei14:014d}"


def label(imei14: int) -> str:
    """The 15 digits that a label bears."""
    return f"{text(imei14)}{luhn_digit(imei14)}"


def handset_name(handset: str) -> str:
    """What people read for the number of a handset: its IMEI14, and which copy it is of a cloned one."""
    imei14, copy = copy_of(handset)
    return f"{imei14} (copy {copy})" if copy else imei14


def copy_of(handset: str) -> tuple[str, int]:
    """IMEI14 of the number that names a handset, and which copy of it; 0 where the IMEI is not cloned."""
    if not handset.isdecimal() or int(handset) < COPY:
        return handset, 0
    copy, imei14 = divmod(int(handset), COPY)
    return text(imei14), copy


def imei14_column(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """`parse(...).imei14` of each text or integer as int64, null where it is no IMEI."""
    array: Any = one_array(values)
    if pa.types.is_integer(array.type):
        array = pc.cast(array, pa.string())
    written = western_column(pc.cast(array, pa.string()))
    digits = pc.replace_substring_regex(written, pattern=_NOT_DIGITS, replacement="")
    length = pc.utf8_length(digits)
    right = pc.and_(pc.greater_equal(length, 14), pc.less_equal(length, 16))
    imei14 = pc.cast(pc.utf8_slice_codeunits(pc.if_else(right, digits, None), 0, 14), pa.int64())
    result: pa.Array[Any] = pc.if_else(pc.greater(imei14, 0), imei14, pa.scalar(None, pa.int64()))
    return result
