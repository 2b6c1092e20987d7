import numpy as np
import pytest

from parloir.weights.curves import cross_entropy, tippett
from parloir.weights.elub import elub
from parloir.weights.metrics import cllr, cllr_min
from parloir.weights.pav import fit_pav

RANDOM = np.random.default_rng(11)
TRUE, FALSE = RANDOM.normal(2, 2, 4_000) / np.log(2), RANDOM.normal(-2, 2, 6_000) / np.log(2)


def test_tippett_curves_fall_and_the_misleading_shares_are_read_at_zero():
    plot = tippett(TRUE, FALSE)
    assert (np.diff(plot.true) <= 0).all()
    assert (np.diff(plot.false) <= 0).all()
    assert (plot.true >= plot.false).all()
    assert plot.misleading_true == pytest.approx((TRUE < 0).mean())
    assert plot.misleading_false == pytest.approx((FALSE > 0).mean())


def test_cross_entropy_at_even_odds_is_the_cost_and_its_least_value():
    plot = cross_entropy(TRUE, FALSE)
    middle = plot.log_odds.size // 2
    assert plot.log_odds[middle] == pytest.approx(0.0)
    assert plot.observed[middle] == pytest.approx(cllr(TRUE, FALSE))
    assert plot.calibrated[middle] == pytest.approx(cllr_min(TRUE, FALSE), abs=1e-4)
    assert plot.neutral[middle] == pytest.approx(1.0)
    assert (plot.calibrated <= plot.observed + 1e-4).all()


def test_bounds_widen_with_the_number_of_cases_and_close_without_signal():
    few, many = elub(TRUE[:100], FALSE[:100]), elub(TRUE, FALSE)
    assert many.low < few.low < 0 < few.high < many.high
    nothing = elub(RANDOM.normal(0, 3, 2_000), RANDOM.normal(0, 3, 2_000))
    assert nothing.low > -0.5
    assert nothing.high < 0.5


def test_pav_mends_a_monotone_distortion_and_stays_finite():
    scores, truths = np.concatenate([TRUE, FALSE]) ** 3, np.repeat([True, False], [4_000, 6_000])
    mended = fit_pav(scores, truths).apply(scores)
    assert np.isfinite(mended).all()
    assert cllr(mended[truths], mended[~truths]) == pytest.approx(cllr_min(TRUE, FALSE), abs=0.01)
    assert (np.diff(fit_pav(scores, truths).bits) >= 0).all()
