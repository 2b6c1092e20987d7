"""How likely a number is as the correspondent of a handset whose user is unknown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SHORT_CODE = 1_000_000
"""Numbers below are voicemail, emergency and value-added services: nobody's own."""


@dataclass(frozen=True)
class Rarity:
    """Counts of handsets by number, and what follows for the next handset.

    Attributes:
        here: handsets in touch with a number, by (prison, number).
        here_total: distinct correspondents, summed over the handsets of a prison.
        everywhere: handsets in touch with a number, by number.
        total: the same sum over all prisons.
        handsets: how many handsets were counted.
        unseen: probability of one particular number that no other handset was in touch with.
        unseen_mass: probability of meeting any such number.
        strength: how many draws the whole counts for against the prison's own counts.
    """

    here: Counter[tuple[str, int]]
    here_total: Counter[str]
    everywhere: Counter[int]
    total: int
    handsets: int
    unseen: float
    unseen_mass: float
    strength: float

    def of(self, prison: str, numbers: Integers) -> Floats:
        """q_n = (c_n + a g_n) / (t + a): the chance that the next correspondent of another handset is n.

        The handset that asks is left out of c, t and g. g is the Good–Turing estimate over all prisons: seen
        numbers by their counts, the mass of the unseen spread over as many as Chao's estimator tells.

        Args:
            prison: where the handset is.
            numbers: its own distinct correspondents, all of them.

        Source: I. J. Good, Biometrika 40 (1953) 237–264; A. Chao, Scand. J. Statist. 11 (1984) 265–270.
        """
        others_here = np.array([max(self.here[prison, int(n)] - 1, 0) for n in numbers], dtype=float)
        others = np.array([max(self.everywhere[int(n)] - 1, 0) for n in numbers], dtype=float)
        rest = max(self.total - len(numbers), 1)
        general = np.where(others > 0, (1 - self.unseen_mass) * others / rest, self.unseen)
        rest_here = max(self.here_total[prison] - len(numbers), 0)
        return np.asarray((others_here + self.strength * general) / (rest_here + self.strength))

    def common(self, numbers: Integers, share: float, at_least: int) -> npt.NDArray[np.bool_]:
        """Numbers that so many handsets call that they tell nothing: taxis, banks, voicemail, the shop."""
        counts = np.array([self.everywhere[int(n)] for n in numbers])
        many = (counts >= at_least) & (counts >= share * self.handsets)
        return np.asarray(many | (np.asarray(numbers) < SHORT_CODE))


def rarity(correspondents: pa.Table, strength: float, numbers_in_use: float) -> Rarity:
    """Count how many handsets were in touch with each number, in each prison and everywhere.

    Args:
        correspondents: as `contacts.correspondents` returns them.
        strength: see `Rarity`.
        numbers_in_use: how many numbers exist at least that a handset may be in touch with; Chao's estimator
            is a lower bound too, and of no use for a handful of handsets.
    """
    prisons = [str(prison) for prison in correspondents["prison"].to_pylist()]
    numbers: list[int] = correspondents["number"].to_numpy().tolist()
    everywhere = Counter(numbers)
    spectrum = Counter(everywhere.values())
    once, twice, total = spectrum[1], spectrum[2], len(numbers)
    unseen_mass = (once + 1) / (total + 2)
    unseen_numbers = max(once * (once - 1) / (2 * (twice + 1)), numbers_in_use)
    return Rarity(
        here=Counter(zip(prisons, numbers, strict=True)),
        here_total=Counter(prisons),
        everywhere=everywhere,
        total=total,
        handsets=len(set(correspondents["handset"].to_pylist())),
        unseen=unseen_mass / unseen_numbers,
        unseen_mass=unseen_mass,
        strength=strength,
    )
