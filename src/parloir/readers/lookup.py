"""Rows of one table found by a whole-number key, for whole columns at once.

Sorted arrays take 8 octets a key, a dictionary about a hundred.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from parloir.readers.columnar import Array, whole


class Lookup:
    """The rows of a table by key. Of several with one key the first counts."""

    def __init__(self, rows: pa.Table, key: str) -> None:
        keys = whole(rows[key])
        told = keys.is_valid()
        self._rows = rows.filter(told).combine_chunks()
        unique, first = np.unique(np.asarray(keys.filter(told)), return_index=True)
        self._keys = unique
        self._first = first

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, keys: Array, column: str) -> Array:
        """A column's value for each whole-number key, null where the key is null or unknown."""
        values: Any = self._rows[column].combine_chunks()
        if not len(self._keys):
            none: Array = pa.nulls(len(keys), values.type)
            return none
        asked = np.asarray(keys.fill_null(-1)).astype(np.int64)
        place = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        known = (self._keys[place] == asked) & np.asarray(keys.is_valid())
        found: Array = values.take(pa.array(self._first[place], mask=~known))
        return found
