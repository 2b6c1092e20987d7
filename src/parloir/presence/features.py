"""What each stint shows, as numbers: the step between aggregates and levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parloir.presence.regular import rhythm, unevenness
from parloir.presence.stints import Stints
from parloir.presence.visibility import Visibility

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
WAVE_S = 225.0
"""Height of the waves of `days.sql`; the two together always have it."""
AWAY = 0.2
"""A day is a day elsewhere when more than this share of its records is: by a freak of radio a call may be
served from far away."""
PAIRS = 4
"""Fewer records do not show whether they share a radio cell."""
BEATS = 12
"""Fewer records may keep one time by chance."""


@dataclass(frozen=True)
class DayRows:
    """Rows of `days` that fall into a stint, as arrays of one length, sorted by stint and day.

    There are millions: integers are of the smallest type that holds them.

    Attributes:
        stint, day, radio_cell, imsi: keys; day is local, since 1970.
        on: whether the radio cell serves the stint's site; elsewhere: whether it is out of its reach.
        values: the counted columns of `days.sql`, by name.
    """

    stint: Numbers
    day: Numbers
    radio_cell: Numbers
    imsi: Numbers
    on: Booleans
    elsewhere: Booleans
    values: dict[str, Numbers]


@dataclass(frozen=True)
class Features:
    """Arrays of one length, one value a stint; NaN where there is nothing to count.

    Attributes:
        run: most active days running without a day elsewhere.
        span: time from first to last record, as a share of its site's period.
        steady: how often two of its records bear the same radio cell; NaN for fewer than `PAIRS`.
        away: share of the days open to view on which it was seen elsewhere.
        night, locked: share of active days with a night record; of records in lock-up hours.
        hours: mean number of hours with a record, on active days.
        weekends: active share of weekend days over active share of weekdays.
        sims, shared: SIMs; most handsets that one of its SIMs was seen in.
        correspondents: distinct numbers.
        data, two_g, outgoing: shares of records, of records, of calls and texts.
        call_s, talk_s: mean length of a call; talk on the busiest day.
        silent: share of silent days between first and last.
        rate: records on an active day.
        beat: how far its records keep to one time of the quarter hour, 0 to 1; NaN for few records.
        rhythm, uneven: as of `regular.rhythm` and `regular.unevenness`.
        records: at the site.
        from_us, to_us: first and last record at the site.
    """

    run: Floats
    span: Floats
    steady: Floats
    away: Floats
    night: Floats
    locked: Floats
    hours: Floats
    weekends: Floats
    sims: Floats
    shared: Floats
    correspondents: Floats
    data: Floats
    two_g: Floats
    outgoing: Floats
    call_s: Floats
    talk_s: Floats
    silent: Floats
    rate: Floats
    beat: Floats
    rhythm: Floats
    uneven: Floats
    records: Floats
    from_us: Numbers
    to_us: Numbers


@dataclass(frozen=True)
class Across:
    """What a stint is held against that is not its own.

    Attributes:
        period: days from the first to the last of each site, shape (sites,).
        imsi, handsets: every SIM, sorted, and how many handsets it was seen in.
        shown: when the records could have shown a handset elsewhere.
    """

    period: Floats
    imsi: Numbers
    handsets: Numbers
    shown: Visibility


def across(stints: Stints, sims: Sequence[Numbers], shown: Visibility) -> Across:
    """What all stints together say.

    Args:
        stints: all.
        sims: the SIM of each pair of a SIM and a handset, in parts.
        shown: when the records could have shown a handset elsewhere.
    """
    imsi, many = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *sims]), return_counts=True)
    return Across(_periods(stints), imsi, many, shown)


def features(
    stints: Stints, rows: DayRows, imei14: Numbers, correspondents: Floats, others: Across
) -> Features:
    """Count what every stint shows.

    Args:
        stints: n of them; all of a handset's.
        rows: days of the stints.
        imei14: of each handset.
        correspondents: distinct numbers of each handset; a stint's own are not told apart.
        others: what all stints together say.
    """
    n = stints.size
    on = {name: _count(rows.stint, value * rows.on, n) for name, value in rows.values.items()}
    daily = _daily(stints, rows, imei14, others.shown)
    opened = _count(daily.stint, daily.open, n)
    span = (stints.last - stints.first + 1).astype(np.float64)
    active = _count(daily.stint, daily.active, n)
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.zeros(n, dtype=np.int64)
    np.minimum.at(first, rows.stint[rows.on], rows.values["first_us"][rows.on])
    np.maximum.at(last, rows.stint[rows.on], rows.values["last_us"][rows.on])
    return Features(
        run=_longest_run(daily, n),
        span=_ratio(span, others.period[stints.site]),
        steady=_steady(rows, n),
        away=_ratio(_count(daily.stint, daily.away & daily.open, n), opened, least=2),
        night=_ratio(_count(daily.stint, daily.night & daily.active, n), active),
        locked=_ratio(on["locked"], on["records"]),
        hours=_ratio(_count(daily.stint, np.bitwise_count(daily.hours), n), active),
        weekends=_weekends(stints, daily, n),
        sims=distinct(rows.stint[rows.on], rows.imsi[rows.on], n),
        shared=_shared(rows, others, n),
        correspondents=correspondents[stints.handset],
        data=_ratio(on["data"], on["records"]),
        two_g=_ratio(on["two_g"], on["records"]),
        outgoing=_ratio(on["outgoing"], on["outgoing"] + on["incoming"]),
        call_s=_ratio(on["talk_s"], on["calls"]),
        talk_s=_most(daily.stint, daily.talk_s, n),
        silent=1.0 - active / span,
        rate=_ratio(on["records"], active),
        beat=_beat(on),
        rhythm=rhythm(daily.hours, daily.stint, n),
        uneven=_uneven(daily, n),
        records=on["records"],
        from_us=first,
        to_us=last,
    )


@dataclass(frozen=True)
class _Daily:
    """One row a stint and day."""

    stint: Numbers
    day: Numbers
    active: Booleans
    away: Booleans
    night: Booleans
    open: Booleans
    hours: Numbers
    records: Floats
    talk_s: Floats


def _daily(stints: Stints, rows: DayRows, imei14: Numbers, shown: Visibility) -> _Daily:
    """Rows of one stint and day made one."""
    begins = np.flatnonzero(
        np.append(True, (np.diff(rows.stint) != 0) | (np.diff(rows.day) != 0))[: rows.day.size]
    )
    stint, day = rows.stint[begins].astype(np.int64), rows.day[begins].astype(np.int64)

    def total(value: NDArray[Any]) -> Floats:
        return np.asarray(np.add.reduceat(np.asarray(value, dtype=np.float64), begins), dtype=np.float64)

    if not begins.size:
        empty = np.zeros(0)
        none = empty.astype(bool)
        return _Daily(stint, day, none, none, none, none, stint, empty, empty)
    mask = np.bitwise_or.reduceat(np.where(rows.on, rows.values["hours"], 0), begins)
    return _Daily(
        stint,
        day,
        total(rows.on) > 0,
        total(rows.elsewhere * rows.values["records"]) > AWAY * total(rows.values["records"]),
        total(rows.values["night"] * rows.on) > 0,
        shown.shown(stints.site[stint], imei14[stints.handset[stint]], day),
        mask.astype(np.int64),
        total(rows.values["records"] * rows.on),
        total(rows.values["talk_s"] * rows.on),
    )


def _beat(on: dict[str, Floats]) -> Floats:
    """The length of the mean of the two waves, by absolute values."""
    length = np.abs(on["beat_near"]) + np.abs(on["beat_off"])
    return np.where(on["records"] >= BEATS, _ratio(length, WAVE_S * on["records"]), np.nan)


def _uneven(daily: _Daily, n: int) -> Floats:
    return unevenness(daily.records[daily.active], daily.stint[daily.active], n)


def _longest_run(daily: _Daily, n: int) -> Floats:
    """Most active days in a row of a stint with no day elsewhere among them."""
    block = np.cumsum(daily.away)
    key = daily.stint * (int(block[-1]) + 2 if block.size else 1) + block
    counts, place = np.unique(key, return_inverse=True)
    length = _count(place, daily.active & ~daily.away, counts.size)
    return _most(daily.stint, length[place], n)


def _periods(stints: Stints) -> Floats:
    """Days from the first to the last of each site, shape (sites,)."""
    if not stints.size:
        return np.zeros(0)
    first = np.full(int(stints.site.max()) + 1, np.iinfo(np.int64).max)
    last = np.zeros(first.size, dtype=np.int64)
    np.minimum.at(first, stints.site, stints.first)
    np.maximum.at(last, stints.site, stints.last)
    return np.asarray(last - first + 1, dtype=np.float64)


def _steady(rows: DayRows, n: int) -> Floats:
    cells, place = np.unique(rows.radio_cell, return_inverse=True)
    keys, at = np.unique(rows.stint.astype(np.int64) * max(cells.size, 1) + place, return_inverse=True)
    count = _count(at, rows.values["records"], keys.size)
    owner = keys // max(cells.size, 1)
    total = _count(owner, count, n)
    same = _count(owner, count * (count - 1.0), n)
    return np.where(total >= PAIRS, _ratio(same, total * (total - 1.0)), np.nan)


def _weekends(stints: Stints, daily: _Daily, n: int) -> Floats:
    """NaN for stints of less than a week, which may have met no weekend."""
    weekend = (daily.day + 3) % 7 >= 5
    span = stints.last - stints.first + 1
    ends = _weekend_days(stints.last) - _weekend_days(stints.first - 1)
    at_ends = _ratio(_count(daily.stint, daily.active & weekend, n), ends.astype(np.float64))
    else_ = _ratio(_count(daily.stint, daily.active & ~weekend, n), (span - ends).astype(np.float64))
    return np.where(span >= 7, _ratio(at_ends, else_), np.nan)


def _weekend_days(day: Numbers) -> Numbers:
    """Weekend days up to and with `day`, from a Monday long ago."""
    weeks, rest = np.divmod(day + 3, 7)
    return np.asarray(weeks * 2 + np.maximum(rest - 4, 0), dtype=np.int64)


def _shared(rows: DayRows, others: Across, n: int) -> Floats:
    """Most handsets among the candidates that any of the stint's SIMs was seen in."""
    sims, place = np.unique(rows.imsi, return_inverse=True)
    counts = others.handsets[np.searchsorted(others.imsi, sims)] if sims.size else others.handsets
    of_row = np.where(rows.imsi > 0, counts[place] if sims.size else 1, 1)
    return np.maximum(_most(rows.stint, of_row.astype(np.float64), n), 1.0)


def distinct(owner: Numbers, value: Numbers, n: int) -> Floats:
    """How many distinct values each of n owners has."""
    known, place = np.unique(value, return_inverse=True)
    pairs = np.unique(owner * (known.size + 1) + place)
    return np.bincount(pairs // (known.size + 1), minlength=n).astype(np.float64)


def _count(owner: Numbers, what: NDArray[Any], n: int) -> Floats:
    return np.asarray(np.bincount(owner, what, minlength=n), dtype=np.float64)


def _most(owner: Numbers, value: Floats, n: int) -> Floats:
    most = np.zeros(n)
    np.maximum.at(most, owner, value)
    return most


def _ratio(part: Floats, whole: Floats, least: float = 1e-9) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole >= least))
