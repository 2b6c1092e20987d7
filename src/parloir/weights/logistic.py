"""Logistic regression with the two classes weighted equally: calibration of one score, fusion of several.

With equal class weights the fitted log-odds are log likelihood ratios: the prior of the fitting data is gone
(Brümmer & du Preez 2006; Morrison 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from parloir.errors import InputError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]
LN2 = float(np.log(2.0))


def newton(design: Floats, outcomes: Booleans, mass: Floats, ridge: Floats) -> Floats:
    """Coefficients (k,) of a weighted, ridge-penalised logistic regression, in natural units.

    Args:
        design: shape (n, k).
        outcomes: shape (n,).
        mass: weight of each row, shape (n,).
        ridge: penalty on each coefficient's square, shape (k,); keeps separable data finite.
    """
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        fitted = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -500.0, 500.0)))
        gradient = design.T @ (mass * (outcomes - fitted)) - ridge * beta
        curvature = (design * (mass * fitted * (1.0 - fitted))[:, None]).T @ design + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curvature, gradient)
        beta = beta + step / max(1.0, float(np.abs(step).max()) / 2.0)
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(beta, dtype=np.float64)


def balanced(truths: Booleans) -> Floats:
    """Row weights that give both classes half of the total mass n.

    Raises:
        InputError: one of the classes is empty.
    """
    true = int(truths.sum())
    if true in (0, truths.size):
        raise InputError(
            f"{true} of {truths.size} rows hold the proposition", do="give at least one row of each kind"
        )
    return np.where(truths, 0.5 * truths.size / true, 0.5 * truths.size / (truths.size - true))


@dataclass(frozen=True, slots=True)
class LogisticCalibration:
    """weight = offset + slope · score, in bits; parameters rounded to 1e-6."""

    offset: float
    slope: float

    def apply(self, scores: ArrayLike) -> Floats:
        """Calibrated weights in bits, the shape of `scores`."""
        return self.offset + self.slope * np.asarray(scores, dtype=np.float64)


def calibrate(
    scores: ArrayLike, truths: ArrayLike, ridge: float = 1e-6, mass: Floats | None = None
) -> LogisticCalibration:
    """Fit a calibration of scores (n,) to what was true (n,); both classes alike, unless rows have a mass."""
    x, y = np.asarray(scores, dtype=np.float64), np.asarray(truths, dtype=bool)
    design = np.column_stack([np.ones(x.size), x])
    offset, slope = newton(design, y, balanced(y) if mass is None else mass, np.full(2, ridge)) / LN2
    return LogisticCalibration(round(float(offset), 6), round(float(slope), 6))
