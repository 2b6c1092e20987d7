"""One value type over a whole Arrow array: each distinct text is read once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa


def one_array(values: pa.Array[Any] | pa.ChunkedArray[Any]) -> pa.Array[Any]:
    """A chunked array as one array."""
    combined: Any = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    # A chunked array of one extension or of none stays chunked in some versions.
    return pa.concat_arrays(combined.chunks) if isinstance(combined, pa.ChunkedArray) else combined


def each_distinct(
    values: pa.Array[Any] | pa.ChunkedArray[Any], read: Callable[[str | None], int | None]
) -> pa.Array[Any]:
    """`read` of each text as int64, in the same order; a null stays null."""
    encoded: Any = one_array(values).cast(pa.string()).dictionary_encode()
    numbers: Any = pa.array([read(written) for written in encoded.dictionary.to_pylist()], pa.int64())
    result: pa.Array[Any] = numbers.take(encoded.indices)
    return result
