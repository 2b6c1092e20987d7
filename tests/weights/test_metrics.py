import numpy as np
import pytest

from parloir.errors import InputError
from parloir.weights.metrics import Resampling, bootstrap, cllr, cllr_min, ece


def gaussian(distance: float, n: int = 20_000, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Weights that are calibrated by construction: normal scores, means ± distance²/2 in natural units."""
    random = np.random.default_rng(seed)
    spread = np.log2(np.e)
    true = random.normal(distance**2 / 2, distance, n) * spread
    return true, random.normal(-(distance**2) / 2, distance, n) * spread


def test_cllr_of_a_few_weights_by_hand():
    assert cllr([1.0], [-1.0]) == pytest.approx(np.log2(1.5))
    assert cllr([0.0, 0.0], [0.0]) == pytest.approx(1.0)
    assert cllr([2.0, -1.0], [0.0]) == pytest.approx(((np.log2(1.25) + np.log2(3)) / 2 + 1) / 2)


def test_cllr_min_is_no_more_than_cllr_and_equals_it_for_calibrated_weights():
    true, false = gaussian(2.0)
    assert cllr_min(true, false) <= cllr(true, false)
    assert cllr(true, false) - cllr_min(true, false) < 0.005


def test_cllr_min_does_not_change_under_rising_transformations_and_cllr_does():
    true, false = gaussian(1.5)
    assert cllr_min(true**3, false**3) == pytest.approx(cllr_min(true, false))
    assert cllr(3 * true, 3 * false) > cllr(true, false) + 0.05


def test_cllr_min_by_hand():
    # one violator pair pools to 1/2 (classes weighted equally): two of four scores cost nothing
    assert cllr_min([1.0, 3.0], [0.0, 2.0]) == pytest.approx(0.5)
    assert cllr_min([5.0], [1.0]) == 0.0
    assert cllr_min([0.0, 0.0], [0.0]) == pytest.approx(1.0)


def test_permuted_labels_give_one():
    random = np.random.default_rng(7)
    scores = random.normal(0, 2, 40_000)
    mixed = random.permutation(scores)
    assert cllr_min(mixed[:20_000], mixed[20_000:]) == pytest.approx(1.0, abs=0.02)
    assert cllr(np.zeros(5), np.zeros(7)) == 1.0


def test_an_empty_class_is_refused():
    with pytest.raises(InputError, match="give at least one of each"):
        cllr([], [1.0])


def test_ece_of_honest_probabilities_is_small_and_of_boasting_ones_large():
    random = np.random.default_rng(3)
    p = random.beta(1.0, 4.0, 50_000)
    y = random.random(p.size) < p
    honest, boasting = ece(p, y), ece(p**0.3, y)
    assert honest.ece < 0.01
    assert honest.slope == pytest.approx(1.0, abs=0.04)
    assert honest.log_loss_gain > 0.1
    assert honest.count.size == 15
    assert honest.count.sum() == honest.n == 50_000
    assert boasting.ece > 0.2
    assert boasting.log_loss_gain < 0


def test_equal_probabilities_stay_together_whatever_the_order_of_the_rows():
    y = np.array([True] * 30 + [False] * 70)
    flat = ece(np.full(100, 0.3), y)
    assert flat.ece == pytest.approx(0.0)
    assert np.isnan(flat.slope)
    assert flat.log_loss_gain == pytest.approx(0.0)


def test_ece_by_hand():
    measured = ece([0.1, 0.1, 0.9, 0.9], [False, False, True, False], bins=2)
    assert measured.stated == pytest.approx([0.1, 0.9])
    assert measured.met == pytest.approx([0.0, 0.5])
    assert measured.ece == pytest.approx(0.25)


def test_the_gain_is_over_the_prior_that_was_stated():
    y = np.array([True, False])
    assert ece([0.5, 0.5], y, prior=[0.25, 0.25]).log_loss_gain == pytest.approx(
        (2 - np.log2(0.75)) / 2 - 1.0
    )


def test_intervals_cover_and_whole_groups_widen_them():
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(50), 20)
    values = np.repeat(random.normal(0, 1, 50), 20)
    settings = Resampling(draws=300)
    by_group = bootstrap(lambda rows: float(values[rows].mean()), groups, settings)
    by_row = bootstrap(lambda rows: float(values[rows].mean()), np.arange(1000), settings)
    assert by_group.low < by_group.value < by_group.high
    assert by_group.high - by_group.low > 3 * (by_row.high - by_row.low)
    assert by_group == bootstrap(lambda rows: float(values[rows].mean()), groups, settings)
