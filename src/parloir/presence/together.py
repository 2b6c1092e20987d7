"""What two handsets' records show side by side: minutes, days, calls, SIMs, correspondents, radio cells.

All pairs of one prison are counted at a time, as products of sparse tables with a row a handset.
What two strangers would show by chance is reckoned from each one's own days and hours.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
HOUR_S, DAY_S = 3_600, 86_400
SLOT_S = 600
"""Records within so many seconds are together."""
FEW = 8.0
"""Records on fewer radio cells of one network show no mix of them."""


@dataclass(frozen=True)
class Doings:
    """Records of the handsets compared, arrays of one length, sorted by handset and time.

    Attributes:
        of: place of the handset among those compared.
        second: when it began, since 1970.
        talk_s: length of a call, 0 for anything else.
        imsi, number: SIM and own number, 0 where not told.
    """

    of: Numbers
    second: Numbers
    talk_s: Numbers
    imsi: Numbers
    number: Numbers


@dataclass(frozen=True)
class Mix:
    """Records by radio cell, arrays of one length: handset's place, radio cell, its network, records."""

    of: Numbers
    radio_cell: Numbers
    network: Numbers
    records: Floats


@dataclass(frozen=True)
class Met:
    """Whom each of n handsets was in touch with.

    Attributes:
        of, number: handset's place and the other party's number, arrays of one length.
        handsets: how many handsets of the whole case were in touch with the number, same length.
        most: handsets in the case.
    """

    of: Numbers
    number: Numbers
    handsets: Numbers
    most: int


@dataclass(frozen=True)
class Minutes:
    """Minutes and days of each pair, shape (n, n).

    Attributes:
        lift: times they were active within the same ten minutes, over what each one's days and hours would
            have by chance (one added to both).
        chance: that expectation.
        days: correlation of their activity from day to day; NaN where one does not vary.
    """

    lift: Floats
    chance: Floats
    days: Floats


@dataclass(frozen=True)
class Calls:
    """What began while the other was in a call, shape (n, n).

    Attributes:
        during: how often a record of one began in a call of the other.
        chance: how often it would by chance, by each one's own hours.
        own: how often calls begin within a call of the same IMEI, as a share of what chance would have, all
            together: 0 where clocks and lengths are right, 1 and more where they are worth nothing.
    """

    during: Floats
    chance: Floats
    own: float


def minutes(does: Doings, n: int) -> Minutes:
    """How far two are active at the same times and on the same days."""
    slots = _table(does.of, does.second // SLOT_S, np.ones(does.of.size), n, binary=True)
    at = slots.tocoo()
    slot = np.unique(does.second // SLOT_S)[at.col]
    days = _table(at.row, slot * SLOT_S // DAY_S, np.ones(at.row.size), n).toarray()
    hours = np.zeros((n, 24))
    np.add.at(hours, (at.row, slot * SLOT_S // HOUR_S % 24), 1.0)
    hours /= np.maximum(hours.sum(axis=1, keepdims=True), 1.0)
    chance = (days @ days.T) * (hours @ hours.T) * SLOT_S / HOUR_S
    lift = ((slots @ slots.T).toarray() + 1.0) / (chance + 1.0)
    return Minutes(lift, chance, _correlation(np.sqrt(days)))


def calls(does: Doings, n: int) -> Calls:
    """What began while the other was in a call: a handset with one radio answers nothing meanwhile."""
    during, chance = _during(does, n)
    talking = does.talk_s > 0
    alone = Doings(*(getattr(does, one.name)[talking] for one in fields(does)))
    own, by_chance = (float(np.diag(one).sum()) for one in _during(alone, n))
    own_share = own / max(by_chance - float(alone.talk_s.sum()) / HOUR_S, 1.0)
    return Calls(during + during.T, chance + chance.T, own_share)


def by_turns(does: Doings, n: int) -> Numbers:
    """How often a SIM passed from one to the other, either way, shape (n, n)."""
    order = np.lexsort((does.of, does.second, does.imsi))
    of, imsi = does.of[order], does.imsi[order]
    passed = np.flatnonzero((imsi[1:] == imsi[:-1]) & (imsi[1:] > 0) & (of[1:] != of[:-1]))
    many = np.zeros((n, n), dtype=np.int64)
    np.add.at(many, (of[passed], of[passed + 1]), 1)
    return many + many.T


def in_touch(does: Doings, met: Met, n: int) -> NDArray[np.bool_]:
    """Whether one communicated with a number of the other, shape (n, n)."""
    own = np.unique(np.stack([does.of, does.number]), axis=1)
    own = own[:, own[1] > 0]
    numbers = np.concatenate([own[1], met.number])
    places = np.concatenate([own[0], met.of + n])
    both = _table(places, numbers, np.ones(numbers.size), 2 * n, binary=True)
    touched = (both[:n] @ both[n:].T).toarray() > 0
    return np.asarray(touched | touched.T)


def numbers(met: Met, n: int) -> tuple[Floats, Floats]:
    """Numbers in common, shape (n, n): how many only these two would use, and their share of the fewer's.

    A number that many handsets are in touch with counts for less: log2(handsets / those in touch with it).
    """
    rare = np.log2(max(met.most, 2) / np.maximum(met.handsets, 1.0))
    weight = np.maximum(rare, 0.0) / max(np.log2(max(met.most, 4) / 2.0), 1.0)
    has = _table(met.of, met.number, np.sqrt(weight), n)
    common = np.asarray((has @ has.T).toarray())
    own = np.diag(common)
    return common, common / np.maximum(np.minimum(own[:, None], own[None, :]), 1e-9)


def alike(mix: Mix, n: int) -> Floats:
    """How alike two mixes of radio cells are, 0 to 1, shape (n, n); NaN where no network is common to both.

    Bhattacharyya's coefficient of the shares within a network, averaged over the networks of both.
    """
    groups, group = np.unique(
        mix.of * (int(mix.network.max(initial=0)) + 1) + mix.network, return_inverse=True
    )
    total = np.bincount(group, mix.records, minlength=groups.size)
    enough = total[group] >= FEW
    share = np.sqrt(mix.records / total[group])[enough]
    has = _table(mix.of[enough], mix.radio_cell[enough], share, n)
    known = _table(mix.of[enough], mix.network[enough], np.ones(share.size), n, binary=True)
    common = np.asarray((known @ known.T).toarray())
    total_alike = np.asarray((has @ has.T).toarray())
    return np.where(common > 0, total_alike / np.maximum(common, 1.0), np.nan)


def _table(
    of: Numbers, column: Numbers, values: NDArray[np.generic], n: int, binary: bool = False
) -> csr_array:
    """A sparse table with a row a handset; what falls together is added up, or counts once."""
    columns, at = np.unique(column, return_inverse=True)
    table = csr_array((np.asarray(values, dtype=np.float64), (of, at)), shape=(n, max(columns.size, 1)))
    table.sum_duplicates()
    if binary:
        table.data[:] = 1.0
    return table


def _correlation(values: Floats) -> Floats:
    """Of the rows, NaN where one is constant."""
    centred = values - values.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1))
    scale = length[:, None] * length[None, :]
    return np.where(scale > 0, (centred @ centred.T) / np.where(scale > 0, scale, 1.0), np.nan)


def _during(does: Doings, n: int) -> tuple[Floats, Floats]:
    """How often a record of the column's handset began within a call of the row's, and would by chance."""
    hour = does.second // HOUR_S
    began = _table(does.of, hour, np.ones(does.of.size), n)
    chance = (_table(does.of, hour, does.talk_s, n) @ began.T).toarray() / HOUR_S
    order = np.argsort(does.second, kind="stable")
    of, second = does.of[order], does.second[order]
    end = second + does.talk_s[order]
    many = np.zeros((n, n))
    on = np.flatnonzero(end > second)
    ahead = 1
    while on.size:
        on = on[on + ahead < of.size]
        on = on[second[on + ahead] < end[on] - 1]  # a second of grace: what follows at once is no overlap
        later = second[on + ahead] > second[on]
        np.add.at(many, (of[on[later]], of[on[later] + ahead]), 1.0)
        ahead += 1
    return many, np.asarray(chance)
