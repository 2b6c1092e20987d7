"""Where a handset was, as ETSI TS 102 657 writes it: user location information and coordinates."""

from __future__ import annotations

import re
from functools import lru_cache

from parloir.identifiers import radio_cell
from parloir.readers.amounts import parse_degrees

_DMS = re.compile(r"([NS][0-9]{2}|[EW][0-9]{2,3})([0-9]{2})([0-9]{2}(?:\.[0-9]{1,6})?)")
_SIGNED = re.compile(r"([NSEW])([0-9]{1,3}(?:\.[0-9]{1,12})?)")
_GTP1_TYPE = 86
"""Type of the information element that GTP version 1 puts before the location (3GPP TS 29.060 §7.7.51)."""
_GTP1_KINDS = {0: 0x01, 1: 0x02}
"""Its geographic location types CGI and SAI, as the flags of version 2."""
_FIELDS = ((0x01, 7), (0x02, 7), (0x04, 7), (0x08, 5), (0x10, 7), (0x20, 5))
"""Flags of GTP version 2 and the octets of their fields, in the order they stand in (3GPP TS 29.274 §8.21):
CGI, SAI, RAI, TAI, ECGI, LAI."""
_NAMES = {0x10: "ECGI", 0x01: "CGI", 0x02: "SAI"}
"""Fields that name a radio cell, the narrowest first."""


@lru_cache(maxsize=1 << 14)
def parse_location(written: str) -> int | None:
    """The radio cell of a `userLocationInformation`: hexadecimal octets, or as people write one."""
    plain = written.removeprefix("0x").replace(" ", "")
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2}){8,40}", plain):
        return radio_cell.parse(written)
    octets = bytes.fromhex(plain)
    if octets[0] == _GTP1_TYPE:
        return _gtp1(octets[3:])
    return _gtp2(octets[0], octets[1:])


def _gtp1(octets: bytes) -> int | None:
    if len(octets) == 8 and octets[0] in _GTP1_KINDS:
        return _gtp2(_GTP1_KINDS[octets[0]], octets[1:])
    # Some operators put the octets of version 2 behind the header of version 1.
    return _gtp2(octets[0], octets[1:]) if octets else None


def _gtp2(flags: int, octets: bytes) -> int | None:
    fields: dict[int, bytes] = {}
    for flag, size in _FIELDS:
        if flags & flag:
            fields[flag], octets = octets[:size], octets[size:]
    for flag, kind in _NAMES.items():
        if len(field := fields.get(flag, b"")) == 7 and (network := _network(field[:3])):
            # An ECGI has four spare bits before its cell of 28 (TS 23.003 §19.6).
            area, cell = int.from_bytes(field[3:5]), int.from_bytes(field[5:])
            told = str(int.from_bytes(field[3:]) & 0x0FFFFFFF) if kind == "ECGI" else f"{area}-{cell}"
            return radio_cell.parse(f"{kind}:{network}-{told}")
    return None


def _network(octets: bytes) -> str:
    """Country and network code from three octets of swapped decimal digits (3GPP TS 24.008 §10.5.1.3)."""
    digits = [nibble for octet in octets for nibble in (octet & 15, octet >> 4)]
    country, network = digits[:3], [digits[4], digits[5]] + ([] if digits[3] == 15 else [digits[3]])
    if any(digit > 9 for digit in (*country, *network)):
        return ""
    return "".join(map(str, country)) + "-" + "".join(map(str, network))


@lru_cache(maxsize=1 << 14)
def parse_coordinate(written: str, limit: float) -> float | None:
    """Degrees from `N515715` and `E0144130.5` (degrees, minutes, seconds), `N51.5046` or `51.5046`."""
    text = written.strip().upper()
    if match := _DMS.fullmatch(text):
        degrees = int(match[1][1:]) + int(match[2]) / 60 + float(match[3]) / 3600
    elif match := _SIGNED.fullmatch(text):
        degrees = float(match[2])
    else:
        return parse_degrees(text, limit)
    degrees = -degrees if text[0] in "SW" else degrees
    return round(degrees, 6) if -limit <= degrees <= limit else None
