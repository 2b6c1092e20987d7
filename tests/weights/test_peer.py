"""Figures of the Netherlands Forensic Institute's `lir` 1.3.1 on scores that anybody can make again.

The constants were printed by lir's cllr, cllr_min, elub, IsotonicCalibrator(add_misleading=1) and
LogitCalibrator(C=1e9), log10 turned to bits. Formulas: Brümmer & du Preez 2006 (Cllr), Vergeer et al. 2016
(ELUB).
"""

import numpy as np
import pytest
from scipy.stats import norm

from parloir.weights.elub import elub
from parloir.weights.logistic import calibrate
from parloir.weights.metrics import cllr, cllr_min
from parloir.weights.pav import fit_pav

LOG10 = np.log2(10.0)
POINTS = np.array([-3.0, -1.05, 0.02, 1.03, 2.5])


def quantiles(n: int, mean: float, spread: float) -> np.ndarray:
    return norm.ppf((np.arange(n) + 0.5) / n) * spread + mean


TRUE, FALSE = quantiles(300, 1.1, 1.8), quantiles(900, -1.3, 1.5)
SCORES, TRUTHS = np.concatenate([TRUE, FALSE]), np.repeat([True, False], [300, 900])


def test_cost_and_its_least_value():
    assert cllr(TRUE * LOG10, FALSE * LOG10) == pytest.approx(0.9425573735, abs=1e-9)
    assert cllr_min(TRUE * LOG10, FALSE * LOG10) == pytest.approx(0.6867101881, abs=1e-9)


def test_bounds():
    bounds = elub(TRUE * LOG10, FALSE * LOG10, step=0.01 * LOG10)
    assert (bounds.low, bounds.high) == pytest.approx((-1.9267183, 2.85685816), abs=1e-6)
    true, false = quantiles(500, 2.0, 2.0) / np.log(2), quantiles(4000, -2.0, 2.0) / np.log(2)
    coarse, fine = elub(true, false, step=0.01 * LOG10), elub(true, false)
    assert (coarse.low, coarse.high) == pytest.approx((-5.48118136, 7.10892612), abs=1e-6)
    assert (fine.low, fine.high) == pytest.approx((-5.5, 6.83), abs=1e-6)


def test_pool_adjacent_violators():
    expected = np.array([-0.955205469, -0.368939745, -0.000962959334, 0.476158295, 1.25430955]) * LOG10
    assert fit_pav(SCORES, TRUTHS).apply(POINTS) == pytest.approx(expected, abs=2e-6)


def test_logistic_calibration():
    expected = [-3.62310403, -1.14461218, 0.21538078, 1.49911246, 3.36751401]
    assert calibrate(SCORES, TRUTHS).apply(POINTS) == pytest.approx(expected, abs=2e-4)
