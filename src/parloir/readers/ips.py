"""IP addresses as shops store them."""

from __future__ import annotations

import ipaddress
from typing import Any

import pyarrow as pa

from parloir.readers.columnar import Array

NONE = "0.0.0.0"  # noqa: S104 - an address that means none, nothing is bound to it


def addresses(column: Array) -> Array:
    """Whole numbers (PHP's ip2long) or text to addresses in their usual form.

    PrestaShop cannot store an IPv6 visitor and writes 0; 32-bit PHP wrote negative numbers. 0 is null,
    because it is the same for everybody. What is no address is null too.
    """
    distinct: Any = column.dictionary_encode()
    read = pa.array([_address(text) for text in distinct.dictionary.to_pylist()], pa.string())
    found: Array = read.take(distinct.indices)
    return found


def _address(text: str | None) -> str | None:
    if not text:
        return None
    try:
        written = int(text) % (1 << 32) if text.lstrip("-").isdigit() else text.strip()
        address = str(ipaddress.ip_address(written))
    except ValueError:
        return None
    return None if address in (NONE, "::") else address
