"""Random streams by name: what one part of the world draws never depends on another, nor on the cores."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """The generator of a named part of the world with this seed."""
    keys = [n if isinstance(n, int) else zlib.crc32(n.encode()) for n in names]
    return np.random.default_rng(np.random.SeedSequence([seed, *keys]))


def mix(values: Ints, salt: int) -> Ints:
    """Scatter integers over 62 bits, the same everywhere (finaliser of MurmurHash3, Austin Appleby)."""
    x = values.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xFF51AFD7ED558CCD)
    x ^= x >> np.uint64(33)
    x *= np.uint64(0xC4CEB9FE1A85EC53)
    x ^= x >> np.uint64(33)
    return (x >> np.uint64(2)).astype(np.int64)


def by_lot(who: Ints, salt: int, share: float) -> Bools:
    """Whom a share of all falls on, always the same for one salt."""
    return np.asarray(mix(who, salt) % 10_000 < 10_000 * share, dtype=bool)


def permuted(index: Ints, bits: int, key: int) -> Ints:
    """A scattered one-to-one image of [0, 2**bits) in itself, bits even: codes in no order, none twice.

    A Feistel network of four rounds (Luby & Rackoff 1988).
    """
    half = bits // 2
    mask = (1 << half) - 1
    left, right = index >> half, index & mask
    for turn in range(4):
        left, right = right, left ^ (mix(right, 8 * key + turn) & mask)
    return left << half | right


def groups(counts: Ints) -> Ints:
    """`[2, 0, 3]` → `[0, 0, 2, 2, 2]`: the group of each member."""
    return np.repeat(np.arange(counts.size, dtype=np.int64), counts)


def within(counts: Ints) -> Ints:
    """`[2, 0, 3]` → `[0, 1, 0, 1, 2]`: the place of each member in its group."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if counts.size else 0, dtype=np.int64) - np.repeat(ends - counts, counts)


def distinct_codes(rng: np.random.Generator, count: int, low: int, high: int) -> Ints:
    """`count` distinct integers of [low, high) in random order: identifiers that tell nothing."""
    if count * 3 >= high - low:
        return rng.permutation(np.arange(low, high, dtype=np.int64))[:count]
    found = np.unique(rng.integers(low, high, size=int(count * 1.3) + 16))
    while found.size < count:
        found = np.unique(np.concatenate([found, rng.integers(low, high, size=count)]))
    return rng.permutation(found)[:count]
