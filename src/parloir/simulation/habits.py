"""How an inmate uses a handset: most in the evening and at night, some by day, at weekends, or rarely.

By default everybody does as most do; each trait is a share of all users, drawn apart from the others.
"""

from __future__ import annotations

import numpy as np

from parloir.simulation.events import PROFILES
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, by_lot, mix
from parloir.simulation.times import DAY, END

_WEEKEND = np.array([4, 5, 6, 4, 4, 5, 6])
"""Weekday (Monday 0) on which those do it who use a handset from Friday to Sunday only."""
_FIRST_WEEKDAY = 3
"""1 January 1970 was a Thursday."""
IN_AN_HOUR, DATA_OF_HOT_SPOTS, TALK_OF_HOT_SPOTS = 0.15, 5.0, 0.02
"""Assumed, beside most: records of those who use a handset for an hour a week, and what a hot spot makes."""


def _share(p: Parameters, who: Ints, salt: int, name: str) -> Bools:
    return by_lot(who, p.seed + salt, p[name])


def hours(p: Parameters, inmate: Ints) -> Ints:
    """Index of the profile by which each inmate's hours are drawn."""
    names = list(PROFILES)
    die = mix(inmate, p.seed + 101) % 10_000 / 10_000
    edges = np.cumsum([p["habits.daytime"], p["habits.night"], p["habits.any_hour"]])
    kinds = [names.index(name) for name in ("working", "night owl", "anybody", "inmate")]
    usual = np.take(kinds, np.searchsorted(edges, die, side="right")).astype(np.int64)
    return np.where(always_on(p, inmate), names.index("homebound"), usual)


def day(p: Parameters, inmate: Ints, days: Ints) -> Ints:
    """The days on which it really happens: those of the same week's end for some."""
    weekday = (days + _FIRST_WEEKDAY) % 7
    usual = np.where(_share(p, inmate, 102, "habits.weekend"), days - weekday + _WEEKEND[weekday], days)
    once = days - weekday + mix(inmate, p.seed + 106) % 7
    return np.where(weekly(p, inmate), once, usual)


def second(p: Parameters, inmate: Ints, seconds: Ints) -> Ints:
    """Seconds of the day at which it really happens: in one hour for those who use it for an hour a week."""
    hour = (17 + mix(inmate, p.seed + 108) % 10) % 24
    return np.where(weekly(p, inmate), hour * 3600 + seconds % 3600, seconds)


def weekly(p: Parameters, inmate: Ints) -> Bools:
    """Users who use a handset for one hour a week, always the same."""
    return _share(p, inmate, 107, "habits.weekly")


def always_on(p: Parameters, inmate: Ints) -> Bools:
    """Users whose handset is on all day as a neighbour's is, a record now and a record then."""
    return _share(p, inmate, 109, "habits.always_on") | hot_spot(p, inmate)


def hot_spot(p: Parameters, inmate: Ints) -> Bools:
    """Users whose smartphone carries the data of others."""
    return _share(p, inmate, 110, "habits.hot_spot")


def only_texts(p: Parameters, inmate: Ints) -> Bools:
    """Users who never call."""
    return _share(p, inmate, 111, "habits.only_texts")


def data(p: Parameters, inmate: Ints) -> Floats:
    """Data sessions of each inmate with a smartphone beside those of most."""
    return np.where(hot_spot(p, inmate), DATA_OF_HOT_SPOTS, 1.0)


def switched_off(p: Parameters, handset: Ints, time: Ints) -> Bools:
    """Whether a handset was off at a time (microseconds): some are for one to three weeks."""
    die = mix(handset, p.seed + 112)
    since = time - END + (die % 1000 * p.size.days // 1000 + 7) * DAY
    weeks = 1 + die // 1000 % 3
    return _share(p, handset, 113, "habits.off_for_weeks") & (since >= 0) & (since < weeks * 7 * DAY)


def how_much(p: Parameters, inmate: Ints) -> Floats:
    """Records of each inmate beside those of most."""
    usual = np.where(_share(p, inmate, 103, "habits.rare"), p["habits.rare_rate"], 1.0)
    return np.where(weekly(p, inmate), np.minimum(usual, IN_AN_HOUR), usual)


def talk(p: Parameters, inmate: Ints, smart: Bools) -> Floats:
    """Calls and texts of each inmate beside those of most: some with a smartphone hardly call."""
    usual = np.where(smart & _share(p, inmate, 104, "habits.chat"), p["habits.chat_talk"], 1.0)
    return np.where(smart & hot_spot(p, inmate), np.minimum(usual, TALK_OF_HOT_SPOTS), usual)


def plain_on_4g(p: Parameters, handset: Ints) -> Bools:
    """Handsets that are no smartphones and yet do more than 2G."""
    return _share(p, handset, 105, "handsets.plain_on_4g")
