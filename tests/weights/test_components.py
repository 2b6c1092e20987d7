import numpy as np
import pytest

from parloir.errors import InputError
from parloir.weights.components import BOTH, Cases, fit_component, fit_joint, join_levels


def draw(random: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    return random.choice(list(shares), n, p=list(shares.values()))


def test_known_ratios_are_recovered():
    random = np.random.default_rng(1)
    inside, outside = {"a": 0.7, "b": 0.2, "c": 0.1}, {"a": 0.1, "b": 0.3, "c": 0.6}
    levels = np.concatenate([draw(random, inside, 20_000), draw(random, outside, 60_000)])
    fitted = fit_component("kind", levels, Cases(np.repeat([True, False], [20_000, 60_000])))
    for level in "abc":
        assert fitted.bits[level] == pytest.approx(np.log2(inside[level] / outside[level]), abs=0.06)


def test_a_kind_that_says_nothing_weighs_nothing_and_so_does_a_level_never_met():
    random = np.random.default_rng(2)
    levels = draw(random, {"a": 0.5, "b": 0.5}, 40_000)
    fitted = fit_component("kind", levels, Cases(random.random(40_000) < 0.2))
    assert np.abs(fitted.weigh(["a", "b"])).max() < 0.05
    assert fitted.weigh(["never"]).tolist() == [0.0]


def test_a_level_too_rare_for_the_small_class_does_not_weigh_against():
    levels = np.array(["common"] * 100 + ["common"] * 100_000 + ["rare"] * 5)
    fitted = fit_component("kind", levels, Cases(np.repeat([True, False], [100, 100_005])))
    assert abs(fitted.bits["rare"]) < 0.1


def test_weights_of_rows_count_like_rows():
    levels, truths = np.array(["a", "b", "a", "b"]), np.array([1, 1, 0, 0])
    weighted = fit_component("kind", levels, Cases(truths, mass=[3, 1, 1, 2]))
    repeated = np.repeat(np.arange(4), [3, 1, 1, 2])
    assert weighted == fit_component("kind", levels[repeated], Cases(truths[repeated]))


def test_a_joint_table_does_not_count_linked_evidence_twice():
    random = np.random.default_rng(3)
    truths = np.repeat([True, False], 30_000)
    first = np.where(random.random(60_000) < np.where(truths, 0.8, 0.2), "y", "n")
    joint = fit_joint("joint", [first, first], Cases(truths))
    single = fit_component("first", first, Cases(truths))
    assert single.bits["y"] == pytest.approx(2.0, abs=0.05)
    assert joint.bits["y" + BOTH + "y"] == pytest.approx(2.0, abs=0.1)


def test_a_joint_table_of_few_rows_falls_back_on_the_sum():
    levels = [["y"] * 6 + ["n"] * 6, ["u", "u", "u", "v", "v", "u", "v", "v", "v", "u", "v", "v"]]
    cases = Cases(np.repeat([True, False], 6), smoothing=1e6)
    joint = fit_joint("joint", levels, cases)
    single = [fit_component("one", one, cases) for one in levels]
    cell = join_levels(levels)[0]
    assert joint.bits[str(cell)] == pytest.approx(single[0].bits["y"] + single[1].bits["u"], abs=1e-3)


def test_one_class_alone_is_refused():
    with pytest.raises(InputError, match="give known cases of both kinds"):
        fit_component("kind", ["a", "b"], Cases([True, True]))
