"""The scope of an authority: what it lets a unit hold and weigh, as a pure value."""

from __future__ import annotations

from dataclasses import dataclass

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
    scope: Scope, times: pa.Array | None = None, radio_cells: pa.Array | None = None
) -> pa.StringArray | None:
    """Why each row lies outside the scope.

    Args:
        scope: of the authority under which the rows were obtained.
        times: int64, microseconds UTC; None when the table has no time.
        radio_cells: int64; None when the table has no radio cell.

    Returns:
        One string a row, `period` or `radio_cell` (the period first), null for a row inside. None when
        there is neither column, so that nothing can be outside. A row without a time or a radio cell
        is inside.
    """
    column = times if times is not None else radio_cells
    if column is None:
        return None
    late_or_early = _outside_period(scope, times, len(column))
    elsewhere = _outside_radio_cells(scope, radio_cells, len(column))
    reasons = pc.case_when(pc.make_struct(late_or_early, elsewhere), pa.scalar(PERIOD), pa.scalar(RADIO_CELL))
    return pa.array(reasons, pa.string())


def _outside_period(scope: Scope, times: pa.Array | None, rows: int) -> pa.BooleanArray:
    result = _nowhere(rows)
    if times is None:
        return result
    if scope.data_from_us is not None:
        result = pc.or_(result, pc.less(times, scope.data_from_us))
    if scope.data_to_us is not None:
        result = pc.or_(result, pc.greater_equal(times, scope.data_to_us))
    return pc.fill_null(result, False)


def _outside_radio_cells(scope: Scope, radio_cells: pa.Array | None, rows: int) -> pa.BooleanArray:
    if radio_cells is None or scope.radio_cells is None:
        return _nowhere(rows)
    known = pa.array(sorted(scope.radio_cells), pa.int64())
    named = pc.is_in(radio_cells, value_set=known)
    return pc.and_(pc.is_valid(radio_cells), pc.invert(named))


def _nowhere(rows: int) -> pa.BooleanArray:
    return pa.repeat(False, rows)
