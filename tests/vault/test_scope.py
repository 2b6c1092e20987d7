import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.vault import Authority, Scope, outside

from .conftest import UNHURRIED

SMALL = st.none() | st.integers(-3, 9)


def ints(values):
    return pa.array(values, pa.int64())


def test_the_period_is_half_open_and_comes_before_the_radio_cell():
    scope = Scope(data_from_us=10, data_to_us=20, radio_cells=frozenset({7}))
    times, radio_cells = ints([9, 10, 19, 20, None, 5, 12]), ints([7, 7, None, 7, 8, 8, 8])
    expected = ["period", None, None, "period", "radio_cell", "period", "radio_cell"]
    assert outside(scope, times, radio_cells).to_pylist() == expected


@given(st.lists(st.tuples(SMALL, SMALL)), SMALL, SMALL, st.none() | st.frozensets(st.integers(0, 9)))
@UNHURRIED
def test_each_row_is_judged_by_itself(rows, first, end, radio_cells):
    scope = Scope(data_from_us=first, data_to_us=end, radio_cells=radio_cells)

    def reason(time, radio_cell):
        if time is not None and ((first is not None and time < first) or (end is not None and time >= end)):
            return "period"
        named = radio_cells is None or radio_cell is None or radio_cell in radio_cells
        return None if named else "radio_cell"

    told = outside(scope, ints([row[0] for row in rows]), ints([row[1] for row in rows]))
    assert told.type == pa.string()
    assert told.to_pylist() == [reason(*row) for row in rows]


def test_a_table_without_the_column_is_not_held_against_it():
    scope = Scope(data_from_us=10, radio_cells=frozenset())
    assert outside(scope, None, None) is None
    assert outside(scope, ints([9, 10]), None).to_pylist() == ["period", None]
    assert outside(scope, None, ints([1, None])).to_pylist() == ["radio_cell", None]


@pytest.mark.parametrize(("at", "still", "due"), [(9, True, False), (10, False, False), (20, False, True)])
def test_an_authority_has_its_dates(at, still, due):
    authority = Authority("CR 12/2026", "Juge", Scope(), obtain_until_us=10, erase_by_us=20)
    assert (authority.obtainable(at), authority.erasure_due(at)) == (still, due)
    assert Authority("open", "Juge", Scope()).obtainable(at)
    assert not Authority("open", "Juge", Scope()).erasure_due(at)
