"""The distinct numbers that one handset was in touch with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.kinds.kind import Integers

_OFTEN = np.array([2.0, 6.0])
"""A number with so many times the records of the median number is met now and then, or often. Assumed."""


@dataclass(frozen=True)
class Talked:
    """The distinct correspondents of one handset, sorted by number.

    Attributes:
        numbers: the numbers.
        events, days: records with each, and days with any, as many as the numbers.
        first, last: microseconds UTC of the first and last of them.
    """

    numbers: Integers
    events: Integers
    days: Integers
    first: Integers
    last: Integers

    @classmethod
    def of(cls, table: pa.Table) -> Talked:
        """From the rows of one handset as `contacts.correspondents` gives them, a prison at a time."""
        columns = [
            np.asarray(table[name], np.int64) for name in ("number", "events", "days", "first_us", "last_us")
        ]
        numbers, place = np.unique(columns[0], return_inverse=True)
        events, days = (np.bincount(place, weights=one).astype(np.int64) for one in columns[1:3])
        first, last = np.full(numbers.size, np.iinfo(np.int64).max), np.zeros(numbers.size, np.int64)
        np.minimum.at(first, place, columns[3])
        np.maximum.at(last, place, columns[4])
        return cls(numbers, events, days, first, last)

    def where(self, kept: npt.NDArray[np.bool_]) -> Talked:
        """Some of the numbers."""
        return Talked(*(getattr(self, name)[kept] for name in ("numbers", "events", "days", "first", "last")))

    @property
    def often(self) -> npt.NDArray[np.intp]:
        """0 seldom, 1 now and then, 2 often: records with each number against the median number's."""
        usual = np.median(self.events) if self.events.size else 1.0
        return np.digitize(self.events / max(float(usual), 1.0), _OFTEN)
