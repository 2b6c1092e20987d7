"""How rare a number is: what must hold of q_n whatever the handsets call."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parloir.contacts import Rarity, rarity
from parloir.contacts.rarity import SHORT_CODE

TAXI, HOME, OTHER = 33_199_000_001, 33_639_980_001, 33_639_980_002
STRENGTH, IN_USE = 100.0, 10_000.0

books = st.dictionaries(
    st.integers(0, 30), st.sets(st.integers(33_639_980_000, 33_639_980_060), min_size=1), min_size=2
)


def counted(numbers: dict[int, set[int]], prison_of: dict[int, str] | None = None) -> Rarity:
    """The rarity of numbers called by each handset; all in one prison unless told."""
    rows = [
        {"handset": handset, "prison": (prison_of or {}).get(handset, "P"), "number": number}
        for handset, called in sorted(numbers.items())
        for number in sorted(called)
    ]
    return rarity(pa.Table.from_pylist(rows), STRENGTH, IN_USE)


def one(counts: Rarity, number: int, own: set[int], prison: str = "P") -> float:
    """q of one of a handset's own numbers."""
    numbers = np.array(sorted(own))
    return float(counts.of(prison, numbers)[sorted(own).index(number)])


def test_what_many_call_is_likelier_than_what_one_calls() -> None:
    handsets = {n: {TAXI, HOME + 10 + n} for n in range(20)} | {20: {TAXI, HOME}}
    counts = counted(handsets)
    assert one(counts, TAXI, {TAXI, HOME}) > 20 * one(counts, HOME, {TAXI, HOME})


def test_a_handset_does_not_make_its_own_number_common() -> None:
    """Left out of the counts: whether one's own number was counted changes nothing of its being unseen."""
    others = {n: {TAXI, HOME + 10 + n} for n in range(20)}
    counts = counted(others | {20: {TAXI, HOME}})
    assert one(counts, HOME, {TAXI, HOME}) == pytest.approx(
        STRENGTH * counts.unseen / (counts.here_total["P"] - 2 + STRENGTH)
    )


def test_a_number_weighs_less_in_the_prison_where_it_is_called() -> None:
    """A shop beside one prison is common there and rare elsewhere."""
    here = {n: {OTHER, HOME + 10 + n} for n in range(10)}
    there = {n: {HOME + 10 + n} for n in range(10, 20)}
    counts = counted(here | there, dict.fromkeys(there, "Q"))
    assert one(counts, OTHER, {OTHER}, "P") > one(counts, OTHER, {OTHER}, "Q")


@given(books)
def test_every_number_has_some_chance(numbers: dict[int, set[int]]) -> None:
    counts = counted(numbers)
    for called in numbers.values():
        chances = counts.of("P", np.array(sorted(called)))
        assert np.all(chances > 0)
        assert np.all(chances < 1)


def test_a_prison_that_nobody_counted_has_the_rarity_of_all() -> None:
    counts = counted({n: {OTHER, HOME + 10 + n} for n in range(10)})
    assert one(counts, OTHER, {OTHER}, "nowhere") == pytest.approx(
        (1 - counts.unseen_mass) * 9 / (counts.total - 1)
    )


def test_common_numbers_and_short_codes_tell_nothing() -> None:
    counts = counted({n: {TAXI, 3639, HOME + 10 + n} for n in range(20)})
    common = counts.common(np.array([3639, HOME + 10, TAXI]), share=0.25, at_least=5)
    assert common.tolist() == [True, False, True]
    assert SHORT_CODE > 3639


def test_few_handsets_make_nothing_common() -> None:
    """Two of two handsets are all of them, and still no crowd."""
    counts = counted({1: {HOME}, 2: {HOME}})
    assert counts.common(np.array([HOME]), share=0.25, at_least=5).tolist() == [False]
