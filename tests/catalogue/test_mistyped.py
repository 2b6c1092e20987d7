from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parloir.catalogue import corrections, learn
from parloir.identifiers import imei

LEARNT = learn((35784512_000100 + n, "L8star BM10") for n in range(200))
SERIAL = 35784512_000150
LABEL = imei.label(SERIAL)


@given(st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_undone(place, step):
    wrong = LABEL[:place] + str((int(LABEL[place]) + step) % 10) + LABEL[place + 1 :]
    assert LABEL in [one.label for one in corrections(wrong, LEARNT)]


@given(st.integers(0, 13))
def test_neighbours_swapped_are_undone_where_the_check_digit_notices(place):
    first, second = LABEL[place], LABEL[place + 1]
    swapped = LABEL[:place] + second + first + LABEL[place + 2 :]
    found = corrections(swapped, LEARNT)
    if first == second or {first, second} == {"0", "9"}:
        assert found == []
    else:
        assert LABEL in [one.label for one in found]


def test_proposals_are_valid_near_a_run_and_nearest_first():
    found = corrections(LABEL[:13] + str((int(LABEL[13]) + 1) % 10) + LABEL[14], LEARNT, gap=50)
    assert found
    assert [one.distance for one in found] == sorted(one.distance for one in found)
    for one in found:
        assert imei.label(int(one.label[:14])) == one.label
        assert one.label.startswith("35784512") and one.distance <= 50
        assert one.model == "l8star-bm10"


def test_without_a_run_nothing_is_proposed():
    assert corrections("35784599000150" + "0", LEARNT) == []
    assert corrections(LABEL, LEARNT) == []
    assert corrections(LABEL[:14], LEARNT) == []
    assert corrections("", LEARNT) == []
