"""The other handsets of the case, as a first weighing sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders.kinds.kind import Company
from parloir.holders.mixtures import Candidates, Fellow, Mixtures, Weighing
from parloir.holders.world import Prison, World

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


LIKELY = 0.05
"""Posteriors below are not carried from one handset to another."""
_SHARED = (0.1, 0.3, 0.6)
"""Assumed: share of the numbers of one user's handset that are on the other, equally likely."""
_AT_MOST = 8
"""A number that more handsets talk to ties none of them together."""


@dataclass(frozen=True)
class Finds:
    """Earlier finds: the inmates who lived there, whom the report names, its handset (else −1), its row."""

    rows: tuple[tuple[frozenset[int], int, int, str], ...]

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, world: World, handsets: pa.Table) -> Finds:
        """Read them from the seizure reports."""
        of: dict[int, int] = {row["imei14"]: row["handset"] for row in handsets.to_pylist()}
        sql = files("parloir.holders").joinpath("sql/finds.sql").read_text(encoding="utf-8")
        rows: list[tuple[frozenset[int], int, int, str]] = []
        for prison, prison_cell, found, inmate, imeis, locator in connection.execute(sql).fetchall():
            here = world.prisons.get(prison)
            lived: frozenset[int] = _lived(here, prison_cell, found) if here and prison_cell else frozenset()
            named = world.index.get(str(inmate), -1)
            handset = next((int(of[i]) for i in imeis or () if i in of), -1)
            rows.append((lived, named, handset, str(locator)))
        return cls(tuple(rows))

    @cached_property
    def by_inmate(self) -> Mapping[int, list[int]]:
        """The finds that have to do with each inmate."""
        found: dict[int, list[int]] = defaultdict(list)
        for row, (lived, named, _, _) in enumerate(self.rows):
            for inmate in lived | ({named} - {-1}):
                found[inmate].append(row)
        return dict(sorted(found.items()))

    @cached_property
    def by_handset(self) -> Mapping[int, list[int]]:
        """The finds of each handset."""
        found: dict[int, list[int]] = defaultdict(list)
        for row, (_, _, handset, _) in enumerate(self.rows):
            found[handset].append(row)
        return found

    @cached_property
    def counts(self) -> tuple[Integers, Floats, Floats]:
        """Inmates whom any find has to do with, sorted; finds where each lived, and that name each."""
        inmates = np.array(list(self.by_inmate), dtype=np.int64)
        lived = [sum(i in self.rows[r][0] for r in rows) for i, rows in self.by_inmate.items()]
        named = [sum(i == self.rows[r][1] for r in rows) for i, rows in self.by_inmate.items()]
        return inmates, np.array(lived, dtype=float), np.array(named, dtype=float)

    def of_others(self, candidates: Candidates, handset: int) -> tuple[Floats, Floats]:
        """Finds where each candidate lived, and that name each, those of one handset left out."""
        inmates, *counts = self.counts
        found, named = np.zeros(candidates.size), np.zeros(candidates.size)
        if not inmates.size or not candidates.size:
            return found, named
        nearest = np.minimum(np.searchsorted(inmates, candidates), inmates.size - 1)
        here = inmates[nearest] == candidates
        found[here], named[here] = (count[nearest[here]] for count in counts)
        for row in self.by_handset.get(handset, ()):
            lived, who, _, _ = self.rows[row]
            found[np.isin(candidates, list(lived))] -= 1
            named[candidates == who] -= 1
        return found, named

    def reports(self, handset: int, inmate: int) -> list[str]:
        """Rows of the finds that have to do with an inmate, those of one handset left out."""
        rows = (self.rows[row] for row in self.by_inmate.get(inmate, ()))
        return sorted(locator for _, _, found, locator in rows if found != handset)


def _lived(prison: Prison, prison_cell: str, moment: int) -> frozenset[int]:
    stays = prison.stays
    then = (stays.start <= moment) & (stays.end >= moment) & (stays.what == prison_cell)
    return frozenset(stays.inmate[then].tolist())


class Society:
    """All handsets together: what each is told about the others."""

    def __init__(
        self, weighings: Mapping[int, Weighing], every: Sequence[Fellow], finds: Finds, served: pa.Table
    ) -> None:
        """Put what they tell in order.

        Args:
            weighings: the handsets that will be told of the others, by their number.
            every: all handsets.
            finds: of the case.
            served: as `mixtures.served` gives it, of the prisons of those who will be told.
        """
        self.finds, self.weighings, self.every = finds, weighings, every
        self.by_number: dict[int, list[int]] = defaultdict(list)
        for row, one in enumerate(every):
            for number in one.numbers.tolist():
                self.by_number[number].append(row)
        self.radio = Mixtures.of(weighings, served)

    def of(self, row: int) -> Company:
        """What the others tell about one handset's candidates."""
        one = self.weighings[row]
        handset = one.activity.handset
        finds, named = self.finds.of_others(one.candidates, handset)
        fellows, shared = self._fellows(row)
        return Company(
            finds, named, fellows, self.radio.bits(row), partial(self.finds.reports, handset), shared
        )

    def _fellows(self, row: int) -> tuple[Floats, dict[int, tuple[int, ...]]]:
        """log2[1 + Σ P(I holds D') (LR − 1)] over the other handsets D' that share numbers with it, and those
        numbers by inmate."""
        one = self.weighings[row]
        shared: dict[int, list[int]] = defaultdict(list)
        for at, number in enumerate(one.told.numbers.tolist()):
            owners = self.by_number[number]
            if len(owners) <= _AT_MOST:
                for other in owners:
                    shared[other].append(at)
        numbers, gain = one.told.numbers, np.zeros(one.candidates.size)
        met: dict[int, set[int]] = defaultdict(set)
        for other, both in shared.items():
            fellow = self.every[other]
            if other == row or len(both) < 2 or not fellow.likely.size:
                continue
            ratio = self._ratio(one, fellow, both)
            _, places, likely = np.intersect1d(
                one.candidates, fellow.likely, assume_unique=True, return_indices=True
            )
            gain[places] += fellow.chance[likely] * max(ratio - 1, 0.0)
            for inmate in one.candidates[places].tolist():
                met[inmate].update(numbers[both].tolist())
        return np.log2(1 + gain), {inmate: tuple(sorted(numbers)) for inmate, numbers in met.items()}

    @staticmethod
    def _ratio(one: Weighing, other: Fellow, shared: list[int]) -> float:
        """P(numbers | the user of both is one) / P(numbers | two users)."""
        share = np.array(_SHARED)[:, None]
        drawn = share / max(other.numbers.size, 1) / one.rarity[shared] + (1 - share)
        bits = np.log2(drawn).sum(axis=1) + (one.told.numbers.size - len(shared)) * np.log2(1 - share[:, 0])
        return float(np.exp2(np.minimum(bits, 40.0)).mean())


def own_numbers(connection: duckdb.DuckDBPyConnection) -> Integers:
    """The numbers of the SIMs that were in the handsets while they were inside, sorted."""
    sql = files("parloir.holders").joinpath("sql/own_numbers.sql").read_text(encoding="utf-8")
    return np.asarray(connection.execute(sql).fetchnumpy()["number"], dtype=np.int64)
