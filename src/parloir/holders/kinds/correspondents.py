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
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from parloir.contacts import Rarity
from parloir.holders.kinds.changes import Change, likeliest_change
from parloir.holders.kinds.kind import Integers, View
from parloir.holders.kinds.talked import Talked
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
        rare: probability of a number that nobody else is in touch with, as a correspondent.
        of_mates: for each candidate position, the numbers of the people of those who shared the prison cell.
    """

    numbers: Integers
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    weights: npt.NDArray[np.float32]
    unknown_bits: float
    rare: float
    of_mates: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class Mixture:
    """Parameters of the draw.

    Attributes:
        grid: pairs of h and g.
        pooled: share of q that goes to the people of the prison's inmates.
        called, lent: how many times likelier than any correspondent the user's own people, and those of who
            borrows, are called seldom, now and then, often.
    """

    grid: tuple[tuple[float, float], ...]
    pooled: float
    called: tuple[float, float, float] = (1.0, 1.0, 1.0)
    lent: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Common:
    """A number tells nothing when so large a share of all handsets calls it, and so many of them,
    nor when it is that of another handset inside: inmates call each other.

    Attributes:
        share, count: of all handsets.
        inside: own numbers of the handsets inside, sorted.
    """

    share: float
    count: int
    inside: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class Draws:
    """What the numbers of one handset are, before any mixture is chosen.

    Attributes:
        talked: numbers that tell something.
        set_aside, matches: as in `NumberEvidence`.
        number, place: positions of the numbers and candidates that have to do with each other.
        own: p [n ∈ C]/|C| of each such pair.
        shared: the same averaged over the candidate's cell-mates.
        unknown_user: rarity of each number.
        crowd: chance that a number is drawn from the people of just anybody there.
        has_people, has_mates: whether a candidate's own, or cell-mates', people are known at all.
        change: when the handset may have changed hands.
        rare: as in `NumberEvidence`.
    """

    talked: Talked
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    number: Integers
    place: Integers
    own: Floats
    shared: Floats
    unknown_user: Floats
    crowd: Floats
    has_people: npt.NDArray[np.bool_]
    has_mates: npt.NDArray[np.bool_]
    change: Change | None
    rare: float


def draws(view: View, talked: Talked, known: Known, rarity: Rarity, common: Common) -> Draws:
    """Prepare the correspondents of one handset.

    Args:
        view: the handset and its candidates.
        talked: all its distinct correspondents.
        known: numbers of inmates' people.
        rarity: of numbers among handsets.
        common: when a number tells nothing.
    """
    numbers = talked.numbers
    aside = rarity.common(numbers, common.share, common.count) | np.isin(numbers, common.inside)
    place = view.activity.segments[0].prison
    own, matches = _own(view, numbers[~aside], known)
    mates = cell_mates(view)
    shared = sparse.csr_matrix(own @ mates)
    touched = sparse.coo_matrix(own + shared)
    has_people = known.sizes[view.candidates] > 0
    told = talked.where(~aside)
    unknown_user = rarity.of(place, numbers)[~aside] if numbers.size else np.zeros(0)
    return Draws(
        talked=told,
        set_aside=int(aside.sum()),
        matches=matches,
        number=touched.row,
        place=touched.col,
        own=_at(own, touched.row, touched.col),
        shared=_at(shared, touched.row, touched.col),
        unknown_user=unknown_user,
        crowd=np.asarray(own.sum(axis=1)).ravel() / max(view.candidates.size, 1),
        has_people=has_people,
        has_mates=np.asarray(mates.T @ has_people.astype(float)).ravel() > 0,
        change=likeliest_change(view.activity, told, unknown_user),
        rare=float(rarity.of(place, np.array([-1]))[0]),
    )


def number_evidence(drawn: Draws, mixture: Mixture) -> NumberEvidence:
    """Weigh prepared correspondents under a mixture."""
    numbers = drawn.talked.numbers
    q = (1 - mixture.pooled) * drawn.unknown_user + mixture.pooled * drawn.crowd
    every = np.ones(numbers.size, dtype=bool)
    weights = _weights(drawn, every, q, mixture)
    if drawn.change is not None:
        weights = _since_change(drawn, drawn.change, (weights, q), mixture)
    return NumberEvidence(
        numbers,
        drawn.set_aside,
        drawn.matches,
        weights,
        float(np.log2(q).sum()),
        drawn.rare,
        _of_mates(drawn),
    )


def _of_mates(drawn: Draws) -> dict[int, tuple[int, ...]]:
    """Numbers by which no people of the candidate's own are known, but some of a cell-mate's."""
    found: dict[int, list[int]] = {}
    theirs = (drawn.shared > 0) & (drawn.own == 0)
    for number, place in zip(drawn.number[theirs].tolist(), drawn.place[theirs].tolist(), strict=True):
        found.setdefault(place, []).append(int(drawn.talked.numbers[number]))
    return {place: tuple(numbers) for place, numbers in found.items()}


def _since_change(
    drawn: Draws, change: Change, whole: tuple[npt.NDArray[np.float32], Floats], mixture: Mixture
) -> npt.NDArray[np.float32]:
    """Weights for the user at the end, who may have come after somebody else.

    log2 [(P(no change) 2^W_all + P(change) L 2^W_since) / (P(no change) + P(change) L)], L being the mean
    weight of the numbers before the change over whoever may have used it then.
    """
    weights, q = whole
    earlier = _weights(drawn, change.before, q, mixture)
    since = _weights(drawn, change.after, q, mixture)
    anybody = np.logaddexp2.reduce(earlier, axis=1, keepdims=True) - np.log2(max(earlier.shape[1], 1))
    changed = change.bits + anybody
    either = np.logaddexp2(weights, changed + since)
    return np.asarray(either - np.logaddexp2(0.0, changed), dtype=np.float32)


def _weights(
    drawn: Draws, rows: npt.NDArray[np.bool_], q: Floats, mixture: Mixture
) -> npt.NDArray[np.float32]:
    """log2 likelihood ratios of some numbers, shape (grid, candidates): a base for those that match nobody,
    and the matches."""
    grid = np.array(mixture.grid)
    called = grid[:, :1] * drawn.has_people[None, :]
    lent = grid[:, 1:] * drawn.has_mates[None, :]
    rest = np.maximum(1 - called - lent, 1e-3)
    weights = int(rows.sum()) * np.log2(rest)
    kept = rows[drawn.number]
    number, place = drawn.number[kept], drawn.place[kept]
    often = drawn.talked.often[number]
    own = drawn.own[kept] * np.array(mixture.called)[often]
    shared = drawn.shared[kept] * np.array(mixture.lent)[often]
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
    stays, prison_cells = prison.stays, prison.prison_cells
    touching = (stays.start <= view.activity.last) & (stays.end >= view.activity.first) & (prison_cells >= 0)
    rows, place = view.rows(stays, touching)
    if not rows.size:
        return sparse.csr_matrix((view.candidates.size, view.candidates.size))
    prison_cell = prison_cells[rows]
    member = sparse.csr_matrix(
        (np.ones(rows.size), (place, prison_cell)), shape=(view.candidates.size, prison_cell.max() + 1)
    )
    return sparse.csr_matrix(member @ member.T)
