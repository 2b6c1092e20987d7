"""How well handsets are held against inmates: calibration of what is stated, cost of the weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.trials.pairs import naive_bits, posterior_of
from parloir.trials.truth import Truth
from parloir.weights.fusion import cross_fit
from parloir.weights.metrics import Calibration, Interval, Resampling, cllr, cllr_min, ece

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
STATED = 0.01
"""Probabilities below are not counted among those stated."""
DRAWS = 40
"""Of outcomes, for the ECE of probabilities that are right."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What weights cost, all pairs of handset and candidate, both classes weighted equally.

    Attributes:
        cllr: log-likelihood-ratio cost in bits, with its interval from drawing handsets.
        cllr_min: after the best monotone recalibration.
    """

    cllr: Interval
    cllr_min: float

    @property
    def loss(self) -> float:
        """What calibration costs: Cllr − Cllr_min."""
        return self.cllr.value - self.cllr_min


@dataclass(frozen=True, slots=True)
class Stated:
    """How stated probabilities fared.

    Attributes:
        met: ECE, slope, log-loss gained over the prior.
        floor: the ECE to be expected of so many such probabilities if every one of them is right.
    """

    met: Calibration
    floor: float


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
        permuted: Cllr where the weights of each handset are given to its candidates at random and calibrated
            anew, cross-fitted by prison: 1 where the scoring itself lets nothing through.
    """

    handsets: int
    pairs: int
    known: int
    top: Stated
    stated: Stated
    top_naive: Stated
    stated_naive: Stated
    fused: Cost
    naive: Cost
    permuted: float


def score_held(pairs: pa.Table, truth: Truth, resampling: Resampling | None = None) -> HeldScores:
    """Score pairs as `held_pairs` gives them.

    Raises:
        InputError: no pair is true, or none is false.
    """
    true = true_pairs(pairs, truth)
    handset = np.unique(pairs["handset"].to_numpy(), return_inverse=True)[1]
    bits, added = pairs["bits"].to_numpy(), naive_bits(pairs)
    prior = pairs["prior"].to_numpy() * pairs["inside"].to_numpy()
    fused = pairs["posterior"].to_numpy() * pairs["inside"].to_numpy()
    naive = posterior_of(pairs, added) * pairs["inside"].to_numpy()
    settings = resampling or Resampling()
    return HeldScores(
        handsets=int(handset.max(initial=-1)) + 1,
        pairs=true.size,
        known=np.unique(handset[true]).size,
        top=_calibration(fused, true, prior, likeliest(fused, handset)),
        stated=_calibration(fused, true, prior, fused >= STATED),
        top_naive=_calibration(naive, true, prior, likeliest(naive, handset)),
        stated_naive=_calibration(naive, true, prior, naive >= STATED),
        fused=cost(bits, true, handset, settings),
        naive=cost(added, true, handset, settings),
        permuted=permuted(bits, true, (handset, pairs["prison"].to_numpy()), settings.seed),
    )


def true_pairs(pairs: pa.Table, truth: Truth) -> Bools:
    """Whether each pair's candidate is the regular user: the last owner during the records."""
    handsets, users = pairs["handset"].to_pylist(), pairs["inmate"].to_pylist()
    return np.array(
        [truth.user_of(int(h or 0)) == user for h, user in zip(handsets, users, strict=True)], dtype=np.bool_
    )


def likeliest(probability: Floats, handset: npt.NDArray[np.int64]) -> Bools:
    """One row of each handset: its highest probability, the first of equals."""
    order = np.lexsort((-probability, handset))
    first = np.append(True, np.diff(handset[order]) != 0)[: order.size]
    chosen = np.zeros(probability.size, dtype=bool)
    chosen[order[first]] = True
    return chosen


def _calibration(stated: Floats, true: Bools, prior: Floats, rows: Bools) -> Stated:
    p = stated[rows]
    random = np.random.default_rng(0)
    floor = np.mean([ece(p, random.random(p.size) < p).ece for _ in range(DRAWS)])
    return Stated(ece(p, true[rows], prior=prior[rows]), float(floor))


def cost(bits: Floats, true: Bools, handset: npt.NDArray[np.int64], settings: Resampling) -> Cost:
    """Cllr with the interval of drawing whole handsets, and Cllr_min."""
    lost = np.logaddexp2(0.0, np.where(true, -bits, bits))
    sums = np.array([np.bincount(handset, lost * side) for side in (true, ~true)])
    counts = np.array([np.bincount(handset, side) for side in (true, ~true)])
    random = np.random.default_rng(settings.seed)
    size = counts.shape[1]
    drawn = random.multinomial(size, np.full(size, 1 / size), settings.draws).T
    with np.errstate(invalid="ignore", divide="ignore"):
        values = ((sums @ drawn) / (counts @ drawn)).mean(axis=0)
    tail = (1 - settings.level) / 2
    low, high = np.nanquantile(values, [tail, 1 - tail])
    value = cllr(bits[true], bits[~true])
    return Cost(Interval(value, float(low), float(high)), cllr_min(bits[true], bits[~true]))


def permuted(
    bits: Floats, true: Bools, of: tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]], seed: int
) -> float:
    """Cllr of weights that were dealt to the wrong candidates and calibrated on other prisons.

    Weights that mislead cost more than 1 as they stand; so what is measured is whether anything of them can
    be used, by a calibration that never saw the prison.

    Args:
        of: the handset and the prison of each pair.
    """
    handset, prison = of
    random = np.random.default_rng(seed)
    shuffled = np.lexsort((random.random(bits.size), handset))
    order = np.argsort(handset, kind="stable")
    dealt = np.empty_like(bits)
    dealt[order] = bits[shuffled]
    if np.unique(prison).size < 2:
        return float("nan")
    refitted = cross_fit(("dealt",), dealt[:, None], true, prison).bits
    return cllr(refitted[true], refitted[~true])
