import numpy as np

from parloir.presence.coverage import Slots, mixes, served_by
from parloir.presence.radio import teaching


def test_a_prison_whose_teachers_are_rather_outside_teaches_nothing():
    prison = np.array([0, 0, 0, 1, 1, 1, 2])
    chance = np.array([0.95, 0.9, 0.02, 0.3, 0.3, 0.3, 0.0])
    assert teaching(prison, chance).tolist() == [True] * 3 + [False] * 3 + [True]


NETWORK = np.zeros(4, dtype=np.intp)
SLOTS = Slots(np.zeros(4, dtype=np.int64), np.arange(4), NETWORK, np.array([0.6, 0.3, 0.0999, 0.0001]))


def served(counts: np.ndarray) -> float:
    slot = np.flatnonzero(counts)
    met = mixes(np.zeros(slot.size, dtype=np.int64), slot, counts[slot], SLOTS)
    return float(served_by(met, SLOTS, 1)[0])


def test_radio_cells_that_may_well_serve_the_prison_count_nearly_alike():
    assert served(np.array([20, 0, 0, 0])) > 0.9
    assert served(np.array([0, 0, 20, 0])) > 0.7
    assert served(np.array([0, 0, 0, 20])) < 0.01


def test_one_freak_record_changes_little():
    assert served(np.array([12, 5, 2, 1])) > 0.95 * served(np.array([12, 6, 2, 0]))
