"""How an inmate uses a handset: most in the evening and at night, some by day, at weekends, or rarely.

By default everybody does as most do; each trait is a share of all users, drawn apart from the others.
"""

from __future__ import annotations

import numpy as np

from parloir.simulation.events import PROFILES
from parloir.simulation.parameters import Parameters
from parloir.simulation.streams import Bools, Floats, Ints, mix

_WEEKEND = np.array([4, 5, 6, 4, 4, 5, 6])
"""Weekday (Monday 0) on which those do it who use a handset from Friday to Sunday only."""
_FIRST_WEEKDAY = 3
"""1 January 1970 was a Thursday."""


def _share(p: Parameters, who: Ints, salt: int, name: str) -> Bools:
    return np.asarray(mix(who, p.seed + salt) % 10_000 < 10_000 * p[name], dtype=bool)


def hours(p: Parameters, inmate: Ints) -> Ints:
    """Index of the profile by which each inmate's hours are drawn."""
    names = list(PROFILES)
    die = mix(inmate, p.seed + 101) % 10_000 / 10_000
    edges = np.cumsum([p["habits.daytime"], p["habits.night"], p["habits.any_hour"]])
    kinds = [names.index(name) for name in ("working", "night owl", "anybody", "inmate")]
    return np.take(kinds, np.searchsorted(edges, die, side="right")).astype(np.int64)


def day(p: Parameters, inmate: Ints, days: Ints) -> Ints:
    """The days on which it really happens: those of the same week's end for some."""
    weekday = (days + _FIRST_WEEKDAY) % 7
    return np.where(_share(p, inmate, 102, "habits.weekend"), days - weekday + _WEEKEND[weekday], days)


def how_much(p: Parameters, inmate: Ints) -> Floats:
    """Records of each inmate beside those of most."""
    return np.where(_share(p, inmate, 103, "habits.rare"), p["habits.rare_rate"], 1.0)


def talk(p: Parameters, inmate: Ints, smart: Bools) -> Floats:
    """Calls and texts of each inmate beside those of most: some with a smartphone hardly call."""
    return np.where(smart & _share(p, inmate, 104, "habits.chat"), p["habits.chat_talk"], 1.0)


def plain_on_4g(p: Parameters, handset: Ints) -> Bools:
    """Handsets that are no smartphones and yet do more than 2G."""
    return _share(p, handset, 105, "handsets.plain_on_4g")
