"""What searches found or did not find, and what follows for the next plan.

An empty search does not empty a prison cell: it multiplies the chance that a handset is there by 1 − q, with
q the probability that a search finds a handset that is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir.errors import InputError, MissingEvidenceError
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


def after_searches(places: pa.Table, searched: Iterable[Key], seized: Iterable[int], q: float) -> pa.Table:
    """Where each handset may be after searches that did not find it.

    Args:
        places: columns `imei14`, `prison`, `prison_cell`, `probability`; for one handset the probabilities
            add up to 1 at most, the rest being elsewhere or out of use.
        searched: prison cells searched, with or without a find of other handsets.
        seized: IMEI14 of the handsets found; they are nowhere any more.
        q: find rate, 0 to 1.

    Returns:
        The same rows with the new `probability`: P(c) (1 − q) / (1 − q P(searched)) for a searched prison
        cell, P(c) / (1 − q P(searched)) for any other, 0 for a seized handset.

    Raises:
        InputError: q is no probability.
    """
    _check_rate(q)
    rows, keys, gone = places.to_pylist(), set(searched), set(seized)
    mass: dict[int, float] = defaultdict(float)
    for row in rows:
        mass[row["imei14"]] += row["probability"] * ((row["prison"], row["prison_cell"]) in keys)
    updated = [_after(row, keys, gone, mass[row["imei14"]], q) for row in rows]
    return _with(places, {"probability": np.array(updated, dtype=np.float64)})


def _after(row: Mapping[str, Any], searched: set[Key], seized: set[int], mass: float, q: float) -> float:
    if row["imei14"] in seized:
        return 0.0
    kept = 1 - q if (row["prison"], row["prison_cell"]) in searched else 1.0
    left = 1 - q * mass
    return float(row["probability"] * kept / left) if left > 0 else 0.0


def discounted(expected: pa.Table, results: pa.Table, q: float) -> pa.Table:
    """The expectation after an operation, where places of single handsets are not at hand.

    What is expected in a searched prison cell is multiplied by 1 − q. Beside `after_searches` this leaves out
    each handset's division by 1 − q P(searched), so a little too little is expected everywhere.

    Args:
        expected: schema `EXPECTED`.
        results: schema `OUTCOMES`.
        q: find rate, 0 to 1.

    Raises:
        InputError: q is no probability.
    """
    _check_rate(q)
    searched = {(row["prison"], row["prison_cell"]) for row in results.to_pylist() if row["searched"]}
    keys = zip(expected["prison"].to_pylist(), expected["prison_cell"].to_pylist(), strict=True)
    kept = np.array([1 - q if key in searched else 1.0 for key in keys])
    return _with(
        expected, {name: _numbers(expected, name) * kept for name in ("expected_handsets", "probability")}
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
    drawn = [row for row in rows if row["reason"] == "random"]
    size = effective_sample_size([row["propensity"] for row in rows], clip) if drawn else 0.0
    if size < LEAST_SAMPLE:
        raise MissingEvidenceError(
            f"the searches are worth {size:.0f} independent ones, and {LEAST_SAMPLE} are needed to refit",
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


def _check_rate(q: float) -> None:
    if not 0 <= q <= 1:
        raise InputError(f"the find rate {q} is no probability", do="give a number from 0 to 1")


def _numbers(table: pa.Table, column: str) -> Floats:
    return np.asarray(table[column].to_numpy(), dtype=np.float64)


def _with(table: pa.Table, columns: Mapping[str, Floats]) -> pa.Table:
    for name, values in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(values, pa.float64()))
    return table
