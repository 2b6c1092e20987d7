"""How well handsets inside are told from all others in reach, by the definitions of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.trials.truth import CLONE, Truth
from parloir.weights.metrics import cllr, cllr_min, ece

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PresenceScores:
    """Scores of stated probabilities that a handset was used inside a prison.

    Attributes:
        candidates: pairs of handset and prison that were weighed. inside: those that are true.
        missed: true pairs with records, not among the candidates; they count as found by nobody.
        precision, recall: at probability one half.
        average_precision: over the ranking, missed pairs in the denominator.
        ece, slope: over all candidates.
        cllr, cllr_min: of the weights, where there are weights and both classes; else NaN.
    """

    candidates: int
    inside: int
    missed: int
    precision: float
    recall: float
    average_precision: float
    ece: float
    slope: float
    cllr: float
    cllr_min: float


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
    best = _best(candidates.to_pylist())
    true = {pair for pair in pairs_inside(truth) if pair[0] in seen}
    keys = sorted(best)
    outcome = np.array([key in true for key in keys], dtype=bool)
    probability = np.array([best[key]["probability"] for key in keys], dtype=float)
    missed = len(true - best.keys())
    calibration = ece(probability, outcome) if keys else None
    bits = np.array([best[key].get("millibits") or 0 for key in keys], dtype=float) / 1000
    both = bool(outcome.any() and not outcome.all() and "millibits" in candidates.column_names)
    said = probability >= 0.5
    return PresenceScores(
        candidates=len(keys),
        inside=int(outcome.sum()) + missed,
        missed=missed,
        precision=_share(int((said & outcome).sum()), int(said.sum())),
        recall=_share(int((said & outcome).sum()), int(outcome.sum()) + missed),
        average_precision=average_precision(probability, outcome, missed),
        ece=calibration.ece if calibration else float("nan"),
        slope=calibration.slope if calibration else float("nan"),
        cllr=cllr(bits[outcome], bits[~outcome]) if both else float("nan"),
        cllr_min=cllr_min(bits[outcome], bits[~outcome]) if both else float("nan"),
    )


def _best(rows: list[dict[str, Any]]) -> dict[tuple[int, str], dict[str, Any]]:
    best: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
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
