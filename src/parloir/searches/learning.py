"""What searches found or did not find, and what follows for the next plan.

What an empty search does to where each handset may be is reckoned in `holders`, handset by handset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.errors import MissingEvidenceError
from parloir.searches.propensities import CLIP, effective_sample_size, inverse_propensities
from parloir.searches.schemas import OUTCOMES
from parloir.weights.logistic import newton

LEAST_SAMPLE = 100
"""Effective sample size below which nothing is refitted."""
RIDGE = 1e-3
"""Keeps the refit finite where finds and stated probabilities separate perfectly; else of no effect."""

Floats = npt.NDArray[np.float64]
Key = tuple[str, str]


def outcomes(plan: pa.Table, seizures: pa.Table, from_us: int, to_us: int) -> pa.Table:
    """Hold the reports of an operation against its plan.

    A prison cell counts as searched when a seizure row names it within the period, rows of item "nothing"
    among them; no row means not searched, never found empty.

    Args:
        plan: schema `PLAN`.
        seizures: the canonical table `seizures`.
        from_us, to_us: the operation, UTC microseconds, both ends included.

    Returns:
        Schema `OUTCOMES`, one row for each row of the plan, in its order.
    """
    found: dict[Key, int] = {}
    for row in seizures.select(["prison", "prison_cell", "found_us", "item"]).to_pylist():
        if row["found_us"] is not None and from_us <= row["found_us"] <= to_us:
            key = row["prison"], row["prison_cell"]
            found[key] = found.get(key, 0) + (row["item"] == "handset")
    rows = []
    for row in plan.to_pylist():
        key = row["prison"], row["prison_cell"]
        rows.append({**row, "searched": key in found, "found": found.get(key)})
    return pa.Table.from_pylist(
        [{name: row[name] for name in OUTCOMES.names} for row in rows], schema=OUTCOMES
    )


@dataclass(frozen=True, slots=True)
class Recalibration:
    """logit P(find) = shift + slope · logit(stated), refitted on outcomes; rounded to 1e-6.

    Attributes:
        shift, slope: 0 and 1 leave the stated probabilities as they are.
        searches: outcomes it rests on.
        effective_sample_size: of these under inverse propensities.
    """

    shift: float
    slope: float
    searches: int
    effective_sample_size: float

    def apply(self, expected: pa.Table) -> pa.Table:
        """The expectation for the next plan: probabilities refitted, expected handsets in proportion.

        Args:
            expected: schema `EXPECTED`.
        """
        stated = _numbers(expected, "probability")
        refitted = np.where(stated > 0, 1 / (1 + np.exp(-(self.shift + self.slope * _logit(stated)))), 0.0)
        ratio = np.divide(refitted, stated, out=np.ones_like(stated), where=stated > 0)
        handsets = _numbers(expected, "expected_handsets") * ratio
        return _with(expected, {"expected_handsets": handsets, "probability": refitted})


def refit(results: pa.Table, clip: float = CLIP) -> Recalibration:
    """Refit the stated probabilities of a find on what searches found.

    Rows that were searched and have a propensity count, each with the clipped inverse of it, so that the
    prison cells that were drawn at random speak for all that were not chosen.

    Args:
        results: schema `OUTCOMES`; several operations may be put one after another.
        clip: propensities below it count as it.

    Raises:
        MissingEvidenceError: nothing was drawn at random, the effective sample size is below 100, or all
            searches ended alike.
    """
    rows = [row for row in results.to_pylist() if row["searched"] and row["propensity"]]
    if not rows:
        raise MissingEvidenceError(
            f"no outcome of a planned search has been reported yet, and {LEAST_SAMPLE} are needed to refit",
            do="keep the present weights, and take the reports in (parloir outcomes)",
        )
    if not any(row["reason"] == "random" for row in rows):
        raise MissingEvidenceError(
            "no search with a report was drawn at random, so nothing can be refitted",
            do="keep the present weights, and order routine searches with a random share",
        )
    size = effective_sample_size([row["propensity"] for row in rows], clip)
    if size < LEAST_SAMPLE:
        raise MissingEvidenceError(
            f"the searches tell as much as {size:.0f} drawn ones, and {LEAST_SAMPLE} are needed to refit",
            do="keep the present weights, and order routine searches with a random share",
        )
    shift, slope = _fit(rows, inverse_propensities([row["propensity"] for row in rows], clip), size)
    return Recalibration(round(shift, 6), round(slope, 6), len(rows), size)


def _fit(rows: Sequence[Mapping[str, Any]], weights: Floats, size: float) -> tuple[float, float]:
    """Logistic regression of finds on stated log-odds; the weights add up to the effective sample size."""
    stated = _logit(np.array([row["probability"] for row in rows], dtype=np.float64))
    truths = np.array([row["found"] > 0 for row in rows], dtype=np.bool_)
    if truths.all() or not truths.any():
        raise MissingEvidenceError(
            "the searches all ended alike, so nothing can be refitted", do="keep the present weights"
        )
    design = np.stack([np.ones_like(stated), stated], axis=1)
    shift, slope = newton(design, truths, weights * (size / weights.sum()), np.full(2, RIDGE))
    return float(shift), float(slope)


def _logit(probabilities: Floats) -> Floats:
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p) - np.log1p(-p))


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table[column].to_numpy(), dtype=np.float64)


def _with(table: pa.Table, columns: Mapping[str, Floats]) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values, pa.float64()))
    return table
