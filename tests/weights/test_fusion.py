import numpy as np
import pytest

from parloir.errors import InputError
from parloir.weights.fusion import cross_fit, fit_bounded, fit_fusion, fold_of, naive
from parloir.weights.metrics import cllr, cllr_min

N = 8_000


def dependent(noise: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two components that are one observation seen twice (with `noise` between them), and one of its own."""
    random = np.random.default_rng(seed)
    truths = np.repeat([True, False], N // 2)
    side = np.where(truths, 1.0, -1.0)
    shared = 2.0 * side + 2.0 * random.normal(size=N)
    own = 2.0 * side + 2.0 * random.normal(size=N)
    natural = np.column_stack([shared, shared + noise * random.normal(size=N), own])
    return natural / np.log(2), truths, random.integers(0, 20, N)


def cost(bits: np.ndarray, truths: np.ndarray) -> float:
    return cllr(bits[truths], bits[~truths])


def test_evidence_seen_twice_is_counted_once():
    components, truths, groups = dependent(noise=0.01)
    fused = cross_fit(["one", "same", "own"], components, truths, groups)
    added = naive(["one", "same", "own"]).apply(components)
    floor = cllr_min(fused.bits[truths], fused.bits[~truths])
    assert cost(fused.bits, truths) - floor < 0.02
    assert cost(added, truths) - cllr_min(added[truths], added[~truths]) > 0.03
    assert sum(fused.fusion.coefficients[:2]) == pytest.approx(1.0, abs=0.1)
    assert fused.fusion.coefficients[2] == pytest.approx(1.0, abs=0.1)


def test_independent_components_are_simply_added():
    components, truths, groups = dependent(noise=0.0)
    fused = cross_fit(["one", "own"], components[:, [0, 2]], truths, groups)
    assert fused.fusion.coefficients == pytest.approx((1.0, 1.0), abs=0.08)
    assert fused.fusion.offset == pytest.approx(0.0, abs=0.2)


def test_the_bars_of_the_waterfall_add_up():
    components, truths, _ = dependent(noise=0.5)
    fusion = fit_fusion(["a", "b", "c"], components, truths)
    assert components.sum(axis=1) + fusion.adjustment(components) == pytest.approx(fusion.apply(components))
    assert fusion.adjustment(components).min() < 0 < fusion.adjustment(components).max()


def test_more_noise_scores_worse_and_no_signal_scores_one():
    costs = []
    for noise in (0.0, 4.0, 16.0):
        components, truths, groups = dependent(noise=0.0)
        blurred = components + noise * np.random.default_rng(9).normal(size=components.shape)
        costs.append(cost(cross_fit(["a", "b", "c"], blurred, truths, groups).bits, truths))
    assert costs == sorted(costs)
    permuted = np.random.default_rng(4).permutation(truths)
    nothing = cross_fit(["a", "b", "c"], components, permuted, groups).bits
    assert cost(nothing, permuted) == pytest.approx(1.0, abs=0.02)
    assert np.abs(nothing).mean() < 0.3


def test_no_group_is_in_two_folds_and_folds_are_of_like_size():
    groups = np.random.default_rng(5).zipf(1.5, 5_000) % 40
    fold = fold_of(groups, 5)
    assert all(np.unique(fold[groups == group]).size == 1 for group in np.unique(groups))
    assert fold.max() == 4


def test_separable_classes_stay_finite():
    fusion = fit_fusion(["a"], [[5.0], [6.0], [-5.0], [-4.0]], [True, True, False, False])
    assert np.isfinite(fusion.apply([[100.0]])).all()


def test_one_group_cannot_be_fitted_and_tested():
    with pytest.raises(InputError, match="give rows of two groups or more"):
        cross_fit(["a"], [[1.0], [2.0]], [True, False], [7, 7])


def test_no_component_counts_against_or_for_more_than_it_weighs():
    random = np.random.default_rng(2)
    true = random.random(4_000) < 0.5
    good = random.normal(np.where(true, 2.0, -2.0), 2.0)
    columns = np.column_stack([good, -good / 2, random.normal(0, 2, true.size)])
    mass = np.full(true.size, 1 / true.size)
    found = fit_bounded(columns, np.zeros((true.size, 0)), true, mass, (0.002, 0.002))
    assert found.bounded[0] > 0.5
    assert found.bounded[1] == 0.0
    assert found.bounded[2] < 0.1
    assert max(found.bounded) <= 1.0
    free = fit_bounded(np.zeros((true.size, 0)), columns, true, mass, (0.002, 0.002)).free
    assert free[1] < 0.0 < free[0]
