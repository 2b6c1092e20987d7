from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.searches.propensities import draw_at_random, effective_sample_size, inverse_propensities

most = st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 20), max_size=8)


@given(most, st.integers(0, 60), st.floats(0, 1), st.integers(0, 99))
def test_counts_are_the_quotas_rounded_and_add_up(
    most: dict[str, int], searches: int, share: float, seed: int
) -> None:
    draw = draw_at_random(most, searches, share, seed)
    assert draw.size == round(share * min(searches, sum(most.values())))
    for prison, count in draw.counts.items():
        assert abs(count - draw.quotas[prison]) < 1
        assert 0 <= count <= most[prison] - draw.left(prison, most[prison])


def test_logged_propensities_are_the_true_ones() -> None:
    """Over many draws each prison cell is drawn as often as its propensity says."""
    most = {"A": 7, "B": 2, "C": 1}
    rest = {
        p: [{"prison": p, "prison_cell": i} for i in range(n)] for p, n in {"A": 30, "B": 5, "C": 9}.items()
    }
    draws, seen, logged = 4_000, {}, {}
    for seed in range(draws):
        for row in draw_at_random(most, 10, 0.35, seed).choose(rest):
            key = row["prison"], row["prison_cell"]
            seen[key] = seen.get(key, 0) + 1
            logged[key] = row["propensity"]
    assert len(seen) == 44
    for key, propensity in logged.items():
        error = (propensity * (1 - propensity) / draws) ** 0.5
        assert abs(seen[key] / draws - propensity) < 5 * error


def test_inverse_propensities_recover_the_whole_from_the_drawn() -> None:
    """Horvitz and Thompson: the weighted sum of what is drawn is on average the sum over all."""
    values = np.random.default_rng(5).gamma(0.5, 1, 40)
    rest = {"A": [{"value": v} for v in values[:30]], "B": [{"value": v} for v in values[30:]]}
    estimates = [
        sum(
            row["value"] / row["propensity"]
            for row in draw_at_random({"A": 6, "B": 4}, 10, 0.5, seed).choose(rest)
        )
        for seed in range(4_000)
    ]
    error = np.std(estimates) / len(estimates) ** 0.5
    assert abs(np.mean(estimates) - values.sum()) < 5 * error


def test_weights_are_clipped() -> None:
    assert inverse_propensities([1.0, 0.5, 1e-9], clip=0.01).tolist() == [1.0, 2.0, 100.0]


@pytest.mark.parametrize(
    ("propensities", "size"), [([], 0.0), ([1.0] * 7, 7.0), ([0.1] * 7, 7.0), ([1.0, 0.5], 1.8)]
)
def test_effective_sample_size(propensities: list[float], size: float) -> None:
    assert effective_sample_size(propensities) == pytest.approx(size)
