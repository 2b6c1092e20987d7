"""What a kind of evidence is: strata, levels, and a code for each candidate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import Activity
from parloir.holders.purchases import Purchases
from parloir.holders.world import Prison, Spans, World

Codes = npt.NDArray[np.int64]
Integers = npt.NDArray[np.int64]
Candidates = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Scale:
    """Strata and levels of a kind.

    The stratum is what could have been observed (how long, how often); it does not depend on who holds the
    handset. The level is what was observed. Probabilities sum to one over the levels of a stratum, so a
    stratum in which nothing can be learnt has one level and weighs nothing.

    Attributes:
        name: of the kind, as findings and parameters write it.
        strata: for each stratum its name and its levels.
    """

    name: str
    strata: tuple[tuple[str, tuple[str, ...]], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every code, `stratum: level`."""
        return tuple(f"{stratum}: {level}" for stratum, levels in self.strata for level in levels)

    @cached_property
    def stratum_of(self) -> npt.NDArray[np.int64]:
        """Stratum of every code."""
        sizes = [len(levels) for _, levels in self.strata]
        return np.repeat(np.arange(len(sizes)), sizes)

    @cached_property
    def first_of(self) -> npt.NDArray[np.int64]:
        """First code of every stratum."""
        sizes = [len(levels) for _, levels in self.strata]
        return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    def most(self, ratios: npt.NDArray[np.float64]) -> float | None:
        """log2 of the largest ratio outside the first stratum; None where there is no other.

        Args:
            ratios: of every code.
        """
        informative = ratios[self.stratum_of > 0]
        return float(np.log2(informative.max())) if informative.size else None

    def codes(self, stratum: npt.ArrayLike, level: npt.ArrayLike) -> Codes:
        """Codes of levels within strata."""
        return np.asarray(self.first_of[np.asarray(stratum)] + np.asarray(level), dtype=np.int64)


@dataclass(frozen=True)
class Seizure:
    """Where a handset was found, and whom the report names."""

    prison: str
    prison_cell: str | None
    found: int
    inmate: str | None
    locator: str


@dataclass(frozen=True)
class Company:
    """What other handsets tell about the candidates of one, each array of shape (candidates,).

    Attributes:
        finds, named: earlier finds where the candidate lived, and those whose report names the candidate.
        fellows: bits of unregistered numbers shared with other handsets of the candidate.
        sections: bits of the mixture of radio cells beside that of the candidate's section.
        reports: rows of the finds that have to do with an inmate.
        shared: the unregistered numbers shared with likely handsets of an inmate, by inmate.
    """

    finds: npt.NDArray[np.float64]
    named: npt.NDArray[np.float64]
    fellows: npt.NDArray[np.float64]
    sections: npt.NDArray[np.float64]
    reports: Callable[[int], list[str]]
    shared: Mapping[int, tuple[int, ...]]

    @classmethod
    def unknown(cls, candidates: int) -> Company:
        """Before anything is known of the others."""
        nothing = np.broadcast_to(np.zeros(1), candidates)
        return cls(nothing, nothing, nothing, nothing, _no_reports, {})


def _no_reports(inmate: int) -> list[str]:
    del inmate
    return []


@dataclass(frozen=True)
class View:
    """One handset beside the registers: all that a kind of evidence may look at.

    Attributes:
        activity: the handset.
        candidates: indices into `world.inmates`, sorted: who was in a prison of the handset while it was.
        world: the registers.
        purchases: orders of people linked to visitors, by inmate.
        seizure: its seizure, if it was seized.
        model: key of the catalogue model that its IMEI tells, if known.
        mini: whether that model is a mini; None when the model is unknown.
        imeis: all IMEIs of the handset.
        observed: first and last moment that the network records cover.
        company: what other handsets tell.
        people: how many numbers of each inmate's people are known, shape (inmates,).
        read: whether contents of the handset were read.
    """

    activity: Activity
    candidates: Candidates
    world: World
    purchases: Purchases
    seizure: Seizure | None
    model: str | None
    mini: bool | None
    imeis: tuple[int, ...]
    observed: tuple[int, int]
    company: Company
    people: npt.NDArray[np.float64]
    read: bool

    def prison(self, segment: int) -> Prison | None:
        """Registers of the prison of a segment, None when no register speaks of it."""
        return self.world.prisons.get(self.activity.segments[segment].prison)

    def last_prison(self) -> Prison | None:
        """Registers of the prison where the handset was last."""
        return self.prison(len(self.activity.segments) - 1)

    def count(self, spans: Spans, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """How many of some rows of a register are about each candidate."""
        return np.bincount(spans.inmate[rows], minlength=self.world.inmates.size)[self.candidates]

    def rows(self, spans: Spans, keep: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], Integers]:
        """Rows of a register about candidates: row numbers and positions in `candidates`."""
        chosen = np.flatnonzero(keep)
        place = np.searchsorted(self.candidates, spans.inmate[chosen])
        place = np.minimum(place, max(self.candidates.size - 1, 0))
        known = self.candidates[place] == spans.inmate[chosen] if self.candidates.size else np.zeros(0, bool)
        return chosen[known], place[known].astype(np.int64)


class Kind(Protocol):
    """A kind of evidence on who holds a handset."""

    scale: Scale
    wanted: str
    """What would move a handset out of the first stratum, where that one tells nothing; else empty."""

    def observe(self, view: View) -> Codes:
        """The code of each candidate, shape (candidates,)."""
        ...

    def sentence(self, name: str) -> str:
        """The code's meaning for a magistrate."""
        ...

    def locators(self, view: View, inmate: int) -> list[str]:
        """Rows that the code of one candidate rests on."""
        ...
