"""What is said of IMEIs that were split, are in doubt or count once."""

from types import SimpleNamespace

import numpy as np

from parloir.presence.handsets import FAR, TURNS, Handsets
from parloir.presence.remarks import remarks

ONE, TWO, THREE = 35_000_000_000_001, 35_000_000_000_002, 35_000_000_000_003


def said(told: Handsets, moves: tuple[int, ...], **more: object) -> str:
    every = np.arange(told.imei14.size)
    own = {"clock": "", "left_out": 0} | more
    links = ("",) * int(own.pop("links", 0))
    seen = SimpleNamespace(
        handsets=told, stints=SimpleNamespace(handset=every), single={"move": np.array(moves)}, **own
    )
    return " ".join(remarks(seen, SimpleNamespace(links=links)))


def told(**more: object) -> Handsets:
    imei14 = np.array([ONE, ONE, TWO, TWO, THREE])
    return Handsets(tuple("abcde"), imei14, np.zeros(0, dtype=np.int64), **more)


def test_each_reason_for_a_split_is_said_with_how_many_handsets_there_are():
    text = said(told(why={ONE: FAR, TWO: TURNS}), (-1,) * 5)
    assert "1 IMEI was seen at two places at once" in text
    assert "going to and fro between prisons" in text
    assert text.count("2 handsets bear it") == 2


def test_a_move_on_the_day_of_a_transfer_is_in_no_doubt():
    assert "moved and given a new SIM" in said(told(doubtful=(THREE,)), (-1,) * 5)
    assert not said(told(doubtful=(THREE,)), (-1, -1, -1, -1, 0))


def test_pairs_copies_under_one_sim_and_who_is_left_out_are_said():
    text = said(told(unsplit=(ONE, TWO)), (-1,) * 5, links=2, left_out=1_200)
    assert "2 pairs of IMEIs behave as one handset" in text
    assert "2 IMEIs were seen at two places at once under one SIM" in text
    assert "1,200 handsets were not weighed" in text


def test_nothing_is_said_where_nothing_was_met():
    assert not said(told(), (-1,) * 5)


def test_what_is_said_of_clocks_comes_first():
    assert said(told(), (-1,) * 5, clock="Clocks.", left_out=3).startswith("Clocks. 3 handsets")
