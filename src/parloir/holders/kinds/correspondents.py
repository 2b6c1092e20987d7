"""Whose people the handset calls: its distinct correspondents against the numbers of the inmate's own.

One correspondent n, for a handset that inmate I regularly uses, is drawn

    with chance h from the |C| numbers by which I's people are known,
    with chance g from those of the inmates who shared I's prison cell (borrowers call their own families),
    else as from a handset of unknown user, q_n;

so it weighs log2[(h [n ∈ C]/|C| + g B_n + (1 − h − g) q_n) / q_n], which is log2[(h/|C| + (1−h) q_n)/q_n]
and log2(1−h) where nobody shares the prison cell. h and g differ from holder to holder: the weight of all
correspondents is the mean over a distribution of h and g, learnt with the rest.

q_n is the number's rarity among handsets, mixed with the chance that any handset of the prison calls it
because it belongs to the people of some inmate there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from parloir.contacts import Rarity
from parloir.holders.kinds.kind import Integers, View
from parloir.holders.world import Prison

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """Numbers of inmates' people, in arrays.

    Attributes:
        by_number: for each number the inmates (indices) it belongs to, with the probability and the row.
        sizes: |C| of each inmate, links counted by their probability.
        sources: register that gives (inmate, number), as `contacts.known_numbers` words it.
    """

    by_number: Mapping[int, tuple[tuple[int, float, str], ...]]
    sizes: Floats
    sources: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, known_numbers: pa.Table, index: Mapping[str, int]) -> Known:
        """From the table that `contacts.known_numbers` returns."""
        by_number: dict[int, list[tuple[int, float, str]]] = {}
        sizes = np.zeros(len(index))
        sources: dict[tuple[int, int], str] = {}
        for row in known_numbers.to_pylist():
            inmate = index.get(row["inmate"])
            if inmate is not None:
                by_number.setdefault(row["number"], []).append((inmate, row["probability"], row["locator"]))
                sizes[inmate] += row["probability"]
                sources[inmate, row["number"]] = row["sources"]
        return cls({number: tuple(group) for number, group in by_number.items()}, sizes, sources)


@dataclass(frozen=True)
class NumberEvidence:
    """The correspondents of one handset against every candidate.

    Attributes:
        numbers: distinct correspondents that tell something (common numbers are set aside).
        set_aside: how many common numbers were left out.
        matches: for each candidate position, the numbers of its own people among them.
        weights: log2 likelihood ratio at each pair of h and g, shape (grid, candidates).
        unknown_bits: log2 probability of the numbers if the user is unknown.
    """

    numbers: Integers
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    weights: npt.NDArray[np.float32]
    unknown_bits: float


@dataclass(frozen=True)
class Mixture:
    """Parameters of the draw.

    Attributes:
        grid: pairs of h and g.
        pooled: share of q that goes to the people of the prison's inmates.
    """

    grid: tuple[tuple[float, float], ...]
    pooled: float


@dataclass(frozen=True)
class Common:
    """A number tells nothing when so large a share of all handsets calls it, and so many of them."""

    share: float
    count: int


@dataclass(frozen=True)
class Draws:
    """What the numbers of one handset are, before any mixture is chosen.

    Attributes:
        numbers, set_aside, matches: as in `NumberEvidence`.
        own: p [n ∈ C]/|C|, shape (numbers, candidates).
        shared: the same averaged over each candidate's cell-mates.
        unknown_user: rarity of each number.
        crowd: chance that a number is drawn from the people of just anybody there.
        has_people, has_mates: whether a candidate's own, or cell-mates', people are known at all.
    """

    numbers: Integers
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    own: sparse.csr_matrix
    shared: sparse.csr_matrix
    unknown_user: Floats
    crowd: Floats
    has_people: npt.NDArray[np.bool_]
    has_mates: npt.NDArray[np.bool_]


def draws(view: View, numbers: Integers, known: Known, rarity: Rarity, common: Common) -> Draws:
    """Prepare the correspondents of one handset.

    Args:
        view: the handset and its candidates.
        numbers: all its distinct correspondents, sorted.
        known: numbers of inmates' people.
        rarity: of numbers among handsets.
        common: when a number tells nothing.
    """
    aside = rarity.common(numbers, common.share, common.count)
    place = view.activity.segments[0].prison
    kept = numbers[~aside]
    own, matches = _own(view, kept, known)
    mates = cell_mates(view)
    has_people = known.sizes[view.candidates] > 0
    return Draws(
        numbers=kept,
        set_aside=int(aside.sum()),
        matches=matches,
        own=own,
        shared=own @ mates,
        unknown_user=rarity.of(place, numbers)[~aside] if numbers.size else np.zeros(0),
        crowd=np.asarray(own.sum(axis=1)).ravel() / max(view.candidates.size, 1),
        has_people=has_people,
        has_mates=np.asarray(mates.T @ has_people.astype(float)).ravel() > 0,
    )


def number_evidence(drawn: Draws, mixture: Mixture) -> NumberEvidence:
    """Weigh prepared correspondents under a mixture."""
    q = (1 - mixture.pooled) * drawn.unknown_user + mixture.pooled * drawn.crowd
    weights = _weights(drawn, q, mixture)
    return NumberEvidence(drawn.numbers, drawn.set_aside, drawn.matches, weights, float(np.log2(q).sum()))


def _weights(drawn: Draws, q: Floats, mixture: Mixture) -> npt.NDArray[np.float32]:
    """log2 likelihood ratios, shape (grid, candidates): a base for what matches nobody, and the matches."""
    grid = np.array(mixture.grid)
    called = grid[:, :1] * drawn.has_people[None, :]
    lent = grid[:, 1:] * drawn.has_mates[None, :]
    rest = np.maximum(1 - called - lent, 1e-3)
    weights = len(q) * np.log2(rest)
    touched = sparse.coo_matrix(drawn.own + drawn.shared)
    number, place = touched.row, touched.col
    own, shared = _at(drawn.own, number, place), _at(drawn.shared, number, place)
    ratio = (called[:, place] * own + lent[:, place] * shared) / q[number]
    gain = np.log2(ratio + rest[:, place]) - np.log2(rest[:, place])
    for row, gained in enumerate(gain):
        weights[row] += np.bincount(place, weights=gained, minlength=weights.shape[1])
    return np.asarray(weights, dtype=np.float32)


def _at(matrix: sparse.csr_matrix, rows: Integers, columns: Integers) -> Floats:
    return np.asarray(matrix[rows, columns]).ravel() if rows.size else np.zeros(0)


def _own(view: View, numbers: Integers, known: Known) -> tuple[sparse.csr_matrix, dict[int, tuple[int, ...]]]:
    """p [n ∈ C]/|C| of every number and candidate, and which numbers match whom."""
    rows, columns, values = [], [], []
    matches: dict[int, list[int]] = {}
    for row, number in enumerate(numbers):
        for inmate, probability, _ in known.by_number.get(int(number), ()):
            place = int(np.searchsorted(view.candidates, inmate))
            if place < view.candidates.size and view.candidates[place] == inmate:
                rows.append(row)
                columns.append(place)
                values.append(probability / max(known.sizes[inmate], 1.0))
                matches.setdefault(place, []).append(int(number))
    shape = (len(numbers), view.candidates.size)
    own = sparse.csr_matrix((values, (rows, columns)), shape=shape, dtype=float)
    return own, {place: tuple(group) for place, group in matches.items()}


def cell_mates(view: View) -> sparse.csr_matrix:
    """Column I: the mean over those who shared a prison cell with I while the handset was there.

    Shape (candidates, candidates); an empty column where nobody did.
    """
    size = view.candidates.size
    prison = view.prison(0)
    if prison is None:
        return sparse.csr_matrix((size, size))
    together = _together(view, prison)
    together.setdiag(0)
    together.eliminate_zeros()
    together.data[:] = 1.0
    counts = np.asarray(together.sum(axis=0)).ravel()
    return sparse.csr_matrix(together @ sparse.diags(1 / np.maximum(counts, 1)))


def _together(view: View, prison: Prison) -> sparse.csr_matrix:
    """Pairs of candidates who had the same prison cell during the handset's activity."""
    stays = prison.stays
    known = np.array([what is not None for what in stays.what], dtype=bool)
    touching = (stays.start <= view.activity.last) & (stays.end >= view.activity.first) & known
    rows, place = view.rows(stays, touching)
    if not rows.size:
        return sparse.csr_matrix((view.candidates.size, view.candidates.size))
    _, prison_cell = np.unique(stays.what[rows].astype(str), return_inverse=True)
    member = sparse.csr_matrix(
        (np.ones(rows.size), (place, prison_cell)), shape=(view.candidates.size, prison_cell.max() + 1)
    )
    return sparse.csr_matrix(member @ member.T)
