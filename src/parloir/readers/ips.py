"""IP addresses as shops store them."""

from __future__ import annotations

import ipaddress
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import Array

pc: Any = pyarrow.compute

NONE = "0.0.0.0"  # noqa: S104 - an address that means none, nothing is bound to it
_NUMBER = r"^-?[0-9]{1,11}$"


def addresses(column: Array) -> Array:
    """Whole numbers (PHP's ip2long) or text to addresses in their usual form.

    PrestaShop cannot store an IPv6 visitor and writes 0; 32-bit PHP wrote negative numbers. 0 is null,
    because it is the same for everybody. What is no address is null too.
    """
    numeric = pc.match_substring_regex(column, _NUMBER)
    numbers = pc.if_else(numeric, column, None).cast(pa.int64())
    written: Any = pc.if_else(numeric, None, column).dictionary_encode()
    read = pa.array([_address(text) for text in written.dictionary.to_pylist()], pa.string())
    found: Array = pc.coalesce(_dotted(numbers), read.take(written.indices))
    return found


def _dotted(numbers: Any) -> Any:
    """IPv4 addresses of whole numbers; null for 0 and for what 32 bits do not hold."""
    held = pc.and_(pc.greater_equal(numbers, -(1 << 31)), pc.less(numbers, 1 << 32))
    kept = pc.if_else(pc.and_(held, pc.not_equal(numbers, 0)), numbers, None)
    octets = [pc.bit_wise_and(pc.shift_right(kept, shift), 255).cast(pa.string()) for shift in (24, 16, 8, 0)]
    return pc.binary_join_element_wise(*octets, ".")


def _address(text: str | None) -> str | None:
    """A written address; of a list, as proxies write it, the first: the client's own claim."""
    try:
        address = str(ipaddress.ip_address((text or "").split(",")[0].strip()))
    except ValueError:
        return None
    return None if address in (NONE, "::") else address
