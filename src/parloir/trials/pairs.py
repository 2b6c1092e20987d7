"""Every handset that was weighed against every candidate, as one table: what `held_by` is scored on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.holders import Holders
from parloir.holders.leads import kind_names
from parloir.holders.weighed import WeighedHandset
from parloir.weights.bits import posteriors

Floats = npt.NDArray[np.float64]


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


def blocks(pairs: pa.Table) -> Iterator[slice]:
    """The rows of each handset."""
    handset = pairs["handset"].to_numpy()
    edges = np.flatnonzero(np.append(True, handset[1:] != handset[:-1])) if handset.size else handset
    for begin, end in zip(edges, np.append(edges[1:], handset.size), strict=True):
        yield slice(int(begin), int(end))


def posterior_of(pairs: pa.Table, bits: Floats) -> Floats:
    """What other weights than the fused ones would have made of the same priors."""
    prior, none = pairs["prior"].to_numpy(), pairs["none"].to_numpy()
    result = np.zeros(bits.size)
    for rows in blocks(pairs):
        result[rows] = posteriors(prior[rows], none[rows][0], bits[rows])
    return result


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
