import numpy as np

from parloir.presence.radio import teaching


def test_a_prison_whose_teachers_are_rather_outside_teaches_nothing():
    prison = np.array([0, 0, 0, 1, 1, 1, 2])
    chance = np.array([0.95, 0.9, 0.02, 0.3, 0.3, 0.3, 0.0])
    assert teaching(prison, chance).tolist() == [True] * 3 + [False] * 3 + [True]
