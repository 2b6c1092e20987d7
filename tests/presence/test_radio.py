import numpy as np
import pytest

from parloir.presence.candidates import FAR, candidates
from parloir.presence.coverage import Slots, mixes, served_by
from parloir.presence.parts import Served
from parloir.presence.radio import teaching
from parloir.presence.reach import Reach
from parloir.presence.stints import Stints


def test_a_prison_whose_teachers_are_rather_outside_teaches_nothing():
    prison = np.array([0, 0, 0, 1, 1, 1, 2])
    chance = np.array([0.95, 0.9, 0.02, 0.3, 0.3, 0.3, 0.0])
    assert teaching(prison, chance).tolist() == [True] * 3 + [False] * 3 + [True]


NETWORK = np.zeros(4, dtype=np.intp)
SLOTS = Slots(np.zeros(4, dtype=np.int64), np.arange(4), NETWORK, np.array([0.6, 0.3, 0.0999, 0.0001]))


def usual(counts: np.ndarray) -> float:
    slot = np.flatnonzero(counts)
    met = mixes(np.zeros(slot.size, dtype=np.int64), slot, counts[slot], SLOTS)
    return float(served_by(met, SLOTS, 1)[0])


def test_a_device_there_meets_radio_cells_as_usual_as_they_are():
    assert usual(np.array([12, 6, 2, 0])) == pytest.approx(1.0, abs=0.02)
    assert usual(np.array([0, 0, 0, 20])) < 0.001
    assert usual(np.array([20, 0, 0, 0])) > 1.0
    assert usual(np.array([11, 6, 2, 1])) > 0.5


def test_as_usual_means_the_same_in_dense_and_in_thin_networks():
    """Every radio cell in two, each with half of its share: whoever met one now meets either."""
    dense = Slots(
        np.zeros(8, dtype=np.int64), np.arange(8), np.zeros(8, dtype=np.intp), SLOTS.expected.repeat(2) / 2
    )
    for counts in (np.array([12, 6, 2, 0]), np.array([0, 4, 14, 2])):
        slot = np.flatnonzero(counts.repeat(2))
        met = mixes(np.zeros(slot.size, dtype=np.int64), slot, (counts / 2).repeat(2)[slot], dense)
        assert served_by(met, dense, 1)[0] == pytest.approx(usual(counts))


def test_records_elsewhere_make_radio_cells_less_usual_by_their_share():
    one = np.zeros(3, dtype=np.int64)
    stints = Stints(np.arange(3), one, one, one + 9)
    near = Served(np.arange(3), one, one + 20)
    network = np.array(["A 4G"] * 2)
    met = Reach(np.zeros(2, dtype=np.int64), np.arange(2), network, np.array([0.5, 0.5]))
    found = candidates(stints, near, met, np.zeros(1, dtype=np.int64), np.array([0.0, 0.5, 1.0]))
    assert found.served == pytest.approx([1.0, FAR**0.5, FAR])
