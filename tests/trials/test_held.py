from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from parloir.simulation import write_nation
from parloir.trials import Truth
from parloir.trials.held import likeliest, score_held, true_pairs
from parloir.trials.pairs import kinds_of, naive_bits, posterior_of
from parloir.weights.bits import posteriors

CANDIDATES = 40
NONE = 0.25


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    out = tmp_path_factory.mktemp("world") / "demo"
    return Truth(write_nation("demo", 4, out, {"prisons": "3", "inmates": "1500", "days": "3"}).truth)


def made_up(truth: Truth, scale: float = 1.0, counted: int = 1, seed: int = 0) -> pa.Table:
    """Pairs whose weights are normal with the spread at which they are calibrated, or counted several times.

    A weight that is N(m, s²) bits if true and N(−m, s²) if false is calibrated at m = s² ln 2 / 2.
    """
    rng = np.random.default_rng(seed)
    everybody = sorted({h["holder"] for h in truth.at_end})
    spread, parts = 4.0, []
    for handset in truth.at_end:
        known = rng.random() > NONE
        others = [i for i in everybody if i != handset["holder"]]
        names = rng.choice(others, CANDIDATES, replace=False).tolist()
        if known:
            names[int(rng.integers(CANDIDATES))] = handset["holder"]
        true = np.array([name == handset["holder"] for name in names])
        middle = spread**2 * np.log(2) / 2
        bits = scale * (np.where(true, middle, -middle) + spread * rng.normal(size=CANDIDATES))
        prior = np.full(CANDIDATES, (1 - NONE) / CANDIDATES)
        parts.append(
            pa.table(
                {
                    "handset": [handset["imeis"][0]] * CANDIDATES,
                    "prison": [handset["prison"]] * CANDIDATES,
                    "inmate": names,
                    "bits": bits,
                    "posterior": posteriors(prior, NONE, bits),
                    "prior": prior,
                    "none": [NONE] * CANDIDATES,
                    "inside": [1.0] * CANDIDATES,
                    "stays": bits * counted / 2,
                    "ends": bits * counted / 2,
                }
            )
        )
    return pa.concat_tables(parts)


def test_calibrated_weights_score_as_calibrated(truth: Truth) -> None:
    scores = score_held(made_up(truth), truth)
    assert scores.handsets == len(truth.at_end)
    assert scores.known == pytest.approx(scores.handsets * (1 - NONE), rel=0.2)
    assert scores.top.met.ece < scores.top.floor + 0.06
    assert scores.stated.met.slope == pytest.approx(1, abs=0.25)
    assert scores.top.met.log_loss_gain > 0
    assert scores.fused.loss < 0.06  # about a hundred true pairs
    assert scores.fused.cllr.low < scores.fused.cllr.value < scores.fused.cllr.high < 0.5


def test_evidence_counted_twice_costs_and_is_told_from_the_fused(truth: Truth) -> None:
    scores = score_held(made_up(truth, counted=3), truth)
    assert scores.naive.loss > scores.fused.loss + 0.05
    assert scores.top_naive.met.ece > scores.top.met.ece + 0.02
    assert scores.stated_naive.met.slope < 0.6


def test_weights_dealt_to_the_wrong_candidates_cost_one(truth: Truth) -> None:
    for seed in range(3):
        assert score_held(made_up(truth, seed=seed), truth).permuted == pytest.approx(1, abs=0.02)


def test_weights_that_say_nothing_cost_one(truth: Truth) -> None:
    scores = score_held(made_up(truth, scale=0.0), truth)
    assert scores.fused.cllr.value == pytest.approx(1)
    assert scores.stated.met.log_loss_gain == pytest.approx(0, abs=1e-9)


def test_a_handset_that_nobody_smuggled_has_no_true_pair(truth: Truth) -> None:
    pairs = made_up(truth).set_column(0, "handset", pa.array([7] * made_up(truth).num_rows))
    assert not true_pairs(pairs, truth).any()


def test_adding_is_of_the_kinds_that_are_there(truth: Truth) -> None:
    pairs = made_up(truth)
    assert kinds_of(pairs) == ("stays", "ends")
    np.testing.assert_allclose(naive_bits(pairs), pairs["bits"].to_numpy())
    np.testing.assert_allclose(naive_bits(pairs, ["ends"]), pairs["bits"].to_numpy() / 2)
    np.testing.assert_allclose(posterior_of(pairs, naive_bits(pairs)), pairs["posterior"].to_numpy())


def test_each_handset_has_one_likeliest_pair() -> None:
    chosen = likeliest(np.array([0.2, 0.5, 0.5, 0.9]), np.array([3, 3, 3, 1]))
    assert chosen.tolist() == [False, True, False, True]


def test_the_regular_user_is_the_last_owner(truth: Truth) -> None:
    for handset in truth.at_end:
        if not handset["cloned"]:
            assert truth.user_of(handset["imeis"][0]) == handset["holder"]
    assert truth.user_of(7) is None


def test_a_world_without_truth_is_refused(tmp_path: Path, truth: Truth) -> None:
    with pytest.raises(Exception, match="no truth about handsets"):
        score_held(made_up(truth), Truth(tmp_path))


def test_posteriors_of_all_handsets_at_once_are_those_of_each(truth: Truth) -> None:
    pairs = made_up(truth)
    bits, handset = pairs["bits"].to_numpy(), pairs["handset"].to_numpy()
    each = [
        posteriors(pairs["prior"].to_numpy()[rows], NONE, bits[rows])
        for rows in (handset == number for number in dict.fromkeys(handset.tolist()))
    ]
    assert posterior_of(pairs, bits) == pytest.approx(np.concatenate(each))
    assert posterior_of(pairs.slice(0, 0), np.zeros(0)).size == 0


def test_true_pairs_are_those_of_the_regular_user(truth: Truth) -> None:
    pairs = made_up(truth)
    true = [
        truth.user_of(row["handset"]) == row["inmate"]
        for row in pairs.select(["handset", "inmate"]).to_pylist()
    ]
    assert any(true)
    assert true_pairs(pairs, truth).tolist() == true


def test_the_likeliest_is_the_first_of_equals_wherever_its_rows_stand() -> None:
    probability = np.array([0.2, 0.5, 0.1, 0.5, 0.3, 0.3])
    assert np.flatnonzero(likeliest(probability, np.array([7, 3, 7, 3, 9, 9]))).tolist() == [0, 1, 4]
    assert likeliest(np.zeros(0), np.zeros(0, dtype=np.int64)).size == 0
