"""How well handsets are held against inmates: calibration of what is stated, cost of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.trials.calibration import (
    STATED,
    Bools,
    Cost,
    Floats,
    Numbers,
    Stated,
    cost,
    likeliest,
    stated,
)
from parloir.trials.pairs import handset_numbers, naive_bits, posterior_of, starts
from parloir.trials.truth import Truth
from parloir.weights.curves import Tippett, tippett
from parloir.weights.fusion import cross_fit
from parloir.weights.metrics import Resampling, cllr


@dataclass(frozen=True, slots=True)
class HeldScores:
    """Scores of the weights and posteriors of `held_by`.

    Attributes:
        handsets: that were weighed. pairs: of handset and candidate. known: handsets whose true regular user
            is among the candidates; the others' is unknown, by the truth: all their pairs are false.
        top: calibration of each handset's likeliest candidate, P(lead). stated: of all P(lead) of .01 and
            more.
        top_naive, stated_naive: the same where the kinds of evidence are simply added.
        fused, naive: cost of the weights as they are, and of simple addition.
        prisons: by prison the share of handsets with a known user whose likeliest candidate is that user.
        costs: by prison the Cllr of the fused weights, where both classes are.
        tippett: of the fused weights.
        permuted: Cllr where the weights of each handset are given to its candidates at random and calibrated
            anew, cross-fitted by prison: 1 where the scoring lets nothing through; None for one prison.
    """

    handsets: int
    pairs: int
    known: int
    top: Stated | None
    stated: Stated | None
    top_naive: Stated | None
    stated_naive: Stated | None
    fused: Cost | None
    naive: Cost | None
    prisons: Mapping[str, float]
    costs: Mapping[str, float]
    tippett: Tippett | None
    permuted: float | None


def score_held(pairs: pa.Table, truth: Truth, resampling: Resampling | None = None) -> HeldScores:
    """Score pairs as `held_pairs` gives them."""
    true = true_pairs(pairs, truth)
    handset = handset_numbers(pairs)
    bits, added = pairs["bits"].to_numpy(), naive_bits(pairs)
    inside, (prison, prisons) = pairs["inside"].to_numpy(), coded(pairs["prison"])
    prior = pairs["prior"].to_numpy() * inside
    fused, naive = pairs["posterior"].to_numpy() * inside, posterior_of(pairs, added) * inside
    top, top_naive = likeliest(fused, handset), likeliest(naive, handset)
    both = true.any() and not true.all()
    return HeldScores(
        handsets=int(handset.max(initial=-1)) + 1,
        pairs=true.size,
        known=np.unique(handset[true]).size,
        top=stated(fused[top], true[top], prior[top]),
        stated=stated(fused[fused >= STATED], true[fused >= STATED], prior[fused >= STATED]),
        top_naive=stated(naive[top_naive], true[top_naive], prior[top_naive]),
        stated_naive=stated(naive[naive >= STATED], true[naive >= STATED], prior[naive >= STATED]),
        fused=cost(bits, true, handset, resampling),
        naive=cost(added, true, handset, resampling),
        prisons=_by_prison(true, top, handset, (prison, prisons)),
        costs=_costs(bits, true, (prison, prisons)),
        tippett=tippett(bits[true], bits[~true]) if both else None,
        permuted=permuted(bits, true, (handset, prison)) if both else None,
    )


def true_pairs(pairs: pa.Table, truth: Truth) -> Bools:
    """Whether each pair's candidate is the regular user: the last owner during the records."""
    inmate, names = coded(pairs["inmate"])
    code = {name: number for number, name in enumerate(names)}
    handsets = pairs["handset"].to_numpy()[starts(pairs)].tolist()
    users = np.array([code.get(truth.user_of(h) or "", -1) for h in handsets], dtype=np.int64)
    return np.asarray(inmate == users[handset_numbers(pairs)], dtype=np.bool_)


def coded(column: Any) -> tuple[Numbers, list[str]]:
    """Numbers that stand for words, and the words: millions of rows have few of them."""
    words = column.combine_chunks().dictionary_encode()
    return words.indices.to_numpy().astype(np.int64), [str(word) for word in words.dictionary.to_pylist()]


def _by_prison(true: Bools, top: Bools, handset: Numbers, of: tuple[Numbers, list[str]]) -> dict[str, float]:
    prison, names = of
    known = np.flatnonzero(top & np.isin(handset, handset[true]))
    right, every = np.bincount(prison[known], true[known]), np.bincount(prison[known])
    shares = {names[k]: float(right[k] / every[k]) for k in np.flatnonzero(every)}
    return dict(sorted(shares.items()))


def _costs(bits: Floats, true: Bools, of: tuple[Numbers, list[str]]) -> dict[str, float]:
    prison, names = of
    found = {}
    for number, name in sorted(enumerate(names), key=lambda one: one[1]):
        mine = prison == number
        if true[mine].any() and not true[mine].all():
            found[name] = cllr(bits[mine & true], bits[mine & ~true])
    return found


def permuted(bits: Floats, true: Bools, of: tuple[Numbers, Numbers]) -> float | None:
    """Cllr of weights that were dealt to the wrong candidates and calibrated on other prisons.

    Weights that mislead cost more than 1 as they stand; so what is measured is whether anything of them can
    be used, by a calibration that never saw the prison.

    Args:
        of: the handset and the prison of each pair.
    """
    handset, prison = of
    if np.unique(prison[true]).size < 2:
        return None
    dealt = np.empty_like(bits)
    shuffled = np.lexsort((np.random.default_rng(0).random(bits.size), handset))
    dealt[np.argsort(handset, kind="stable")] = bits[shuffled]
    refitted = cross_fit(("dealt",), dealt[:, None], true, prison).bits
    return cllr(refitted[true], refitted[~true])
