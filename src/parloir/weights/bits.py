"""Weights of evidence in bits: storage, words, bounds, posteriors.

A weight is log2( P(evidence | proposition) / P(evidence | alternative) ). It is stored as integer
millibits, so that the same inputs give the same bytes; arithmetic is done in bits on arrays of any shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parloir.errors import InputError

Bits = NDArray[np.float64]

NO_SUPPORT = "no support either way"
SCALE = (
    (3.3, "weak"),
    (6.6, "moderate"),
    (10.0, "moderately strong"),
    (13.3, "strong"),
    (19.9, "very strong"),
    (np.inf, "extremely strong"),
)
"""Upper ends in bits of the verbal equivalents (ENFSI Guideline for Evaluative Reporting in Forensic
Science, 2015, table of likelihood-ratio scales: 2-10, -100, -1,000, -10,000, -1,000,000, above)."""


def to_millibits(bits: ArrayLike) -> NDArray[np.int64]:
    """Bits to whole thousandths, halves to even; infinite weights become ±1,000,000 (a thousand bits)."""
    thousandths = np.rint(np.clip(np.asarray(bits, dtype=np.float64), -1000, 1000) * 1000)
    return np.asarray(thousandths, dtype=np.int64)


def verbal(bits: float, proposition: str = "the proposition", alternative: str = "the alternative") -> str:
    """A weight in the words of the scale: “moderate support for the proposition”.

    Below one bit there is no support either way; a negative weight supports the alternative.
    """
    size = abs(bits)
    if size < 1.0:
        return NO_SUPPORT
    words = next(words for end, words in SCALE if size < end or end == np.inf)
    return f"{words} support for {proposition if bits > 0 else alternative}"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and highest weight, in bits, that the fitting data can carry in a report."""

    low: float
    high: float

    def apply(self, bits: ArrayLike) -> Bits:
        """Clip weights for a report; posteriors take the unbounded ones."""
        return np.clip(np.asarray(bits, dtype=np.float64), self.low, self.high)


def weaken(bits: ArrayLike, link: ArrayLike) -> Bits:
    """Evidence carried over an uncertain link: log2(1 + p (LR − 1)), with p the probability of the link.

    Args:
        bits: weights that would hold if the link were certain.
        link: calibrated probability of the link, reached without the evidence weighed here.
    """
    p = np.asarray(link, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.logaddexp2(np.log2(1.0 - p), np.log2(p) + np.asarray(bits, dtype=np.float64)))


def posteriors(prior: ArrayLike, prior_none: ArrayLike, bits: ArrayLike) -> Bits:
    """π_I 2^W_I / (π_0 + Σ_J π_J 2^W_J) for every candidate I.

    Args:
        prior: π_I, shape (candidates,) or (cases, candidates); at least 0.
        prior_none: π_0, one for all or shape (cases,), of none of the candidates, whose weight is 0.
        bits: unbounded weights against that reference, same shape as `prior` after broadcasting.

    Returns:
        Probabilities, the shape of `bits`; what is missing to 1 is the posterior of none of them.

    Raises:
        InputError: priors below 0, or a case with none above 0.
    """
    weights, priors = np.broadcast_arrays(np.asarray(bits, np.float64), np.asarray(prior, np.float64))
    none = np.broadcast_to(np.asarray(prior_none, np.float64), priors.shape[:-1])[..., None]
    if (priors < 0).any() or (none < 0).any() or not (priors.sum(axis=-1, keepdims=True) + none > 0).all():
        raise InputError("priors must not be negative, nor all be 0", do="give one of them a prior above 0")
    with np.errstate(divide="ignore"):
        logs = np.log2(priors) + weights
        all_logs = np.concatenate([logs, np.log2(none)], axis=-1)
    return np.asarray(np.exp2(logs - np.logaddexp2.reduce(all_logs, axis=-1, keepdims=True)))


def probability(prior: ArrayLike, bits: ArrayLike) -> Bits:
    """Posterior of one proposition against its alternative: prior odds times 2^weight, as a probability."""
    p = np.asarray(prior, dtype=np.float64)
    with np.errstate(divide="ignore"):
        odds = np.log2(p) - np.log2(1.0 - p) + np.asarray(bits, dtype=np.float64)
    return np.asarray(np.exp2(-np.logaddexp2(0.0, -odds)))


def percent(probability: float) -> str:
    """A probability for reading: never 0 or 100 %, which no posterior reaches."""
    share = probability * 100
    if share < 0.01:
        return "<0.01 %"
    if share > 99.9:
        return ">99.9 %"
    return f"{share:.2f} %" if share < 1 else f"{share:.1f} %"
