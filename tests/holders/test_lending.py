from dataclasses import replace

import numpy as np
import pytest

from parloir.holders.kinds import number_evidence
from parloir.holders.kinds.lending import Draws, Mixture, unknown, weights
from parloir.holders.kinds.talked import Talked

PLAIN = Mixture((0.3,), (0.0,), (1.0,), ((0.0, 0.0),), mate=0.5, others=1e-9, pooled=0.0)
LENT = replace(PLAIN, lent=(0.0, 0.1), lent_start=(0.5, 0.5), habits=((1.0, 1.0),), others=0.3)
CANDIDATES = 100
RARE = 1e-5


def drawn(days, people, mates=()):
    """One handset: days of each number; people: (candidate, its numbers' positions, |C|)."""
    touched = np.arange(max([who for who, *_ in people] + [who for pair in mates for who in pair]) + 1)
    pairs = [(n, who, 1 / size) for who, numbers, size in people for n in numbers]
    known = np.zeros(CANDIDATES, dtype=bool)
    known[[who for who, _, size in people if size]] = True
    times = np.zeros(len(days), dtype=np.int64)
    return Draws(
        talked=Talked(np.arange(len(days)) + 33639980000, np.array(days), np.array(days), times, times),
        set_aside=0,
        matches={},
        touched=touched,
        number=np.array([n for n, *_ in pairs], dtype=np.int64),
        column=np.array([who for _, who, _ in pairs], dtype=np.int64),
        own=np.array([share for *_, share in pairs]),
        mates=np.array(mates, dtype=np.int64).reshape(-1, 2).T,
        unknown_user=np.full(len(days), RARE),
        crowd=np.zeros(len(days)),
        has_people=known,
        change=None,
        rare=RARE,
        inside=1.0,
    )


def bits(handset, mixture):
    """Of each touched candidate, of one without and one with people, averaged over the mixture's points."""
    q = handset.unknown_user
    found = weights(handset, np.ones(q.size, dtype=bool), q, mixture)
    return np.log2(np.exp2(found.astype(float)).mean(axis=0))


def test_one_call_to_each_number_is_the_formula_of_distinct_numbers():
    handset = drawn([1] * 6, [(0, [0, 1], 4)])
    own, without, others = bits(handset, PLAIN)
    expected = 2 * np.log2(0.3 / 4 / RARE + 0.7) + 4 * np.log2(0.7)
    assert own == pytest.approx(expected, abs=1e-4)
    assert without == pytest.approx(0, abs=1e-6)
    assert others == pytest.approx(6 * np.log2(0.7), abs=1e-4)
    alike = replace(handset, talked=replace(handset.talked, days=np.full(6, 9)))
    assert bits(alike, replace(PLAIN, habits=((1.0, 1.0),)))[0] == pytest.approx(expected, abs=1e-4)


def test_the_regular_user_is_whose_people_the_traffic_goes_to():
    """Two numbers on most days against five on one day each, of two who share the prison cell."""
    days = [35, 30, 1, 1, 1, 1, 1, *[3] * 20]
    people = [(0, [0, 1], 2), (1, [2, 3, 4, 5, 6], 5)]
    counted = bits(drawn(days, people, [(0, 1), (1, 0)]), LENT)
    distinct = bits(drawn([1] * 27, people, [(0, 1), (1, 0)]), LENT)
    assert distinct[1] > distinct[0]
    assert counted[0] > counted[1] + 5


def test_so_it_is_where_the_register_does_not_have_them_in_one_prison_cell():
    days = [35, 30, 1, 1, 1, 1, 1, *[3] * 20]
    found = bits(drawn(days, [(0, [0, 1], 2), (1, [2, 3, 4, 5, 6], 5)]), LENT)
    assert found[0] > found[1] + 5


def test_a_cell_mate_of_whom_nothing_is_known_keeps_a_chance():
    handset = drawn([1, 1, 1, *[3] * 12], [(0, [0, 1, 2], 5)], [(1, 0), (2, 0)])
    own, mate, other, without, _ = bits(handset, LENT)
    assert mate == pytest.approx(other)
    assert mate > without + 3
    assert own - mate < 5


def test_what_cell_mates_explain_is_bounded():
    """An unknown user lives in some prison cell, too: four cell-mates tell no more than that it is this."""
    people = [(who, [2 * who - 2, 2 * who - 1], 4) for who in range(1, 5)]
    handset = drawn([1] * 20, people, [(0, who) for who in range(1, 5)])
    assert bits(handset, LENT)[0] <= np.log2(CANDIDATES / LENT.others) + 1e-6


def test_a_number_of_two_inmates_counts_once():
    """Brothers have their mother's number: it is not met twice because both share the prison cell."""
    alone = bits(drawn([5] * 8, [(0, [0], 3)]), LENT)[0]
    both = bits(drawn([5] * 8, [(0, [0], 3), (1, [0], 3)], [(0, 1), (1, 0)]), LENT)
    assert both[0] == pytest.approx(both[1])
    assert both[0] <= alone + 1e-4


def test_guests_are_as_frequent_as_the_handsets_show():
    """Whoever's people are met on a handset beside others' make a larger share of guests likelier."""
    handset = drawn([1] * 10, [(0, [0, 1], 2), (1, [2, 3], 2), (2, [4, 5], 2)])
    lonely = drawn([1] * 10, [(0, [], 2)])
    few, many = (replace(LENT, others=others) for others in (0.05, 1.0))
    assert unknown(handset, handset.unknown_user, many) > unknown(handset, handset.unknown_user, few)
    assert unknown(lonely, lonely.unknown_user, many) < unknown(lonely, lonely.unknown_user, few)


def test_none_of_ones_people_is_met_more_seldom_than_if_they_were_drawn_one_by_one():
    """Twelve numbers, one of a candidate's people among them: γ = 2 squares the chance that none is."""
    handset = drawn([1] * 12, [(0, [0], 4)])
    found, share = number_evidence(handset, PLAIN), np.ones(1)
    plain, squared = (found.mixed(share, power)[[0, 1]] for power in (1.0, 2.0))
    none = 0.7**12
    assert squared[0] - plain[0] == pytest.approx(np.log2(1 + none), abs=1e-4)
    assert squared[1] == plain[1] == pytest.approx(0, abs=1e-6)  # nobody is known of this one
    known = replace(handset, has_people=np.ones(CANDIDATES, dtype=bool))
    both = [number_evidence(known, PLAIN).mixed(share, power)[1] for power in (1.0, 2.0)]
    assert both == pytest.approx([np.log2(none), 2 * np.log2(none)], abs=1e-4)


def test_how_seldom_is_learnt_from_how_many_meet_none():
    """Under a chance of .5 that none is met, one handset in four without any is what γ = 2 says."""
    found = number_evidence(
        replace(drawn([1] * 2, [(0, [0], 4)]), has_people=np.ones(CANDIDATES, bool)), PLAIN
    )
    powers, met, unmet = np.array([0.7, 1.0, 1.4, 2.0, 2.8]), np.zeros(CANDIDATES), np.zeros(CANDIDATES)
    met[0], unmet[1] = 1.0, 1.0
    none = 0.7**2
    said = [
        (1 - none**2) * found.likelihoods(np.ones(1), met, powers)
        + none**2 * found.likelihoods(np.ones(1), unmet, powers),
        (1 - none) * found.likelihoods(np.ones(1), met, powers)
        + none * found.likelihoods(np.ones(1), unmet, powers),
    ]
    assert [powers[one.argmax()] for one in said] == [2.0, 1.0]
