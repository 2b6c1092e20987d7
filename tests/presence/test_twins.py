"""A neighbour in the number: weighed by how many there would be by chance."""

from types import SimpleNamespace

import numpy as np

from parloir.presence.twins import by_chance, twin_bits

FIRST = 35_000_000_500_000


def bits(imei14: list[int], chance: list[float], days: list[tuple[int, int]] | None = None) -> np.ndarray:
    n = len(imei14)
    first, last = np.array(days or [(0, 9)] * n).T
    seen = SimpleNamespace(
        candidates=SimpleNamespace(stint=np.arange(n), prison=np.zeros(n, dtype=np.int64)),
        stints=SimpleNamespace(handset=np.arange(n), first=first, last=last),
        handsets=SimpleNamespace(imei14=np.array(imei14)),
    )
    return twin_bits(seen, np.array(chance), np.full(n, 0.01))


def test_the_number_next_to_a_handset_inside_speaks_for_it_and_a_far_one_does_not():
    found = bits([FIRST, FIRST + 1, FIRST + 900], [0.99, 0.05, 0.05])
    assert found[1] > 6
    assert found[2] == 0
    assert bits([FIRST, FIRST + 1], [0.001, 0.001]).max() < found[1] - 3


def test_two_that_were_never_there_together_are_no_twins():
    assert bits([FIRST, FIRST + 1], [0.99, 0.05], [(0, 9), (20, 29)])[1] == 0


def test_in_a_batch_that_lies_close_a_neighbour_says_less():
    batch = [FIRST + 7 * number for number in range(400)]
    close = bits(sorted([*batch, FIRST + 1]), [0.9] * 401)
    alone = bits([FIRST, FIRST + 1], [0.9, 0.9])
    assert close[1] < alone[1]
    assert by_chance(np.array(sorted(batch)))[200] > 0.1
