"""How well handsets inside are told from all others in reach, by the definitions of the project."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.trials.calibration import STATED, Bools, Cost, Floats, Stated, cost, likeliest, stated
from parloir.trials.truth import CLONE, Truth
from parloir.weights.curves import Tippett, tippett

_READ = ("imei14", "prison", "probability", "millibits")


@dataclass(frozen=True, slots=True)
class PresenceScores:
    """Scores of stated probabilities that a handset was used inside a prison.

    Attributes:
        candidates: pairs of handset and prison that were weighed. inside: those that are true.
        missed: true pairs with records, not among the candidates; they count as found by nobody.
        precision, recall: at probability one half.
        average_precision: over the ranking, missed pairs in the denominator; None where nobody is inside.
        top: calibration of each handset's likeliest prison. stated: of all probabilities of .01 and more.
        cost, tippett: of the weights, where there are weights and both classes.
    """

    candidates: int
    inside: int
    missed: int
    precision: float
    recall: float
    average_precision: float | None
    top: Stated | None
    stated: Stated | None
    cost: Cost | None
    tippett: Tippett | None


def pairs_inside(truth: Truth) -> set[tuple[int, str]]:
    """Every IMEI14 and prison where its handset was used inside during the records."""
    world = truth.world
    used: dict[int, set[str]] = {}
    first = world["end_us"] - world["days"] * 86_400_000_000
    for row in truth.table("uses").to_pylist():
        if row["end_us"] > first:
            used.setdefault(row["handset"], set()).add(row["prison"])
    return {
        (imei, prison)
        for handset in truth.handsets
        if handset["active"] and not handset["never_on"]
        for imei in handset["imeis"]
        for prison in used.get(handset["handset"], ())
    }


def score_presence(candidates: pa.Table, truth: Truth, seen: set[int]) -> PresenceScores:
    """Score candidates (columns `imei14`, `prison`, `probability`, and `millibits` where there are weights).

    Args:
        candidates: one row for each IMEI and prison that was weighed; the best where one stands twice.
        truth: the world's truth.
        seen: IMEIs that occur in the records at all: nobody can find the others.
    """
    best = _best(candidates)
    true = {pair for pair in pairs_inside(truth) if pair[0] in seen}
    keys = sorted(best)
    outcome: Bools = np.array([key in true for key in keys], dtype=np.bool_)
    probability = np.array([best[key]["probability"] for key in keys], dtype=float)
    bits = np.array([best[key].get("millibits") or 0 for key in keys], dtype=float) / 1000
    device = np.unique(np.array([imei for imei, _ in keys], dtype=np.int64), return_inverse=True)[1]
    missed, said = len(true - best.keys()), probability >= 0.5
    weights = "millibits" in candidates.column_names and outcome.any() and not outcome.all()
    top = likeliest(probability, device)
    return PresenceScores(
        candidates=len(keys),
        inside=int(outcome.sum()) + missed,
        missed=missed,
        precision=_share(int((said & outcome).sum()), int(said.sum())),
        recall=_share(int((said & outcome).sum()), int(outcome.sum()) + missed),
        average_precision=average_precision(probability, outcome, missed) if true else None,
        top=stated(probability[top], outcome[top]),
        stated=stated(probability[probability >= STATED], outcome[probability >= STATED]),
        cost=cost(bits, outcome, device) if weights else None,
        tippett=tippett(bits[outcome], bits[~outcome]) if weights else None,
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """Ours and a named rule's at the rule's own number of flagged devices.

    Attributes:
        flagged: how many pairs of device and prison the rule flags.
        precision, recall: of our first so many; rule_precision, rule_recall: of the rule's.
    """

    flagged: int
    precision: float
    recall: float
    rule_precision: float
    rule_recall: float


def beside(candidates: pa.Table, flagged: pa.Table, truth: Truth, seen: set[int]) -> Beside:
    """Set the best of the candidates beside what a rule flags (columns `imei14`, `prison`)."""
    best = _best(candidates)
    true = {pair for pair in pairs_inside(truth) if pair[0] in seen}
    rule = set(zip(flagged["imei14"].to_pylist(), flagged["prison"].to_pylist(), strict=True))
    order = sorted(best, key=lambda key: (-best[key]["probability"], -(best[key]["millibits"] or 0), key))
    ours = len(true.intersection(order[: len(rule)]))
    theirs = len(true & rule)
    n, m = len(rule), len(true)
    return Beside(n, _share(ours, min(n, len(order))), _share(ours, m), _share(theirs, n), _share(theirs, m))


@dataclass(frozen=True, slots=True)
class CountScores:
    """How well the number of handsets that live in each prison is told.

    Attributes:
        prisons: with candidates. held: of them, those whose 95% interval holds the truth.
        width: median width of the interval, as a share of the count.
        ratio: sum of the counts to the truth; None where nobody is inside.
    """

    prisons: int
    held: int
    width: float
    ratio: float | None


def score_counts(counts: pa.Table, truth: Truth, seen: set[int]) -> CountScores:
    """Score counts (columns `prison`, `expected`, `low`, `high`, `candidates`) of handsets with records."""
    inside = {(truth.handset_of[i], prison) for i, prison in pairs_inside(truth) if i in seen}
    true = Counter(prison for _, prison in inside)
    rows = [row for row in counts.to_pylist() if row["candidates"]]
    width = [(row["high"] - row["low"]) / max(row["expected"], 1.0) for row in rows]
    return CountScores(
        prisons=len(rows),
        held=sum(row["low"] <= true[row["prison"]] <= row["high"] for row in rows),
        width=float(np.median(width)) if rows else float("nan"),
        ratio=sum(row["expected"] for row in rows) / true.total() if true else None,
    )


def _best(candidates: pa.Table) -> dict[tuple[int, str], dict[str, Any]]:
    """The likeliest row of each IMEI and prison."""
    best: dict[tuple[int, str], dict[str, Any]] = {}
    for row in candidates.select([name for name in _READ if name in candidates.column_names]).to_pylist():
        key = (row["imei14"] % CLONE, row["prison"])
        if key not in best or row["probability"] > best[key]["probability"]:
            best[key] = row
    return best


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def average_precision(score: Floats, outcome: Bools, missed: int = 0) -> float:
    """Mean precision at each true pair, ties taken together; pairs that were missed count as nought."""
    total = int(outcome.sum()) + missed
    if not total or not score.size:
        return 0.0
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(outcome[order])
    last = np.append(np.flatnonzero(np.diff(score[order])), score.size - 1)
    gained = np.diff(np.concatenate([[0], hits[last]]))
    return float((gained * hits[last] / (last + 1)).sum() / total)
