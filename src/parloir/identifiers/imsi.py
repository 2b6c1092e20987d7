"""IMSI, the identity of a SIM (ITU-T E.212): 3 digits of country, 2 or 3 of network, at most 15 in all."""

from __future__ import annotations

import re
from typing import Any

import pyarrow.compute

from parloir.identifiers.digits import western

pc: Any = pyarrow.compute
_WRITTEN = re.compile(r"[0-9](?:[ \-]?[0-9]){13,14}")


def parse(raw: str | int | None) -> int | None:
    """An IMSI of 14 or 15 digits as an integer; None for anything else."""
    written = "" if raw is None else western(str(raw)).strip()
    if not _WRITTEN.fullmatch(written):
        return None
    return int(re.sub(r"[ \-]", "", written)) or None


def country(imsi: int) -> int:
    """Mobile country code: 208 for France. IMSIs of 14 digits, which a few networks use, are told by size."""
    return int(text(imsi)[:3])


def text(imsi: int) -> str:
    """The digits, with the leading zeros of test networks (001) put back."""
    return str(imsi) if imsi >= 10**13 else f"{imsi:015d}"
