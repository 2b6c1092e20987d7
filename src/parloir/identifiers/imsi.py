"""IMSI, the identity of a SIM (ITU-T E.212): 3 digits of country, 2 or 3 of network, at most 15 in all."""

from __future__ import annotations

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.identifiers.columns import one_array

pc: Any = pyarrow.compute
_WRITTEN = re.compile(r"[0-9](?:[ \-]?[0-9]){13,14}")


def parse(raw: str | int | None) -> int | None:
    """An IMSI of 14 or 15 digits as an integer; None for anything else."""
    written = "" if raw is None else str(raw).strip()
    if not written.isascii() or not _WRITTEN.fullmatch(written):
        return None
    return int(re.sub(r"[ \-]", "", written)) or None


def country(imsi: int) -> int:
    """Mobile country code: 208 for France. IMSIs of 14 digits, which a few networks use, are told by size."""
    return int(text(imsi)[:3])


def text(imsi: int) -> str:
    """The digits, with the leading zeros of test networks (001) put back."""
    return str(imsi) if imsi >= 10**13 else f"{imsi:015d}"


def imsi_column(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """`parse` of each text or integer as int64, null where it is no IMSI."""
    array: Any = one_array(values)
    digits = pc.replace_substring_regex(pc.cast(array, pa.string()), pattern=r"[ \-]", replacement="")
    right = pc.match_substring_regex(digits, r"^[0-9]{14,15}$")
    imsi = pc.cast(pc.if_else(right, digits, None), pa.int64())
    result: pa.Array[Any] = pc.if_else(pc.greater(imsi, 0), imsi, pa.scalar(None, pa.int64()))
    return result
