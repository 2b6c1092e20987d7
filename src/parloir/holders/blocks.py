"""One handset against all its candidates, ready to be weighed again and again while learning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds import ACQUISITION, KINDS, OF_COMPANY, Company, NumberEvidence, View

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int16]


@dataclass(frozen=True)
class Block:
    """What was observed of one handset.

    Attributes:
        view: the handset and its candidates.
        numbers: its correspondents, weighed at each h.
        codes: shape (kinds, candidates).
        unordered: codes of the kind `acquisition` as if no order were linked, shape (candidates,).
        link: probability of the link behind each candidate's order.
        counts: for each kind how many candidates show each code.
    """

    view: View
    numbers: NumberEvidence
    codes: Codes
    unordered: Codes
    link: Floats
    counts: tuple[Floats, ...]

    @property
    def prison(self) -> str:
        """The prison it was last in: the group that cross-fitting keeps together."""
        return self.view.activity.segments[-1].prison


def observe(view: View, numbers: NumberEvidence) -> Block:
    """Let every kind of evidence look at one handset."""
    codes = np.array([kind.observe(view) for kind in KINDS], dtype=np.int16)
    acquired = codes[KINDS.index(ACQUISITION)]
    return Block(
        view=view,
        numbers=numbers,
        codes=codes,
        unordered=ACQUISITION.without_order(acquired.astype(np.int64)).astype(np.int16),
        link=ACQUISITION.link(view),
        counts=tuple(
            np.bincount(row, minlength=len(kind.scale.names)).astype(np.float64)
            for row, kind in zip(codes, KINDS, strict=True)
        ),
    )


def look_again(block: Block, company: Company) -> Block:
    """The same handset, once something is known of the others."""
    view = replace(block.view, company=company)
    codes, counts = block.codes.copy(), list(block.counts)
    for number, kind in enumerate(KINDS):
        if isinstance(kind, OF_COMPANY):
            codes[number] = kind.observe(view)
            counts[number] = np.bincount(codes[number], minlength=len(kind.scale.names)).astype(np.float64)
    return replace(block, view=view, codes=codes, counts=tuple(counts))


_UNSEEN = 0.01
"""Candidates that a code counts for beforehand, so that none has the share 0."""


@dataclass(frozen=True)
class Background:
    """P(level | stratum, anybody there): what the candidates of a handset show, most of whom do not hold it.

    Attributes:
        pooled: for each kind the share of each code within its stratum over all handsets.
        smoothing: candidates that the pooled share counts for beside the handset's own.
    """

    pooled: tuple[Floats, ...]
    smoothing: float

    @classmethod
    def of(cls, blocks: Sequence[Block], smoothing: float) -> Background:
        """Count the codes of all candidates of all handsets."""
        pooled = []
        for number, kind in enumerate(KINDS):
            size = len(kind.scale.names)
            counts = np.full(size, _UNSEEN)
            for block in blocks:
                counts += block.counts[number]
            totals = np.bincount(kind.scale.stratum_of, weights=counts)
            pooled.append(counts / totals[kind.scale.stratum_of])
        return cls(tuple(pooled), smoothing)

    def local(self, block: Block, number: int) -> Floats:
        """Share of each code within its stratum among one handset's candidates, smoothed."""
        counts, totals = self._counts(block, number)
        return np.asarray(counts / totals)

    def mean_ratio(self, block: Block, number: int, ratios: Floats) -> Floats:
        """For each code the mean ratio of the *other* candidates in its stratum, themselves smoothed.

        Leaving the candidate out keeps a level that only one shows as telling as it is; dividing by the mean
        keeps a level that all show from telling anything.
        """
        counts, totals = self._counts(block, number)
        stratum = KINDS[number].scale.stratum_of
        sums = np.bincount(stratum, weights=counts * ratios)[stratum]
        others = np.maximum(sums - ratios, _UNSEEN)  # a code that nobody shows is never looked up
        return np.asarray(others / np.maximum(totals - 1, self.smoothing))

    def _counts(self, block: Block, number: int) -> tuple[Floats, Floats]:
        stratum = KINDS[number].scale.stratum_of
        counts = block.counts[number] + self.smoothing * self.pooled[number]
        totals = np.bincount(stratum, weights=counts)[stratum]
        return counts, np.asarray(totals, dtype=np.float64)
