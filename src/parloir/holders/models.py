"""Which model a handset is, by its IMEIs: what the case has learnt, then what is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from parloir import catalogue

_HELD = """
SELECT DISTINCT imei14, model FROM (
    SELECT unnest(imeis) AS imei14, model FROM seizures
    UNION ALL SELECT imei14, model FROM stock
) WHERE imei14 IS NOT NULL AND model IS NOT NULL ORDER BY imei14, model
"""


@dataclass(frozen=True)
class Models:
    """Models by type allocation code.

    Attributes:
        learnt: codes read off handsets held in the hand, schema `catalogue.LEARNT`.
    """

    learnt: pa.Table
    _known: dict[str, catalogue.Model | None] = field(default_factory=dict, repr=False)

    def of(self, imeis: Iterable[int]) -> catalogue.Model | None:
        """The model of the first IMEI whose code is known."""
        found = (self._of_code(f"{imei14:014d}"[:8]) for imei14 in imeis)
        return next((model for model in found if model is not None), None)

    def _of_code(self, tac: str) -> catalogue.Model | None:
        if tac not in self._known:
            self._known[tac] = catalogue.by_tac(tac, self.learnt)
        return self._known[tac]


def load_models(connection: duckdb.DuckDBPyConnection) -> Models:
    """Learn from the seizures and stock lists of the case."""
    return Models(catalogue.learn(connection.execute(_HELD).fetchall()))
