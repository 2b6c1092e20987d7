"""What each kind of evidence adds: alone, and what is lost when it is left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from parloir.trials.calibration import Bools, Floats, likeliest
from parloir.trials.ground import NEGLIGIBLE, Ground, as_posteriors
from parloir.trials.held import true_pairs
from parloir.trials.pairs import handset_numbers, kinds_of, naive_bits, posterior_of
from parloir.trials.plans import Morning, score_plan
from parloir.trials.truth import Truth
from parloir.weights.metrics import cllr

RAISED = 1.5
"""Candidates that some kinds together raise by less than this over their prior have no part in their plan: a
single kind leaves most candidates where they were, and millions of them would rank nothing."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What some kinds of evidence are worth together, simply added.

    Attributes:
        cllr: of their sum, all pairs, classes weighted equally; None where one class is empty.
        first: of the handsets whose user is among the candidates, the share whose likeliest one is that user.
        finds: of the plan made of them. gain: its (plan − chance) / (oracle − chance).
    """

    cllr: float | None
    first: float
    finds: float
    gain: float


@dataclass(frozen=True, slots=True)
class KindScores:
    """One kind of evidence alone, and all the others without it."""

    alone: Worth
    without: Worth


def score_kinds(pairs: pa.Table, truth: Truth, ground: Ground, morning: Morning) -> dict[str, KindScores]:
    """Every kind of evidence that says anything in these pairs, by name; and `all` of them together."""
    true = true_pairs(pairs, truth)
    kinds = [name for name in kinds_of(pairs) if np.ptp(pairs[name].to_numpy(), axis=None) > 0]

    floor = np.maximum(NEGLIGIBLE, RAISED * pairs["prior"].to_numpy())

    def worth(bits: Floats) -> Worth:
        probability = posterior_of(pairs, bits)
        plan = score_plan(ground.ranked(as_posteriors(pairs, probability, floor)), truth, morning)
        both = true.any() and not true.all()
        return Worth(
            cllr=cllr(bits[true], bits[~true]) if both else None,
            first=first_right(pairs, probability, true),
            finds=plan.plan,
            gain=plan.gain,
        )

    every = naive_bits(pairs, kinds)
    found = {}
    for kind in kinds:
        alone = pairs[kind].to_numpy()
        found[kind] = KindScores(worth(alone), worth(every - alone))
    return {**found, "all": KindScores(worth(every), worth(np.zeros(every.size)))}


def first_right(pairs: pa.Table, probability: Floats, true: Bools) -> float:
    """Of the handsets whose user is a candidate, the share whose likeliest candidate is that user."""
    handset = handset_numbers(pairs)
    known = np.isin(handset, handset[true]) & likeliest(probability, handset)
    return float(true[known].mean()) if known.any() else 0.0
