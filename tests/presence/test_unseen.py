"""What the records do not tell is no evidence: a bill without SIMs or technologies speaks for nobody."""

from dataclasses import fields

import numpy as np

from parloir.presence.features import Features
from parloir.presence.kinds import kinds
from parloir.presence.levels import UNSEEN, levels


def seen(**values: float) -> Features:
    whole = {"from_us", "to_us"}
    return Features(
        **{
            field.name: np.array([values.get(field.name, 0.0)] * 3).astype(
                np.int64 if field.name in whole else np.float64
            )
            for field in fields(Features)
        }
    )


def test_records_without_sims_tell_nothing_of_sims():
    told = levels(seen(sims=0.0, shared=0.0))
    assert set(told["sims"]) == set(told["shared"]) == {UNSEEN}
    assert UNSEEN not in levels(seen(sims=1.0, shared=1.0))["sims"]


def test_records_without_technology_and_data_tell_nothing_of_service():
    assert set(levels(seen(data=0.0, two_g=0.0))["service"]) == {UNSEEN}
    assert UNSEEN not in levels(seen(data=0.0, two_g=1.0))["service"]


def test_too_few_records_keep_no_time():
    assert set(levels(seen(beat=float("nan")))["beat"]) == {UNSEEN}
    assert set(levels(seen(beat=0.95))["beat"]) == {2}


def test_days_near_the_prison_are_told_apart_by_what_was_asked_for():
    shown, asked = levels(seen(run=9.0)), levels(seen(run=9.0, away=float("nan")))
    assert (set(shown["days"]), set(shown["present"])) == ({2}, {UNSEEN})
    assert (set(asked["days"]), set(asked["present"])) == ({UNSEEN}, {2})


def test_a_machine_shows_by_correspondents_calls_and_hours_together():
    names = next(kind.levels for kind in kinds() if kind.name == "company")

    def named(**values: float) -> str:
        return names[levels(seen(**values))["company"][0]]

    nan = float("nan")
    alarm = named(correspondents=2.0, call_s=nan, rhythm=0.02)
    assert alarm == "one or two correspondents; no call; round the clock"
    assert named(correspondents=4.0, call_s=60.0, rhythm=nan).endswith(
        "three correspondents and more; calls; too few hours to tell"
    )
    assert named(correspondents=30.0, call_s=60.0, rhythm=0.4).endswith("calls; not round the clock")
    assert set(levels(seen(correspondents=0.0))["company"]) == {UNSEEN}


def test_who_never_calls_shows_it_once():
    silent = levels(seen(call_s=float("nan")))
    assert (set(silent["calls"]), set(silent["talk"])) == ({0}, {UNSEEN})


def test_too_few_hours_or_days_tell_no_machine():
    told = levels(seen(rhythm=float("nan"), uneven=float("nan")))
    assert set(told["rhythm"]) == set(told["evenness"]) == {UNSEEN}
    assert set(levels(seen(rhythm=0.05, uneven=0.001))["rhythm"]) == {0}
    assert set(levels(seen(uneven=0.001))["evenness"]) == {0}
    assert set(levels(seen(uneven=0.4))["evenness"]) == {1}
