"""Columns of Arrow tables from arrays: the one place where the two meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.simulation.streams import Bools, Ints

pc: Any = pyarrow.compute
Column = Any
"""An Arrow array; its element type is told by the table's schema."""


def column(values: Any, missing: Bools | None = None) -> Column:
    """An array as a column, null where missing."""
    if missing is None:
        return pa.array(values)
    if not (isinstance(values, np.ndarray) and values.dtype == np.int64 and values.flags.c_contiguous):
        return pa.array(values, mask=missing)
    # Without a copy of the values.
    buffers: list[Any] = [np.packbits(~missing, bitorder="little"), values]
    return pa.Array.from_buffers(pa.int64(), values.size, [pa.py_buffer(part) for part in buffers])


def texts_of(values: Sequence[str | None]) -> Column:
    """Texts, null where None."""
    return pa.array(values, pa.string())


def words(table: Sequence[str], chosen: Ints) -> Column:
    """One of some words for each index."""
    arrays: Any = pa.array(list(table), pa.string())
    return arrays.take(pa.array(chosen))


def coded_words(table: Sequence[str], chosen: Any) -> Column:
    """The same as a dictionary column, which costs next to nothing."""
    return pa.DictionaryArray.from_arrays(
        np.asarray(chosen).astype(np.int8), pa.array(list(table), pa.string())
    )


def digits(values: Ints, missing: Bools | None = None) -> Column:
    """Whole numbers as text, null where missing."""
    array: Any = column(values, missing)
    return array.cast(pa.string())


def padded(values: Ints, width: int, missing: Bools | None = None) -> Column:
    """Whole numbers as text of so many digits, zeros in front; null where missing."""
    return pc.utf8_lpad(digits(values, missing), width=width, padding="0")


def table(columns: dict[str, Column]) -> pa.Table:
    """A table of columns or arrays."""
    return pa.table({name: pa.array(c) if isinstance(c, np.ndarray) else c for name, c in columns.items()})
