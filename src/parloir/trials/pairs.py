"""Every handset that was weighed against every candidate, as one table: what `held_by` is scored on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders import Holders
from parloir.holders.leads import kind_names
from parloir.holders.weighed import WeighedHandset

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


def held_pairs(held: Holders) -> pa.Table:
    """All pairs, those of one handset together, handsets by number.

    Returns:
        handset (int64); prison, inmate; bits (fused, unbounded, against an unknown user); posterior (given
        that the handset is inside); prior (of each candidate) and none (π_0); inside, last_us, seized, alive
        and until_us of the handset; and the bits of each kind of evidence, named as it is.
    """
    parts = [_block(one) for one in sorted(held.handsets, key=lambda h: h.block.view.activity.handset)]
    return pa.concat_tables([part for part in parts if part.num_rows]) if parts else pa.table({})


def kinds_of(pairs: pa.Table) -> tuple[str, ...]:
    """The kinds of evidence that the pairs have bits of."""
    return tuple(name for name in kind_names() if name in pairs.column_names)


def naive_bits(pairs: pa.Table, kinds: Sequence[str] | None = None) -> Floats:
    """Plain addition of some kinds (all unless told), as if they were independent."""
    chosen = kinds_of(pairs) if kinds is None else kinds
    total = np.zeros(pairs.num_rows)
    for name in chosen:
        total += pairs[name].to_numpy()
    return total


def starts(pairs: pa.Table) -> Numbers:
    """The first row of each handset."""
    handset = pairs["handset"].to_numpy()
    return np.flatnonzero(np.append(True, handset[1:] != handset[:-1])[: handset.size])


def handset_numbers(pairs: pa.Table) -> Numbers:
    """The number of each row's handset, from 0 on in the order of the rows."""
    return np.repeat(np.arange(starts(pairs).size), np.diff(np.append(starts(pairs), pairs.num_rows)))


def posterior_of(pairs: pa.Table, bits: Floats) -> Floats:
    """What other weights than the fused ones would have made of the same priors, by `weights.bits.posteriors`
    for all handsets at once."""
    if not bits.size:
        return np.zeros(0)
    first = starts(pairs)
    length = np.diff(np.append(first, bits.size))
    with np.errstate(divide="ignore"):
        logs = np.log2(pairs["prior"].to_numpy()) + bits
        unknown = np.log2(pairs["none"].to_numpy()[first])
    top = np.maximum(np.maximum.reduceat(logs, first), unknown)
    mass = np.exp2(logs - np.repeat(top, length))
    whole = np.add.reduceat(mass, first) + np.exp2(unknown - top)
    return np.asarray(mass / np.repeat(whole, length))


def _block(one: WeighedHandset) -> pa.Table:
    view, weighed = one.block.view, one.weighed
    last, count = view.activity.segments[-1], view.candidates.size
    kinds = dict(zip(kind_names(), [weighed.numbers, *weighed.kinds], strict=True))
    return pa.table(
        {
            "handset": np.full(count, view.activity.handset),
            "prison": pa.array([last.prison] * count, pa.string()),
            "inmate": pa.array([str(i) for i in view.world.inmates[view.candidates]], pa.string()),
            "bits": weighed.fused,
            "posterior": weighed.posterior,
            "prior": np.full(count, weighed.prior),
            "none": np.full(count, 1 - weighed.prior * count),
            "inside": np.full(count, last.probability),
            "last_us": np.full(count, view.activity.last),
            "seized": pa.array([view.seizure is not None] * count, pa.bool_()),
            "alive": np.full(count, one.alive),
            "until_us": np.full(count, view.observed[1]),
            **kinds,
        }
    )
