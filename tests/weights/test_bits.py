import numpy as np
import pytest

from parloir.errors import InputError
from parloir.weights.bits import (
    Bounds,
    percent,
    posteriors,
    probability,
    to_millibits,
    verbal,
    weaken,
)


def test_millibits_are_whole_and_come_back_within_half_a_thousandth():
    bits = np.array([0.0, 1.23456, -7.89012, 19.9, np.inf, -np.inf])
    kept = to_millibits(bits)
    assert kept.dtype == np.int64
    assert kept.tolist() == [0, 1235, -7890, 19900, 1_000_000, -1_000_000]
    assert np.abs(kept[:4] / 1000 - bits[:4]).max() <= 0.0005


@pytest.mark.parametrize(
    ("bits", "words"),
    [
        (0.99, "no support either way"),
        (-0.99, "no support either way"),
        (1.0, "weak support for the proposition"),
        (3.3, "moderate support for the proposition"),
        (-6.7, "moderately strong support for the alternative"),
        (13.2, "strong support for the proposition"),
        (13.3, "very strong support for the proposition"),
        (20.0, "extremely strong support for the proposition"),
        (np.inf, "extremely strong support for the proposition"),
        (-np.inf, "extremely strong support for the alternative"),
    ],
)
def test_the_scale_starts_at_one_bit_and_negative_weights_swap_the_propositions(bits, words):
    assert verbal(bits) == words


def test_an_uncertain_link_weakens_support_and_never_reverses_it():
    assert weaken(10.0, 1.0) == pytest.approx(10.0)
    assert weaken(10.0, 0.0) == pytest.approx(0.0)
    assert weaken(10.0, 0.5) == pytest.approx(np.log2(1 + 0.5 * (2**10 - 1)))
    assert weaken(-50.0, 0.5) == pytest.approx(-1.0)
    assert weaken(5000.0, 0.25) == pytest.approx(4998.0)


def test_without_evidence_each_candidate_keeps_its_prior():
    assert posteriors(np.full(8, 0.1), 0.2, np.zeros(8)) == pytest.approx(np.full(8, 0.1))


def test_posteriors_follow_the_formula_and_survive_thousands_of_bits():
    prior, bits = np.array([0.3, 0.5]), np.array([4.0, -1.0])
    share = prior * 2**bits
    assert posteriors(prior, 0.2, bits) == pytest.approx(share / (0.2 + share.sum()))
    assert posteriors(prior, 0.2, [5000.0, 4999.0]) == pytest.approx([0.6 / 1.1, 0.5 / 1.1])
    assert posteriors(prior, 0.2, [[0, 0], [-np.inf, 0]])[1] == pytest.approx([0, 0.5 / 0.7])


def test_priors_that_say_nothing_are_refused():
    assert posteriors([[0.5], [0.5]], [0.5, 0.0], [[0], [0]]).ravel() == pytest.approx([0.5, 1.0])
    with pytest.raises(InputError, match="give one of them a prior"):
        posteriors([0.0, 0.0], 0.0, [1.0, 2.0])


def test_probability_is_prior_odds_times_the_ratio():
    assert probability(0.2, 2.0) == pytest.approx(0.5)
    assert probability([0.0, 1.0], [50.0, -50.0]) == pytest.approx([0.0, 1.0])


def test_bounds_clip_for_the_report():
    assert Bounds(-2.0, 9.0).apply([-5, 3, 40]).tolist() == [-2.0, 3.0, 9.0]


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "<0.01 %"),
        (0.00004, "<0.01 %"),
        (0.0014, "0.14 %"),
        (0.5, "50.0 %"),
        (0.9995, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_no_probability_reads_as_certain(share: float, words: str) -> None:
    assert percent(share) == words
