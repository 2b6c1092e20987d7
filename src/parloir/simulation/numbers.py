"""Telephone numbers and SIMs that nobody has.

The French plan reserves 06 39 98 xx xx and five ranges of fixed lines for fiction; a nation needs millions
of numbers.
The rest come from 07 1 and 07 2, which the plan gives to nobody. All kinds of people draw from one scattered
sequence, so that a number tells nothing about its bearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.arrow import Column, padded
from parloir.simulation.streams import Bools, Ints, mix, permuted

FICTION = 33_639_980_000
UNASSIGNED = 33_710_000_000
RESERVED = 10_000
FIXED = (199_000_000, 261_910_000, 353_010_000, 465_710_000, 536_490_000)
LARGE, SMALL = 24, 20
"""Bits of the pool of mobile numbers of a large and a small world: 16.8 million and 1 million numbers."""

COMMON = np.array([33_199_000_000 + k for k in range(100, 140)], dtype=np.int64)
"""Voicemail, taxis, banks, the shop: numbers that everybody calls."""
OPERATORS = ("Alizé Mobile", "Boréal Télécom", "Cers Mobile")
"""Three operators that do not exist."""
NETWORKS = (40, 41, 42)
"""Their network codes, which are allocated to nobody under 208 (ITU-T E.212)."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of one world, by index.

    Attributes:
        seed: scatters them.
        bits: 2**bits mobile numbers there are; smaller worlds have fewer, so that the reserved ones are a
            larger share.
        known: indexes below this belong to people in somebody's circle.
        overlap: how often a stranger's correspondent is one of those.
        fixed_lines: share of strangers with a fixed line.
    """

    seed: int
    bits: int
    known: int = 0
    overlap: float = 0.0
    fixed_lines: float = 0.0

    @property
    def pool(self) -> int:
        """How many mobile numbers there are."""
        return 1 << self.bits

    def mobile(self, index: Ints) -> Ints:
        """E.164 digits of the index-th mobile number; distinct below `pool`."""
        place = permuted(index % self.pool, self.bits, self.seed)
        return np.where(place < RESERVED, FICTION + place, UNASSIGNED + place - RESERVED).astype(np.int64)

    def beyond(self, index: Ints) -> Ints:
        """A number of somebody whom no circle knows."""
        return self.mobile(self.known + index % (self.pool - self.known))

    def fixed(self, index: Ints) -> Ints:
        """E.164 digits of fixed lines; 50,000 of them, then they repeat."""
        place = mix(index, self.seed) % 49_500
        return 33_000_000_000 + np.take(FIXED, place % 5) + 300 + place // 5

    def stranger(self, device: Ints, contact: Ints) -> Ints:
        """The number of a device's k-th correspondent, the same whenever asked."""
        die = mix(device * 64 + contact, self.seed + 1)
        of_circle = (die >> 44) % 10_000 < 10_000 * self.overlap
        index = np.where(of_circle, die % max(self.known, 1), self.known + die % (self.pool - self.known))
        number = self.mobile(index)
        fixed = np.flatnonzero((die >> 30) % 10_000 < 10_000 * self.fixed_lines)
        number[fixed] = self.fixed(die[fixed])
        return number


def imsi(operator: Ints, index: Ints, seed: int) -> Ints:
    """15 digits: 208, the operator's network, ten scattered digits; distinct for index below 2**32."""
    return (20_800 + np.take(NETWORKS, operator)) * 10_000_000_000 + permuted(index, 32, seed + 1)


def misdialled(numbers: Ints, rng: np.random.Generator, share: float) -> Ints:
    """The numbers as somebody wrote them down: the last digit of some is wrong."""
    wrong = rng.random(numbers.size) < share
    other = numbers // 10 * 10 + (numbers + rng.integers(1, 10, numbers.size)) % 10
    return np.where(wrong, other, numbers)


def national(numbers: Ints, style: Ints) -> list[str]:
    """French numbers as people write them: five styles by index."""
    return [_style(f"0{n % 10**9:09d}", s) for n, s in zip(numbers.tolist(), style.tolist(), strict=True)]


def _style(digits: str, style: int) -> str:
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    if style == 0:
        return " ".join(pairs)
    if style == 1:
        return ".".join(pairs)
    if style == 2:
        return f"+33 {digits[1]} {' '.join(pairs[1:])}"
    return f"0033{digits[1:]}" if style == 3 else digits


def plain(numbers: Ints, missing: Bools | None = None) -> Column:
    """French numbers in national form without spaces, null where missing."""
    return padded(numbers % 10**9, 10, missing)
