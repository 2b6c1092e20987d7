"""Radio cells as one integer of 63 bits, the same for the same cell however it was written.

Kinds (3GPP TS 23.003): CGI §4.3.1 (2G, 3G) and SAI §12.5 (3G): country, network, area code of 16 bits,
cell or service area of 16; ECGI §19.6 (4G): cell of 28 bits; NCGI §19.6A (5G): cell of 36 bits. A tracking
area written beside a 4G cell is no part of its identity and is dropped.

    bit  62      1: coded here; 0: a plain integer of the operator, passed through
    bits 59–61   kind: 1 CGI, 2 SAI, 3 ECGI, 4 NCGI
    bits 49–58   mobile country code, 0–999
    bits 39–48   mobile network code, 0–999
    bit  38      1 when the network code has three digits (01 and 001 are different networks)
    bits 36–37   0
    bits 0–35    CGI and SAI: area << 16 | cell; ECGI and NCGI: cell
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import pyarrow as pa

from parloir.identifiers.columns import each_distinct, one_array

Kind = Literal["CGI", "SAI", "ECGI", "NCGI"]
KINDS: tuple[Kind, ...] = ("CGI", "SAI", "ECGI", "NCGI")

CODED = 1 << 62
_PLAIN_DIGITS = 11
"""Longest text of digits taken for an operator's own number: 36 bits. Longer ones are codes run together."""
_NAMED = re.compile(
    r"\s*(?:(CGI|SAI|E-?CGI|NR-?CGI|NCGI)\s*[:= ]\s*)?([0-9]+(?:\s*[-/:._ ]\s*[0-9]+)*)\s*", re.I
)
_SPLIT = re.compile(r"\s*[-/:._ ]\s*")
_AREA = _CELL = 1 << 16
_ECI = 1 << 28
_NCI = 1 << 36
_ENODEB, _SECTOR = 1 << 20, 1 << 8


@dataclass(frozen=True, slots=True)
class RadioCell:
    """What a coded integer says.

    Attributes:
        kind: CGI, SAI, ECGI or NCGI.
        country: mobile country code.
        network: mobile network code as text, 2 or 3 digits.
        area: location area, None for ECGI and NCGI.
        cell: cell identity, or service area code.
    """

    kind: Kind
    country: int
    network: str
    area: int | None
    cell: int


def parse(raw: str | int | None, technology: str = "") -> int | None:
    """The integer of a radio cell as written.

    Args:
        raw: `208-01-1234-56789` (CGI), `404-96-290-128686112` (ECGI with its tracking area),
            `208-01-128686112` (ECGI), any with its kind before it (`SAI: …`), with - / : . _ or a space
            between; an integer is passed through. Digits run together are ambiguous (a network code has 2
            or 3) and give None.
        technology: `2G` to `5G` where the source tells; decides between forms that look alike.
    """
    if isinstance(raw, int):
        return raw if 0 <= raw < 2 * CODED else None
    return _parse_text(raw, technology) if raw else None


@lru_cache(maxsize=1 << 16)
def _parse_text(raw: str, technology: str) -> int | None:
    match = _NAMED.fullmatch(raw)
    if match is None or not raw.isascii():
        return None
    parts = _SPLIT.split(match[2])
    if len(parts) == 1:
        return _plain(parts[0])
    if len(parts[0]) != 3 or not 1 <= len(parts[1]) <= 3 or len(parts) > 4:
        return None
    numbers = tuple(int(part) for part in parts[2:])
    cell = _told(_kind(match[1], technology), numbers)
    return None if cell is None else _encode(cell, int(parts[0]), parts[1])


def _plain(digits: str) -> int | None:
    number = int(digits) if len(digits) <= 19 else -1
    if len(digits) <= _PLAIN_DIGITS:
        return number
    return number if decode(number) else None


def _kind(named: str | None, technology: str) -> Kind | None:
    if named:
        name = named.upper().replace("-", "").replace("NRCGI", "NCGI")
        return next(kind for kind in KINDS if kind == name)
    by_technology: dict[str, Kind] = {"2G": "CGI", "4G": "ECGI", "5G": "NCGI"}
    return by_technology.get(technology.upper())


def _told(kind: Kind | None, numbers: tuple[int, ...]) -> tuple[Kind, int] | None:
    """Kind and local identity from one or two numbers after the network code."""
    area, cell = numbers if len(numbers) == 2 else (None, numbers[0]) if numbers else (None, -1)
    if area is not None and area < _AREA and cell < _CELL and kind in (None, "CGI", "SAI"):
        return ("SAI" if kind == "SAI" else "CGI"), area * _CELL + cell
    if kind in ("CGI", "SAI"):
        return None
    if area is not None and _AREA <= area < _ENODEB and cell < _SECTOR and kind != "NCGI":
        return "ECGI", area * _SECTOR + cell
    if 0 <= cell < _ECI and kind != "NCGI":
        return "ECGI", cell
    return ("NCGI", cell) if 0 <= cell < _NCI and kind != "ECGI" else None


def _encode(cell: tuple[Kind, int], country: int, network: str) -> int:
    kind, local = cell
    three = len(network) == 3
    return CODED | (KINDS.index(kind) + 1) << 59 | country << 49 | int(network) << 39 | three << 38 | local


def decode(number: int) -> RadioCell | None:
    """What `parse` coded, or None for an operator's plain integer."""
    kind, country, network = number >> 59 & 7, number >> 49 & 1023, number >> 39 & 1023
    if number < CODED or not 1 <= kind <= len(KINDS) or country > 999 or network > 999 or number >> 36 & 3:
        return None
    local = number & (_NCI - 1)
    digits = f"{network:03d}" if number >> 38 & 1 else f"{network:02d}"
    if KINDS[kind - 1] in ("ECGI", "NCGI"):
        return RadioCell(KINDS[kind - 1], country, digits, None, local)
    return RadioCell(KINDS[kind - 1], country, digits, local >> 16, local & (_CELL - 1))


def text(number: int) -> str:
    """For people, and read back by `parse`: `CGI:208-01-1234-56789`; a plain integer as its digits."""
    cell = decode(number)
    if cell is None:
        return str(number)
    area = "" if cell.area is None else f"{cell.area}-"
    return f"{cell.kind}:{cell.country:03d}-{cell.network}-{area}{cell.cell}"


def radio_cell_column(values: pa.Array[Any] | pa.ChunkedArray[Any], technology: str = "") -> pa.Array[Any]:
    """`parse` of each text or integer as int64, null where it is none. Each distinct text is read once."""
    array: Any = one_array(values)
    if pa.types.is_integer(array.type):
        result: pa.Array[Any] = array.cast(pa.int64())
        return result
    return each_distinct(array, lambda written: parse(written, technology))
