"""What a look at a column of an unknown file gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Values:
    """What a look at a column's values gives.

    Attributes:
        sample: up to `roles.SAMPLE` values that are not empty, as text.
        filled: how many values are not empty.
        distinct: how many distinct ones.
        rows: rows of the file.
    """

    sample: Sequence[str]
    filled: int
    distinct: int
    rows: int

    @property
    def unique(self) -> bool:
        """Every row has its own value."""
        return self.distinct == self.rows > 1
