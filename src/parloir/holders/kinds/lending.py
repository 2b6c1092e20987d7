"""Whose traffic it is: the numbers of one handset under every pair of a regular user and a borrower.

Each distinct number n of a handset that inmate I regularly uses is

    with chance h one of the |C| numbers by which I's own people are known, else as from anybody's handset:
    log2[(h o_n [n ∈ C]/|C| + (1 − h) q_n) / q_n],

where o_n says how often n is met beside the handset's other numbers: of all its numbers, one of the user's
own people is drawn in proportion to days^κ, one of a borrower's (l_n) in proportion to days^(−λ). All numbers
met alike (or κ = 0) give o_n = 1: the formula alone.

Somebody who borrows the handset leaves his own people on it, all of them together: with n ∈ C_J drawn with
chance g, J's numbers are LR_J = Π (g l_n/|C_J| + (1 − g) q_n) / q_n times likelier. Cell-mates borrow with
chance b each where the user lends at all, anybody else in the prison with a small chance a. An unknown user
lives in some prison cell, too: in this one with chance a. So

    weight of I = A_I − log2[1 + a (LR_I − 1)] − log2[(1 − a) Π X_J / Y_J + a],
    X_J = 1 + a (LR_J − 1), Y_J = 1 + b (LR_J − 1),

A_I the sum over the numbers, the product over cell-mates J, numbers that I and J have in common counted once.
What a cell-mate's people explain is explained for all who share the prison cell, whether their own people are
known or not, and never by more than log2(1/a) bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds.changes import Change
from parloir.holders.kinds.kind import Integers
from parloir.holders.kinds.talked import Talked

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Mixture:
    """Parameters of the draw.

    Attributes:
        called: h, shares of correspondents that are the user's own people.
        lent: g, shares that are those of one who borrows; 0 where the user lends nothing to cell-mates.
        lent_start: how likely each is beforehand.
        habits: κ and λ, how far calls are the user's rather than a borrower's.
        mate: b. others: people besides cell-mates whose own people show on a handset.
        pooled: share of q that goes to the people of just anybody there.
    """

    called: tuple[float, ...]
    lent: tuple[float, ...]
    lent_start: tuple[float, ...]
    habits: tuple[tuple[float, float], ...]
    mate: float
    others: float
    pooled: float

    @property
    def points(self) -> int:
        """How many (h, g, habit) there are, h slowest, habit fastest."""
        return len(self.called) * len(self.lent) * len(self.habits)


@dataclass(frozen=True)
class Draws:
    """What the numbers of one handset are, before any mixture is chosen.

    Attributes:
        talked: numbers that tell something.
        set_aside: how many common numbers were left out.
        matches: for each candidate position, the numbers of its own people among them.
        touched: candidate positions that have to do with any number, themselves or through a cell-mate.
        number, column: positions of a number, and in `touched` of a candidate whose people it belongs to.
        own: p [n ∈ C]/|C| of each such pair.
        mates: positions in `touched`, shape (2, pairs): a candidate, and a cell-mate whose people are met.
        unknown_user: rarity of each number.
        crowd: chance that a number is drawn from the people of just anybody there.
        has_people: whether a candidate's own people are known at all.
        change: when the handset may have changed hands.
        rare: probability of a number that nobody else is in touch with, as a correspondent.
        inside: how likely the handset is to be used in detention.
    """

    talked: Talked
    set_aside: int
    matches: Mapping[int, tuple[int, ...]]
    touched: Integers
    number: Integers
    column: Integers
    own: Floats
    mates: Integers
    unknown_user: Floats
    crowd: Floats
    has_people: Bools
    change: Change | None
    rare: float
    inside: float

    @property
    def of_last_user(self) -> Bools:
        """Which numbers are the last user's as far as anything tells."""
        if self.change is None or not self.change.likely:
            return np.ones(self.talked.numbers.size, dtype=bool)
        return self.change.after

    @property
    def columns(self) -> Integers:
        """The column of each candidate: its own, else that of all without, or with, people."""
        columns = self.touched.size + self.has_people.astype(np.int64)
        columns[self.touched] = np.arange(self.touched.size)
        return columns


def weights(drawn: Draws, rows: Bools, q: Floats, mixture: Mixture) -> npt.NDArray[np.float32]:
    """log2 likelihood ratios of some numbers.

    Args:
        drawn: all numbers of the handset.
        rows: which of them.
        q: chance of each as the correspondent of an unknown user.
        mixture: see there.

    Returns:
        shape (points of the mixture, touched candidates + 2): the last two columns are those of everybody
        else, without people that are known and with.
    """
    numbers = _Numbers.of(drawn, rows, q, mixture)
    own = numbers.own()[:, None]
    lent = numbers.lent()[None]
    whole = own + lent
    return np.asarray(whole.reshape(mixture.points, -1), dtype=np.float32)


def anybody(drawn: Draws, mixture: Mixture) -> float:
    """a, the chance that one inmate who is no cell-mate leaves his people on the handset."""
    return min(mixture.others / max(drawn.has_people.size, 1), 0.5)


def unknown(drawn: Draws, q: Floats, mixture: Mixture) -> float:
    """log2 probability of all numbers if the user is unknown: Π q_n Π_J X_J.

    A number that belongs to several counts for each by its share.
    """
    return float(np.log2(q).sum()) + _Numbers.of(drawn, np.ones(q.size, bool), q, mixture).guests()


@dataclass(frozen=True)
class _Numbers:
    """Some numbers of one handset, and whose people they belong to.

    Attributes:
        drawn: the handset.
        mixture: see there.
        count: how many numbers.
        belongs: shape (numbers that belong to anybody, touched).
        own_ratio, lent_ratio: p [n ∈ C]/(|C| q) times o or l, shape (habits, numbers, touched).
    """

    drawn: Draws
    mixture: Mixture
    count: int
    belongs: Bools
    own_ratio: Floats
    lent_ratio: Floats

    @classmethod
    def of(cls, drawn: Draws, rows: Bools, q: Floats, mixture: Mixture) -> _Numbers:
        """Those of `rows`."""
        kept = rows[drawn.number]
        which, number = np.unique(drawn.number[kept], return_inverse=True)
        share = np.zeros((which.size, drawn.touched.size))
        share[number, drawn.column[kept]] = drawn.own[kept]
        share /= q[which][:, None]
        days = np.maximum(drawn.talked.days, 1).astype(float)
        own, lent = (
            np.array([_often(days, rows, power)[which] for power in powers]).reshape(
                len(powers), which.size, 1
            )
            for powers in ([k for k, _ in mixture.habits], [-b for _, b in mixture.habits])
        )
        return cls(drawn, mixture, int(rows.sum()), share > 0, share * own, share * lent)

    def own(self) -> Floats:
        """A_I − log2[1 + a (LR_I − 1)], shape (h, habits, columns)."""
        h = np.array(self.mixture.called)[:, None, None, None]
        gain = np.log2(h / (1 - h) * self.own_ratio[None] + 1).sum(axis=2)
        rest = self.count * np.log2(1 - h[:, :, 0])
        people = self.drawn.has_people[self.drawn.touched]
        touched = gain + rest * people - self._anybody()
        shape = (h.shape[0], gain.shape[1], 1)
        others = [np.zeros(shape), np.broadcast_to(rest, shape)]
        return np.concatenate([touched, *others], axis=2)

    def lent(self) -> Floats:
        """What cell-mates' people explain, shape (g, habits, columns)."""
        mixture, (who, mate) = self.mixture, self.drawn.mates
        found = np.zeros((len(mixture.lent), len(mixture.habits), self.drawn.touched.size + 2))
        left = self.belongs.sum(axis=0)[mate] > self._shared()[who, mate]
        who, mate = who[left], mate[left]
        if not who.size:
            return found
        gain = self._gain()
        both = np.einsum("gknp,np->gkp", gain[..., mate], self.belongs[:, who])
        bits = gain.sum(axis=2)[..., mate] - both + self._rest()
        more = _either(mixture.mate, bits) - _either(self._any, self._mean(bits))
        lending = np.flatnonzero(np.array(mixture.lent) > 0)
        for row, one in zip(lending, more, strict=True):
            for habit, values in enumerate(one):
                summed = np.bincount(who, values, minlength=found.shape[2])
                found[row, habit] = -np.logaddexp2(np.log2(1 - self._any) - summed, np.log2(self._any))
        return found

    def guests(self) -> float:
        """log2 of how many times likelier the numbers are for anybody's borrowing."""
        share = 1 / np.maximum(self.belongs.sum(axis=1), 1)
        bits = (self._gain() * share[:, None]).sum(axis=2) + self._rest()
        met = self.belongs.any(axis=0)
        shown = float(_either(self._any, self._mean(bits))[met].sum())
        nothing = np.broadcast_to(self._rest(), (*bits.shape[:2], 1))
        unmet = float(_either(self._any, self._mean(nothing))[0])
        return shown + unmet * (int(self.drawn.has_people.sum()) - int(met.sum()))

    def _anybody(self) -> Floats:
        """log2[1 + a Σ_J (LR_J − 1)] of the numbers of each candidate, whoever's else they are, too."""
        shared = self._shared() > 0
        both = np.einsum("ni,gknj->gkij", self.belongs, self._gain(), optimize=True) + self._rest()[..., None]
        bits = np.where(shared, self._mean(both), -np.inf)
        most = bits.max(axis=1, initial=0.0)
        summed = most + np.log2(np.maximum(np.exp2(bits - most[:, None]).sum(axis=1), 1e-300))
        kept = np.log2(np.maximum(1 - self._any * shared.sum(axis=1), 0.5))
        return np.asarray(np.where(shared.any(axis=1), np.logaddexp2(kept, np.log2(self._any) + summed), 0.0))

    def _gain(self) -> Floats:
        """log2 of what a number gains as a borrower's, shape (g above 0, habits, numbers, touched)."""
        g = self._lent
        return np.asarray(np.log2(g / (1 - g) * self.lent_ratio[None] + 1))

    def _rest(self) -> Floats:
        """log2 of what all numbers lose for it, shape (g above 0, 1, 1)."""
        return np.asarray(self.count * np.log2(1 - self._lent[..., 0]))

    def _mean(self, bits: Floats) -> Floats:
        """log2 of the mean over g above 0 and habits, the first two axes."""
        mass = np.array([p for g, p in zip(self.mixture.lent, self.mixture.lent_start, strict=True) if g > 0])
        log = np.log2(mass / mass.sum() / len(self.mixture.habits)).reshape(-1, *[1] * (bits.ndim - 1))
        return np.asarray(np.logaddexp2.reduce(np.logaddexp2.reduce(bits + log)))

    def _shared(self) -> Integers:
        """How many numbers belong to both of two candidates."""
        one = self.belongs.astype(np.int64)
        return np.asarray(one.T @ one)

    @property
    def _lent(self) -> Floats:
        return np.array([g for g in self.mixture.lent if g > 0])[:, None, None, None]

    @property
    def _any(self) -> float:
        return anybody(self.drawn, self.mixture)


def _either(chance: float, bits: Floats) -> Floats:
    """log2[1 + chance (2^bits − 1)]."""
    return np.asarray(np.logaddexp2(np.log2(1 - chance), np.log2(chance) + bits))


def _often(days: Floats, rows: Bools, power: float) -> Floats:
    """days^power beside the mean of it over some numbers."""
    raised = days**power
    return np.asarray(raised / raised[rows].mean()) if rows.any() else raised
