"""The plain sum: what is common in the case weighs little, what is unseen nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from parloir.errors import InputError
from parloir.presence.counts import intervals
from parloir.presence.kinds import kinds, names
from parloir.presence.parameters import Parameters, default
from parloir.presence.plain import Seen, add_up, flat_sum, joined
from parloir.presence.plain_fitting import Known, fitted, learn
from parloir.presence.posterior import Placed, believed, posterior

SIMS = names().index("sims")


def case(levels: np.ndarray, expected: float = 10.0) -> Seen:
    """Candidates of one prison of whom only the level of `sims` is known."""
    codes = np.full((levels.size, len(names())), -1, dtype=np.int64)
    codes[:, SIMS] = levels
    prison, stint = np.zeros(levels.size, dtype=np.int64), np.arange(levels.size)
    return Seen(codes, {}, stint, prison, np.zeros(levels.size, dtype=bool), np.array([expected]))


def placed(many: int, found: Sequence[int] = ()) -> Placed:
    """Candidates of one prison, some of them found there."""
    known = np.isin(np.arange(many), found)
    return Placed(np.arange(many), np.zeros(many, dtype=np.int64), known, np.array([30.0]))


def world(seed: int, inside: float, others: float) -> Known:
    """A tenth inside; the chance of several SIMs inside and outside."""
    random = np.random.default_rng(seed)
    true = random.random(800) < 0.1
    several = random.random(800) < np.where(true, inside, others)
    return Known(case(several.astype(np.int64)), true)


def test_what_tells_in_every_world_weighs_and_what_tells_nowhere_does_not():
    told = learn([world(seed, 0.7, 0.1) for seed in range(4)]).plain
    bits = add_up(case(np.array([0, 1] * 50)), told).bits
    assert bits[1] - bits[0] > 2.0
    blind = learn([world(seed, 0.3, 0.3) for seed in range(4)]).plain
    bits = add_up(case(np.array([0, 1] * 50)), blind).bits
    assert np.abs(bits - bits.mean()).max() < 0.3


def test_what_points_both_ways_comes_out_flat():
    both = [world(1, 0.6, 0.2), world(2, 0.2, 0.6), world(3, 0.6, 0.2), world(4, 0.2, 0.6)]
    mixed = fitted(both)
    bits = add_up(case(np.array([0, 1] * 50)), mixed).bits
    assert np.abs(bits - bits.mean()).max() < 0.4


def test_no_coefficient_is_below_nothing():
    told = learn([world(seed, 0.7, 0.1) for seed in range(4)]).plain
    assert min(told.coefficients) >= 0.0
    assert min(default().plain.coefficients) >= 0.0


def test_a_level_that_is_common_in_the_case_weighs_less_there():
    told = learn([world(seed, 0.7, 0.1) for seed in range(4)]).plain
    rare = add_up(case(np.array([1] * 20 + [0] * 980)), told).single[0, SIMS]
    common = add_up(case(np.array([1] * 600 + [0] * 400)), told).single[0, SIMS]
    assert rare > common


def test_what_is_unseen_weighs_nothing():
    found = add_up(case(np.full(30, -1)), default().plain)
    assert not found.single.any()


def test_one_kind_of_device_teaches_nothing():
    with pytest.raises(InputError, match="nothing can be learnt"):
        learn([Known(case(np.zeros(5, dtype=np.int64)), np.zeros(5, dtype=bool))])


def test_parameters_keep_the_sum():
    changed = replace(default(), plain=flat_sum())
    assert Parameters.from_json(changed.to_json()).to_json() == changed.to_json()
    assert changed.to_json() != default().to_json()


def test_neither_none_nor_all_is_concluded_from_a_few_weights():
    none, _ = posterior(placed(300), np.full(300, -3.0))
    many, share = posterior(placed(300), np.full(300, 6.0))
    assert 2.0 < none.sum() < 20.0
    assert 2.0 < many.sum() < 60.0
    assert share[0] == pytest.approx(many.sum() / 300)


def test_a_sentence_says_how_many_records_came_through_serving_radio_cells():
    served = next(kind for kind in kinds() if kind.name == "served")
    said = served.told(0.93, 391)
    assert said.startswith("Of its 391 records 93 % came through radio cells that serve the prison")


def test_what_can_only_speak_for_inside_never_speaks_against_it():
    ending = names().index("ending")
    codes = np.full((200, len(names())), -1, dtype=np.int64)
    codes[:, ending] = np.arange(200) % 2
    met = Seen(
        codes, {}, np.arange(200), np.zeros(200, dtype=np.int64), np.zeros(200, dtype=bool), np.array([9.0])
    )
    worst = default().plain.levels
    told = replace(default().plain, levels=tuple(np.full_like(one, -3.0) for one in worst), unheard=None)
    single = add_up(met, told).single[:, ending]
    assert single[0] >= 0.0 > single[1]


def test_a_joint_kind_has_the_combinations_of_its_parts():
    both = next(kind for kind in kinds() if kind.joins)
    model, service = (next(kind for kind in kinds() if kind.name == part) for part in both.joins)
    code = joined([np.array([2, 2, -1]), np.array([4, -1, 1])], both.joins)
    assert both.levels[code[0]] == f"{model.levels[2]}; {service.levels[4]}"
    assert code[1:].tolist() == [-1, -1]
    assert len(both.levels) == len(model.levels) * len(service.levels)


def test_days_elsewhere_count_whatever_was_fitted():
    at, least = next((at, kind.counts) for at, kind in enumerate(kinds()) if kind.name == "elsewhere")
    told = fitted([world(seed, 0.3, 0.3) for seed in range(2)])
    assert told.coefficients[at] >= least > 0.0


def test_what_everybody_has_speaks_against_nobody_much():
    told = replace(
        default().plain,
        levels=tuple(np.full_like(one, -3.0) for one in default().plain.levels),
        unheard=None,
    )
    codes = np.full((2, len(names())), -1, dtype=np.int64)
    places = [names().index(name) for name in ("model", "service", "equipment")]
    codes[:, places] = [[2, 4, 14], [4, 0, 20]]
    met = replace(case(np.array([-1, -1])), codes=codes)
    ordinary, machine = add_up(met, told).single[:, places].sum(axis=1)
    assert ordinary == pytest.approx(-2.0)
    assert machine < -2.0


def test_a_handset_found_there_teaches_what_those_inside_have_in_common():
    levels = np.array([1] * 20 + [0] * 180)
    found, unknown = case(levels, expected=0.0), case(levels, expected=0.0)
    found.known[:20] = True
    bits = [add_up(one, default().plain).single[0, SIMS] for one in (found, unknown)]
    assert bits[0] > bits[1]


def test_intervals_hold_what_is_not_known_of_the_weights():
    random = np.random.default_rng(3)
    bits = np.concatenate([random.normal(4.0, 3.0, 30), random.normal(-6.0, 3.0, 600)])
    low, high = intervals(believed(placed(630), bits))
    assert low[0] < 30.0 < high[0]


def test_found_handsets_say_how_far_the_weights_are_off():
    random = np.random.default_rng(3)
    calibrated = np.concatenate([random.normal(5.0, 3.8, 60), random.normal(-5.0, 3.8, 1200)])
    for off in (-2.0, 0.0, 2.0):
        alone = believed(placed(1260), calibrated + off)
        told = believed(placed(1260, range(0, 60, 2)), calibrated + off)
        misses = [abs(float(one.count[0]) - 60.0) for one in (alone, told)]
        widths = [float(np.subtract(*intervals(one)[::-1])[0]) for one in (alone, told)]
        low, high = intervals(told)
        assert misses[1] < min(misses[0], 15.0)
        assert widths[1] < 0.85 * widths[0]
        assert low[0] < 60.0 < high[0]


def test_few_found_handsets_say_little():
    random = np.random.default_rng(3)
    bits = np.concatenate([random.normal(5.0, 3.8, 60), random.normal(-5.0, 3.8, 1200)])
    alone, told = believed(placed(1260), bits), believed(placed(1260, [7]), bits)
    assert told.count[0] == pytest.approx(alone.count[0], rel=0.2)


def test_a_level_that_nearly_everybody_has_weighs_next_to_nothing():
    told = learn([world(seed, 0.03, 0.02) for seed in range(4)]).plain
    single = add_up(case(np.array([0] * 97 + [1] * 3)), told).single[:, SIMS]
    assert abs(single[0]) < 0.05


def test_a_world_with_few_inside_says_less():
    few = Known(case(np.array([1] * 2 + [0] * 798)), np.arange(800) < 2)
    both = [world(seed, 0.1, 0.5) for seed in range(3)]
    alone, with_few = fitted(both), fitted([*both, few])
    bits = [add_up(case(np.array([0, 1] * 50)), one).bits for one in (alone, with_few)]
    assert bits[1][1] - bits[1][0] < 0.5 * (bits[0][1] - bits[0][0])


def test_what_tells_machines_from_people_never_speaks_for_inside():
    place = names().index("company")
    codes = np.full((40, len(names())), -1, dtype=np.int64)
    codes[:, place] = np.arange(40) % len(kinds()[place].levels)
    met = replace(case(np.full(40, -1)), codes=codes)
    told = default().plain
    high = replace(told, levels=tuple(np.full_like(one, 3.0) for one in told.levels), unheard=None)
    assert add_up(met, high).single[:, place].max() <= 0.0


def test_what_does_not_carry_over_weighs_by_the_case_alone():
    for fitted_sum in (default().plain, default().plain.unheard):
        assert fitted_sum is not None
        for kind, levels in zip(kinds(), fitted_sum.levels, strict=True):
            assert kind.carries or not levels.any()


def test_where_the_mix_is_not_heard_other_weights_hold():
    told = default().plain
    assert told.unheard is not None
    met = case(np.array([1] * 20))
    heard = met.having("radio", np.zeros(20, dtype=np.int64))
    unheard = replace(told.unheard, apart=told.apart)
    assert (add_up(met, told).bits == add_up(met, unheard).bits).all()
    assert (add_up(heard, told).single[:, SIMS] != add_up(met, told).single[:, SIMS]).any()
