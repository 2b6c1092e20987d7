"""One handset against all its candidates, ready to be weighed again and again while learning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds import ACQUISITION, KINDS, OF_COMPANY, Company, NumberEvidence, View
from parloir.holders.scales import ACQUIRED, ALONE, CODES, DOING, FIRST, SIZES, within_strata

Floats = npt.NDArray[np.float64]
CODE = np.int8
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Ordered:
    """Candidates whose visitors may have ordered the handset.

    Attributes:
        places: positions among the candidates.
        without: their codes of the kind `acquisition` if no order were linked.
        link: probability of the link behind the order.
    """

    places: npt.NDArray[np.intp]
    without: Codes
    link: Floats


@dataclass(frozen=True)
class Block:
    """What was observed of one handset.

    Attributes:
        view: the handset and its candidates.
        numbers: its correspondents, weighed at each h.
        patterns: codes that some candidate shows, shape (kinds, patterns). Of pairs of a handset and a
            candidate there are millions, so of each the pattern alone is kept.
        pattern: of each candidate, shape (candidates,).
        ordered: the candidates with an order.
        counts: how many candidates show each code, the kinds one after another, shape (codes,).
    """

    view: View
    numbers: NumberEvidence
    patterns: Codes
    pattern: npt.NDArray[np.unsignedinteger]
    ordered: Ordered
    counts: Floats

    @property
    def codes(self) -> Codes:
        """The codes of all candidates, shape (kinds, candidates)."""
        return np.take(self.patterns, self.pattern, axis=1)

    def codes_of(self, place: int) -> Codes:
        """Those of one candidate, shape (kinds,)."""
        return np.asarray(self.patterns[:, self.pattern[place]])

    @property
    def prison(self) -> str:
        """The prison it was last in: the group that cross-fitting keeps together."""
        return self.view.activity.segments[-1].prison

    @property
    def on_one_axis(self) -> npt.NDArray[np.int64]:
        """The codes as positions on the axis of all kinds' codes, shape (kinds, candidates)."""
        return np.take(self.patterns + FIRST[:, None], self.pattern, axis=1)


def observe(view: View, numbers: NumberEvidence) -> Block:
    """Let every kind of evidence look at one handset."""
    codes = np.array([kind.observe(view) for kind in KINDS], dtype=CODE)
    return Block(view, numbers, *patterns_of(codes), _ordered(view, codes[ACQUIRED]), _counted(codes))


def look_again(block: Block, company: Company) -> Block:
    """The same handset, once something is known of the others; what findings name of it is kept."""
    view, codes = replace(block.view, company=company), block.codes
    for number, kind in enumerate(KINDS):
        if isinstance(kind, OF_COMPANY):
            codes[number] = kind.observe(view)
    told = replace(Company.unknown(codes.shape[1]), reports=company.reports, shared=company.shared)
    patterns, pattern = patterns_of(codes)
    return replace(
        block, view=replace(view, company=told), patterns=patterns, pattern=pattern, counts=_counted(codes)
    )


_DIGITS = np.concatenate([[1], np.cumprod(SIZES)[:-1]])
"""What a code of each kind counts for in the one number of all of a candidate's codes, shape (kinds,)."""


def patterns_of(codes: Codes) -> tuple[Codes, npt.NDArray[np.unsignedinteger]]:
    """The different columns of codes, and which of them each candidate has."""
    _, first, pattern = np.unique(_DIGITS @ codes, return_index=True, return_inverse=True)
    return codes[:, first], pattern.astype(np.min_scalar_type(first.size))


def _counted(codes: Codes) -> Floats:
    return np.bincount((codes + FIRST[:, None]).ravel(), minlength=CODES).astype(np.float64)


def _ordered(view: View, acquired: Codes) -> Ordered:
    without = ACQUISITION.without_order(acquired.astype(np.int64))
    places = np.flatnonzero(without != acquired)
    link = ACQUISITION.link(view) if places.size else np.zeros(0)
    return Ordered(places, without[places].astype(CODE), link[places])


_SELDOM = 0.002
"""Share of candidates who show any level of a kind at least: silences have many reasons."""
_UNSEEN = 0.01
"""Candidates that a code counts for beforehand, so that none has the share 0."""


@dataclass(frozen=True)
class Background:
    """P(level | stratum, anybody there): what the candidates of a handset show, most of whom do not hold it.

    Attributes:
        pooled: the share of each code within its stratum over all handsets, shape (codes,).
        smoothing: candidates that the pooled share counts for beside the handset's own.
    """

    pooled: Floats
    smoothing: float

    @classmethod
    def of(cls, counts: Iterable[Floats], smoothing: float) -> Background:
        """Add up the codes of all candidates of all handsets, each as `Block.counts`."""
        total = np.full(CODES, _UNSEEN)
        for one in counts:
            total += one
        return cls(total / within_strata(total), smoothing)

    def local(self, counts: Floats) -> Floats:
        """Share of each code within its stratum among one handset's candidates, smoothed.

        Args:
            counts: as `Block.counts`, of one handset or of several, shape (…, codes).
        """
        smoothed = counts + self.smoothing * self.pooled
        return np.asarray(smoothed / within_strata(smoothed))

    def mean_ratio(self, counts: Floats, ratios: Floats) -> Floats:
        """For each code the mean ratio of the *other* candidates in its stratum, themselves smoothed.

        Leaving the candidate out keeps a level that only one shows as telling as it is; dividing by the mean
        keeps a level that all show from telling anything.

        What is the user's own doing weighs against how often the others show the level, all of them alike or
        not: a handset used as usual while one inmate was locked away was not that inmate's, be all others
        who were away just as unlikely.

        Args:
            counts: as `Block.counts`, of one handset or of several, shape (…, codes).
            ratios: of every code, shape (codes,).
        """
        smoothed = counts + self.smoothing * self.pooled
        totals = np.maximum(within_strata(smoothed) - 1, self.smoothing)
        others = np.maximum(within_strata(smoothed * ratios) - ratios, _UNSEEN) / totals
        seldom = self.smoothing * np.maximum(self.pooled, _SELDOM)
        shown = np.where(ALONE, 1.0, np.maximum(smoothed - 1, seldom) / totals)
        return np.asarray(np.where(DOING, shown, others))
