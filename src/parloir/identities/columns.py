"""Columns of text read value by value, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute
Columns = dict[str, "pa.Array[Any]"]


def each(values: Any, read: Callable[[str], Any], kind: pa.DataType) -> pa.Array[Any]:
    """`read` of each distinct text; null, blanks and None become null."""
    array: Any = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.chunks else pa.array([], array.type)
    encoded = pc.dictionary_encode(as_text(array))
    found = [(read(text) or None) if text.strip() else None for text in encoded.dictionary.to_pylist()]
    result: pa.Array[Any] = pa.array(found, kind).take(encoded.indices)
    return result


def as_text(array: Any) -> Any:
    """Any column as text; whole floats without their `.0`, lists joined by `; `."""
    if pa.types.is_floating(array.type):
        whole = pc.equal(pc.floor(array), array)
        digits = pc.cast(pc.cast(pc.if_else(whole, array, None), pa.int64(), safe=False), pa.string())
        return pc.coalesce(digits, pc.cast(array, pa.string()))
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return pc.binary_join(pc.cast(array, pa.list_(pa.string())), "; ")
    return pc.cast(array, pa.string())


def distinct(column: Any) -> list[str]:
    """The distinct texts of a column."""
    return [text for text in pc.unique(as_text(column)).to_pylist() if text is not None]


def joined(parts: list[Any], between: str) -> Any:
    """Texts side by side, a null as nothing."""
    if len(parts) == 1:
        return parts[0]
    return pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), between)
