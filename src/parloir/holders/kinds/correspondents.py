"""Whose people the handset calls: its distinct correspondents against the numbers of the inmate's own.

What one number weighs, and what of those who borrow the handset, says `lending`; here the numbers are made
ready for it: which tell something, whose they are, how rare each is, who shared whose prison cell.

q_n is the number's rarity among handsets, mixed with the chance that any handset of the prison calls it
because it belongs to the people of some inmate there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir.contacts import Rarity
from parloir.holders.kinds.changes import Change, likeliest_change
from parloir.holders.kinds.kind import Integers, View
from parloir.holders.kinds.lending import Draws, Mixture, anybody, unknown, weights
from parloir.holders.kinds.talked import Talked

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """Numbers of inmates' people, in arrays.

    Attributes:
        by_number: for each number that is met the inmates (indices) it belongs to, with the probability and
            the row.
        sizes: |C| of each inmate, links counted by their probability.
    """

    by_number: Mapping[int, tuple[tuple[int, float, str], ...]]
    sizes: Floats

    @classmethod
    def of(cls, known_numbers: pa.Table, index: Mapping[str, int]) -> Known:
        """From the table that `contacts.known_numbers` returns; numbers without a row are only counted."""
        number: Any = pc.index_in(known_numbers["inmate"], pa.array(list(index), pa.string()))
        known_numbers = known_numbers.set_column(0, "inmate", number).filter(pc.is_valid(number))
        inmates, chances = (known_numbers[name].to_numpy() for name in ("inmate", "probability"))
        by_number: dict[int, list[tuple[int, float, str]]] = {}
        met = known_numbers.filter(pc.is_valid(known_numbers["locator"]))
        for row in zip(*(met[name].to_pylist() for name in _KNOWN), strict=True):
            by_number.setdefault(row[0], []).append(row[1:])
        return cls(
            {one: tuple(group) for one, group in by_number.items()},
            np.bincount(inmates, chances, minlength=len(index)).astype(np.float64),
        )


_KNOWN = ("number", "inmate", "probability", "locator")


@dataclass(frozen=True)
class NumberEvidence:
    """The correspondents of one handset against every candidate.

    Attributes:
        talked: distinct correspondents that tell something (common numbers are set aside).
        set_aside: how many common numbers were left out.
        matches: for each candidate position, the numbers of its own people among them.
        of_mates: for each candidate position, those of the people of who shared the prison cell, and not
            of its own.
        weights: log2 likelihood ratios, shape (points of the mixture, columns).
        column: of each candidate, shape (candidates,).
        met, unmet: columns of candidates whose own people are met; whose people are known, and none is met.
        unknown_bits: log2 probability of the numbers if the user is unknown.
        rare: probability of a number that nobody else is in touch with, as a correspondent.
        anybody: chance that one inmate leaves his people on a handset that is another's.
    """

    talked: Talked
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    of_mates: Mapping[int, Mapping[int, tuple[int, ...]]]
    weights: npt.NDArray[np.float32]
    column: npt.NDArray[np.unsignedinteger]
    met: npt.NDArray[np.bool_]
    unmet: npt.NDArray[np.bool_]
    unknown_bits: float
    rare: float
    anybody: float

    def mixed(self, shares: Floats, power: float = 1.0) -> Floats:
        """log2 Σ share · 2^weight over the points of the mixture, shape (candidates,).

        Args:
            shares: of the points.
            power: γ. Numbers are drawn one by one, so that with chance p_0 none of the user's people is met;
                people are called or not whatever else is, so that it is p_0^γ, and 1 − p_0^γ that any is.
        """
        bits = self._columns(shares)[0]
        none = _none_met(bits)
        if none < _EMPTY:
            bits = bits + self.unmet * (power - 1) * np.log2(none)
            bits = bits + self.met * np.log2((1 - none**power) / (1 - none))
        return np.asarray(bits[self.column])

    def likelihoods(self, shares: Floats, posterior: Floats, powers: Floats) -> Floats:
        """log2 of how likely each γ makes it that people are met, or not, under posteriors (candidates,)."""
        none = _none_met(self._columns(shares)[0])
        if none >= _EMPTY:
            return np.zeros(powers.size)
        mass = np.bincount(self.column, posterior, minlength=self.met.size)
        some = mass[self.met].sum() * np.log2((1 - none**powers) / (1 - none))
        return np.asarray(some + mass[self.unmet].sum() * powers * np.log2(none))

    def parts(self, shares: Floats, posterior: Floats) -> Floats:
        """How often each point of the mixture, under posteriors (candidates,)."""
        mass = np.bincount(self.column, posterior, minlength=self.weights.shape[1])
        return np.asarray(self._columns(shares)[1] @ mass)

    def _columns(self, shares: Floats) -> tuple[Floats, Floats]:
        """Bits by column, and the part of each point in them."""
        most = self.weights.max(axis=0).astype(np.float64)
        parts = np.exp2(self.weights - most) * shares[:, None]
        total = np.maximum(parts.sum(axis=0), 1e-300)
        return most + np.log2(total), parts / total


_EMPTY = 0.98
"""Chance that none is met from which there are too few numbers to tell anything."""


def _none_met(bits: Floats) -> float:
    """p_0: that none of the user's people is among the numbers, by the weight of who has people, none met."""
    return float(np.clip(np.exp2(bits[-1]), 1e-6, 1.0))


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
    aside = rarity.common(numbers, common.share, common.count) | _among(numbers, common.inside)
    place = view.activity.segments[0].prison
    row, candidate, own = _own(view, numbers[~aside], known)
    told = talked.where(~aside)
    unknown_user = rarity.of(place, numbers)[~aside] if numbers.size else np.zeros(0)
    matched = np.unique(candidate)
    who, mate = cell_mates(view, matched)
    touched = np.union1d(matched, who)
    return Draws(
        talked=told,
        set_aside=int(aside.sum()),
        matches=_grouped(candidate, told.numbers[row]),
        touched=touched,
        number=row,
        column=np.searchsorted(touched, candidate),
        own=own,
        mates=np.searchsorted(touched, np.array([who, mate])),
        unknown_user=unknown_user,
        crowd=np.bincount(row, own, minlength=told.numbers.size) / max(view.candidates.size, 1),
        has_people=known.sizes[view.candidates] > 0,
        change=likeliest_change(view.activity, told, unknown_user),
        rare=float(rarity.of(place, np.array([-1]))[0]),
        inside=view.activity.segments[-1].probability,
    )


def _among(numbers: Integers, others: Integers) -> npt.NDArray[np.bool_]:
    """Which numbers are among others, sorted: a few of one handset among those of all."""
    place = np.searchsorted(others, numbers)
    return np.asarray(np.searchsorted(others, numbers, "right") > place)


def number_evidence(drawn: Draws, mixture: Mixture) -> NumberEvidence:
    """Weigh prepared correspondents under a mixture."""
    q = (1 - mixture.pooled) * drawn.unknown_user + mixture.pooled * drawn.crowd
    whole = weights(drawn, np.ones(q.size, dtype=bool), q, mixture)
    if drawn.change is not None:
        whole = _since_change(drawn, drawn.change, (whole, q), mixture)
    met = np.zeros(whole.shape[1], dtype=bool)
    met[drawn.column] = True
    people = np.concatenate([drawn.has_people[drawn.touched], [False, True]])
    return NumberEvidence(
        drawn.talked,
        drawn.set_aside,
        drawn.matches,
        _of_mates(drawn),
        whole,
        drawn.columns.astype(np.min_scalar_type(whole.shape[1])),
        met,
        people & ~met,
        unknown(drawn, q, mixture),
        drawn.rare,
        anybody(drawn, mixture),
    )


def _since_change(
    drawn: Draws, change: Change, whole: tuple[npt.NDArray[np.float32], Floats], mixture: Mixture
) -> npt.NDArray[np.float32]:
    """Weights for the user at the end, who may have come after somebody else.

    log2 [(P(no change) 2^W_all + P(change) L 2^W_since) / (P(no change) + P(change) L)], L being the mean
    weight of the numbers before the change over whoever may have used it then.
    """
    every, q = whole
    earlier = weights(drawn, change.before, q, mixture)
    since = weights(drawn, change.after, q, mixture)
    many = np.bincount(drawn.columns, minlength=earlier.shape[1])
    with np.errstate(divide="ignore"):
        share = np.log2(many / max(many.sum(), 1))
    anybody = np.logaddexp2.reduce(earlier + share, axis=1, keepdims=True)
    changed = change.bits + anybody
    either = np.logaddexp2(every, changed + since)
    return np.asarray(either - np.logaddexp2(0.0, changed), dtype=np.float32)


def _of_mates(drawn: Draws) -> dict[int, dict[int, tuple[int, ...]]]:
    """For each candidate the cell-mates whose people are met, and their numbers that are not its own."""
    found: dict[int, dict[int, tuple[int, ...]]] = {}
    for who, mate in drawn.touched[drawn.mates].T.tolist():
        mine = drawn.matches.get(who, ())
        theirs = tuple(n for n in drawn.matches[mate] if n not in mine)
        if theirs:
            found.setdefault(who, {})[mate] = theirs
    return found


def _own(view: View, numbers: Integers, known: Known) -> tuple[Integers, Integers, Floats]:
    """Number, candidate and p [n ∈ C]/|C| of all that belong together."""
    found = [
        (row, inmate, probability / max(known.sizes[inmate], 1.0))
        for row, number in enumerate(numbers.tolist())
        for inmate, probability, _ in known.by_number.get(number, ())
    ]
    row, inmate, own = (np.array(part) for part in zip(*found, strict=True)) if found else (np.zeros(0),) * 3
    row, inmate = row.astype(np.int64), inmate.astype(np.int64)
    place = np.searchsorted(view.candidates, inmate)
    place = np.minimum(place, max(view.candidates.size - 1, 0))
    here = view.candidates[place] == inmate if view.candidates.size else np.zeros(inmate.size, dtype=bool)
    return row[here], place[here], own[here]


def _grouped(places: Integers, numbers: Integers) -> dict[int, tuple[int, ...]]:
    """The numbers of each place."""
    found: dict[int, list[int]] = {}
    for place, number in zip(places.tolist(), numbers.tolist(), strict=True):
        found.setdefault(place, []).append(number)
    return {place: tuple(group) for place, group in found.items()}


def cell_mates(view: View, whose: Integers) -> tuple[Integers, Integers]:
    """Who shared a prison cell with some candidates while the handset was there.

    Args:
        view: the handset and its candidates.
        whose: positions of those candidates, sorted.

    Returns:
        positions of candidates, and of the one of `whose` that each shared a prison cell with, sorted.
    """
    nobody, size = np.zeros(0, dtype=np.int64), view.candidates.size
    prison = view.prison(0)
    if prison is None or not whose.size:
        return nobody, nobody
    stays, prison_cells = prison.stays, prison.prison_cells
    touching = (stays.start <= view.activity.last) & (stays.end >= view.activity.first) & (prison_cells >= 0)
    rows, place = view.rows(stays, touching)
    order = np.argsort(prison_cells[rows], kind="stable")
    place, prison_cell = place[order], prison_cells[rows][order]
    asked = np.isin(place, whose)
    begin = np.searchsorted(prison_cell, prison_cell[asked])
    many = np.searchsorted(prison_cell, prison_cell[asked], "right") - begin
    mate = np.repeat(place[asked], many)
    who = place[np.repeat(begin - np.cumsum(many) + many, many) + np.arange(mate.size)]
    others = who != mate
    pairs = np.unique(who[others] * size + mate[others])
    return pairs // size, pairs % size
