"""One counterpart for each record: the assignment of two registers that is right most often.

Probabilities say how sure each pair is; where a person stands once in each file, some use needs one answer.
Of all sets of pairs that use no record twice, the one whose probabilities have the largest sum is expected to
hold the most true pairs (linear assignment: Jonker and Volgenant, Computing 38, 1987; Crouse, IEEE TAES 52,
2016).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from parloir.identities.learning import Integers

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
LARGEST = 4_000_000
"""Cells of the table of a group that is solved exactly; in a larger one the likeliest pairs come first."""


def best_pairs(ends: tuple[Integers, Integers], probability: Floats) -> tuple[Truths, int]:
    """Which pairs are in the assignment, and how many stand in groups too large to be solved exactly.

    Args:
        ends: record numbers of each pair, left and right; each pair once.
        probability: of each pair.
    """
    best, too_many = np.zeros(len(probability), np.bool_), 0
    for group in _groups(ends):
        if len(group) == 1:
            best[group] = True
            continue
        left, right = (np.unique(end[group], return_inverse=True)[1] for end in ends)
        sizes = int(left.max()) + 1, int(right.max()) + 1
        if sizes[0] * sizes[1] > LARGEST:
            too_many += len(group)
            best[group[_greedy(left, right, probability[group])]] = True
            continue
        table = np.zeros(sizes)
        table[left, right] = probability[group]
        rows, columns = linear_sum_assignment(table, maximize=True)
        counterpart = np.full(sizes[0], -1)
        counterpart[rows] = columns
        best[group] = counterpart[left] == right
    return best, too_many


def _groups(ends: tuple[Integers, Integers]) -> list[npt.NDArray[np.intp]]:
    """Pairs that hang together, by the records they share."""
    if not len(ends[0]):
        return []
    records = int(max(end.max() for end in ends)) + 1
    graph: Any = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(records, records))
    label = connected_components(graph, directed=False)[1][ends[0]]
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _greedy(
    left: npt.NDArray[np.intp], right: npt.NDArray[np.intp], probability: Floats
) -> npt.NDArray[np.intp]:
    """Pairs from the likeliest on, as long as both records are free."""
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for pair in np.argsort(-probability, kind="stable").tolist():
        one, other = int(left[pair]), int(right[pair])
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            chosen.append(pair)
    return np.asarray(chosen, np.intp)
