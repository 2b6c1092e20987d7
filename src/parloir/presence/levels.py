"""Levels of each kind of evidence from what a stint shows. The names stand in `data/kinds.toml`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parloir.presence.features import Features

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
UNSEEN = -1

ENDS = {
    "days": (3, 7, 14, 21),
    "night": (0.1, 0.4, 0.7),
    "hours": (0.15, 0.35, 0.55, 0.75),
    "sessions": (1.5, 2.5, 4, 7),
    "weekends": (0.25, 0.7, 1.3),
    "sims": (2, 3, 4),
    "shared": (2, 3),
    "correspondents": (1, 2, 3, 7, 15, 31),
    "silences": (0.05, 0.2, 0.4, 0.65),
    "rate": (2, 5, 10, 20),
    "beat": (0.4, 0.7),
    "rhythm": (0.1, 0.2, 0.35, 0.5, 0.7),
    "evenness": (0.01,),
    "radio": (-8, -4, -1.5, 1.5, 4, 8),
}
"""Lower ends of all levels but the first."""


def levels(seen: Features) -> dict[str, Codes]:
    """Codes (n,) of the kinds that the records alone tell; `UNSEEN` where nothing is known."""
    alone = np.isnan(seen.away)  # nothing was asked for that would show elsewhere
    return {
        "days": _cut(np.where(alone, np.nan, seen.run), ENDS["days"]),
        "present": _cut(np.where(alone, seen.run, np.nan), ENDS["days"]),
        "elsewhere": _elsewhere(seen.away),
        "night": _cut(seen.night, ENDS["night"]),
        "hours": _cut(seen.locked, ENDS["hours"]),
        "sessions": _cut(seen.hours, ENDS["sessions"]),
        "weekends": _cut(seen.weekends, ENDS["weekends"]),
        "sims": _cut(np.where(seen.sims > 0, seen.sims, np.nan), ENDS["sims"]),
        "shared": _cut(np.where(seen.sims > 0, seen.shared, np.nan), ENDS["shared"]),
        "correspondents": _given(seen.correspondents, _cut(seen.correspondents, ENDS["correspondents"])),
        "service": _service(seen),
        "company": _company(seen),
        "calls": _or_none(seen.call_s, (45, 90, 180)),
        "talk": np.where(np.isnan(seen.call_s), UNSEEN, _talk(seen.talk_s)),
        "silences": _cut(seen.silent, ENDS["silences"]),
        "rate": _cut(seen.rate, ENDS["rate"]),
        "beat": _cut(seen.beat, ENDS["beat"]),
        "rhythm": _cut(seen.rhythm, ENDS["rhythm"]),
        "evenness": _cut(seen.uneven, ENDS["evenness"]),
        "outgoing": _or_none(seen.outgoing, (0.25, 0.5, 0.75)),
    }


def radio_levels(bits: Floats) -> Codes:
    """Codes (n,) of the kind `radio` from raw bits (n,)."""
    return _cut(bits, ENDS["radio"])


def _cut(values: Floats, ends: Sequence[float]) -> Codes:
    return np.where(np.isnan(values), UNSEEN, np.digitize(np.nan_to_num(values), ends)).astype(np.int64)


def _given(values: Floats, codes: Codes) -> Codes:
    """Unseen where nobody has a value: then the column was not given."""
    return codes if np.nan_to_num(values).any() else np.full(codes.shape, UNSEEN, dtype=np.int64)


def _or_none(values: Floats, ends: Sequence[float]) -> Codes:
    """Level 0 says that there was nothing to measure, which is evidence too."""
    return np.where(np.isnan(values), 0, 1 + np.digitize(np.nan_to_num(values), ends)).astype(np.int64)


def _talk(busiest: Floats) -> Codes:
    return np.where(busiest > 0, 1 + np.digitize(busiest, (600, 1800, 5400)), 0).astype(np.int64)


def _elsewhere(away: Floats) -> Codes:
    level = np.where(away == 0, 1, 2 + np.digitize(np.nan_to_num(away), (0.1, 0.3)))
    return np.where(np.isnan(away), 0, level).astype(np.int64)


def _service(seen: Features) -> Codes:
    """Network and data; unseen where the records tell nobody's technology and no data session at all."""
    data = np.nan_to_num(seen.data)
    if not (data.any() or np.nan_to_num(seen.two_g).any()):
        return np.full(data.shape, UNSEEN, dtype=np.int64)
    without = np.where(seen.two_g >= 0.95, 0, 1)
    return np.where(data == 0, without, 2 + np.digitize(data, (0.2, 0.6))).astype(np.int64)


def _company(seen: Features) -> Codes:
    """Hardly any correspondent, no call, no time of day: each says little, together they say a machine."""
    numbers = _given(seen.correspondents, np.digitize(seen.correspondents, (1, 3)).astype(np.int64))
    calls, hours = np.where(np.isnan(seen.call_s), 0, 1), _cut(seen.rhythm, ENDS["rhythm"])
    code = numbers * 6 + calls * 3 + np.where(hours < 0, 2, np.minimum(hours, 1))
    return np.where(numbers < 0, UNSEEN, code).astype(np.int64)
