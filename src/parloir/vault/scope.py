"""The scope of an authority: what it lets a unit hold and weigh, as a pure value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

PERIOD = "period"
RADIO_CELL = "radio_cell"


@dataclass(frozen=True, slots=True)
class Scope:
    """What an authority covers.

    Attributes:
        subjects: persons, numbers, handsets or shops named; empty when it names none.
        radio_cells: the radio cells named; None when it is not limited to any.
        data_from_us: first moment of the data covered (microseconds UTC); None when open.
        data_to_us: first moment no longer covered; None when open.
        offence: the offence investigated.
        purposes: what the data may be used for.
    """

    subjects: frozenset[str] = frozenset()
    radio_cells: frozenset[int] | None = None
    data_from_us: int | None = None
    data_to_us: int | None = None
    offence: str = ""
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authority:
    """A legal act under which evidence is obtained and held. Evidence obtained in time stays usable after it.

    Attributes:
        reference: as the issuer wrote it.
        issuer: who issued it.
        scope: what it covers.
        obtain_until_us: first moment at which evidence may no longer be obtained under it; None when open.
        erase_by_us: moment by which the evidence must be erased; None when open.
    """

    reference: str
    issuer: str
    scope: Scope
    obtain_until_us: int | None = None
    erase_by_us: int | None = None

    def obtainable(self, at_us: int) -> bool:
        """Whether evidence may be obtained under it at that moment."""
        return self.obtain_until_us is None or at_us < self.obtain_until_us

    def erasure_due(self, at_us: int) -> bool:
        """Whether its evidence should be gone at that moment."""
        return self.erase_by_us is not None and at_us >= self.erase_by_us


def outside(
    scope: Scope, times: pa.Int64Array | None, radio_cells: pa.Int64Array | None
) -> pa.StringArray | None:
    """Why each row lies outside the scope.

    Args:
        scope: of the authority under which the rows were obtained.
        times: microseconds UTC; None when the table has no time.
        radio_cells: None when the table has no radio cell.

    Returns:
        One string a row, `period` or `radio_cell` (the period first), null for a row inside. None when
        there is neither column, so that nothing can be outside. A row without a time or a radio cell
        is inside.
    """
    reasons: Any = None
    if radio_cells is not None:
        reasons = pc.if_else(_elsewhere(scope, radio_cells), _text(RADIO_CELL), _text(None))
    if times is not None:
        otherwise = _text(None) if reasons is None else reasons
        reasons = pc.if_else(_early_or_late(scope, times), _text(PERIOD), otherwise)
    return cast("pa.StringArray | None", reasons)


def _early_or_late(scope: Scope, times: pa.Int64Array) -> Any:
    result = _nowhere(times)
    if scope.data_from_us is not None:
        result = pc.or_(result, pc.less(times, pa.scalar(scope.data_from_us, pa.int64())))
    if scope.data_to_us is not None:
        result = pc.or_(result, pc.greater_equal(times, pa.scalar(scope.data_to_us, pa.int64())))
    return pc.fill_null(result, pa.scalar(False))


def _elsewhere(scope: Scope, radio_cells: pa.Int64Array) -> Any:
    if scope.radio_cells is None:
        return _nowhere(radio_cells)
    named = pc.is_in(radio_cells, value_set=pa.array(sorted(scope.radio_cells), pa.int64()))
    return pc.and_(pc.is_valid(radio_cells), pc.invert(named))


def _nowhere(column: pa.Int64Array) -> pa.BooleanArray:
    return pa.repeat(pa.scalar(False), len(column))


def _text(value: str | None) -> pa.StringScalar:
    return pa.scalar(value, pa.string())
