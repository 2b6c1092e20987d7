import numpy as np
import pyarrow as pa
import pytest

from parloir.identities.registers import compete, registers


def test_rivals_share_what_one_can_have():
    left, right = np.array([0, 0, 1], np.int32), np.array([5, 6, 6], np.int32)
    fair = compete(left, right, np.array([0.9, 0.9, 0.9]))
    assert fair[0] == pytest.approx(9 / 19, abs=1e-6)
    assert fair[1] == pytest.approx(9 / 28, abs=1e-6)


def test_a_pair_without_rivals_keeps_its_probability():
    alone = compete(np.array([0, 1], np.int32), np.array([5, 6], np.int32), np.array([0.7, 0.2]))
    assert alone.tolist() == pytest.approx([0.7, 0.2])


def test_a_file_that_holds_people_twice_is_no_register():
    columns = ("given_key", "family_key", "birth", "phone", "email")
    once = pa.table({name: ["a", "b", "c", "d"] for name in columns})
    twice = pa.table({name: ["a", "b", "c", "c"] for name in columns})
    left, right, stated = np.array([0, 0], np.int32), np.array([2, 3], np.int32), np.array([0.9, 0.9])
    assert registers(once, left, right, stated)
    assert not registers(twice, left, right, stated)
