"""What each handset did while it was inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
ORDERED = "ordered"
"""Status of a handset that no record shows, told inside by an order alone (see `ordered`)."""


@dataclass(frozen=True)
class Segment:
    """A handset's time in one prison, as `presence` found it."""

    prison: str
    start: int
    end: int
    millibits: int
    probability: float
    status: str


@dataclass(frozen=True)
class Activity:
    """One handset: where it was, and its records there in the order of time.

    Attributes:
        handset: IMEI14 that names it.
        segments: its prisons, earliest first.
        prison: index into `segments` of each record.
        start, end: microseconds UTC of each record; end = start for what is no call.
        voice: whether each record is a call.
        inherited: somebody else used the handset before; what is here is since then.
    """

    handset: int
    segments: tuple[Segment, ...]
    prison: npt.NDArray[np.int64]
    start: Integers
    end: Integers
    voice: npt.NDArray[np.bool_]
    inherited: bool = False

    @property
    def shown(self) -> bool:
        """Whether records show it; else an order alone tells of it."""
        return self.segments[0].status != ORDERED

    @property
    def begun(self) -> bool:
        """Whether its first record may be its user's first use."""
        return self.shown and not self.inherited

    @property
    def first(self) -> int:
        """First activity inside; the start of the first segment when there are no records."""
        return int(self.start[0]) if self.start.size else self.segments[0].start

    @property
    def last(self) -> int:
        """Last activity inside."""
        return int(self.start[-1]) if self.start.size else self.segments[-1].end

    def since(self, moment: int) -> Activity:
        """What it did from that moment on, under another user."""
        kept = [number for number, segment in enumerate(self.segments) if segment.end >= moment]
        number = np.full(len(self.segments), -1, dtype=np.int64)
        number[kept] = np.arange(len(kept))
        rows = (self.start >= moment) & np.isin(self.prison, [-1, *kept])
        return Activity(
            self.handset,
            tuple(self.segments[one] for one in kept),
            np.where(self.prison[rows] >= 0, number[self.prison[rows]], -1),
            self.start[rows],
            self.end[rows],
            self.voice[rows],
            inherited=True,
        )


@dataclass(frozen=True)
class Life:
    """How long handsets are in use, and how often a silence tells nothing.

    Attributes:
        days: mean days from first to last use.
        pause: chance that a day of use is followed by a long silence that ends, whatever the habit.
    """

    days: float
    pause: float

    def survival(self, days: float) -> float:
        """P(still in use after so many more days), nothing else being known."""
        return float(np.exp(-max(days, 0.0) / self.days))


LIFE = Life(days=135.0, pause=0.01)
"""As in parameters.toml, for plans of runs that carry no habit."""


def still_in_use(activity: Activity, until: int, life: Life) -> float:
    """P(in use at the end of the records | silent since its last one).

    A handset used every day that has been silent for a week is likely gone, one used once a week is not: the
    habit is the share of its days without a record. With hazard λ a day and s_u the chance of u silent days
    in a row, e^(−λt) s_t / (e^(−λt) s_t + Σ_u<t (1 − e^(−λ)) e^(−λu) s_u).

    Args:
        activity: the handset.
        until: microseconds UTC of the last record of any device.
        life: of handsets.
    """
    used = np.unique(activity.start // DAY_US)
    span = int(used[-1] - used[0]) + 1 if used.size else 1
    silent = (span - used.size + 1) / (span + 2)
    days = max(int((until - activity.last) // DAY_US), 0)
    lasts = np.arange(days + 1)
    shown = np.exp(-lasts / life.days) * (life.pause + (1 - life.pause) * silent**lasts)
    gone = float(shown[:-1].sum()) * (1 - np.exp(-1 / life.days))
    return round(float(shown[-1] / (shown[-1] + gone)), 6)


LONG_DAYS = 5
"""A silence of so many days is long for a handset in use."""
_WORTH = 200.0
"""Silences that the starting value of `pause` counts for."""


def learn_life(found: Sequence[Activity], start: Life) -> Life:
    """How often handsets of the case fell silent for long and spoke again: share of all their silences.

    Args:
        found: handsets inside.
        start: counts for 200 silences.
    """
    gaps = [np.diff(np.unique(one.start // DAY_US)) for one in found]
    every = np.concatenate([np.zeros(0, np.int64), *gaps])
    long = float((every > LONG_DAYS).sum()) + _WORTH * start.pause
    return Life(start.days, round(long / (every.size + _WORTH), 6))


def activities(connection: duckdb.DuckDBPyConnection, inside: pa.Table) -> Iterator[Activity]:
    """Every handset of `inside`, by number.

    Args:
        connection: in the context of `contacts.records_inside`.
        inside: handset, prison, from_us, to_us, millibits, probability, status.
    """
    sql = files("parloir.holders").joinpath("sql/activity.sql").read_text(encoding="utf-8")
    rows = connection.execute(sql).to_arrow_table().combine_chunks()
    owner, start, end = (rows[name].to_numpy() for name in ("handset", "started_us", "ended_us"))
    voice = rows["voice"].to_numpy()
    prisons: Any = rows["prison"].combine_chunks()
    code, known = prisons.indices.to_numpy(), prisons.dictionary.to_pylist()
    for handset, segments in sorted(_segments(inside).items()):
        part = slice(*np.searchsorted(owner, [handset, handset + 1]))
        names = {segment.prison: number for number, segment in reversed(list(enumerate(segments)))}
        places = np.array([names.get(name, -1) for name in known], dtype=np.int64)
        yield Activity(handset, segments, places[code[part]], start[part], end[part], voice[part])


def _segments(inside: pa.Table) -> dict[int, tuple[Segment, ...]]:
    """The segments of each handset, earliest first."""
    by_handset: dict[int, list[Segment]] = {}
    for row in inside.sort_by(
        [("handset", "ascending"), ("from_us", "ascending"), ("prison", "ascending")]
    ).to_pylist():
        segment = Segment(
            row["prison"],
            row["from_us"],
            row["to_us"],
            row["millibits"],
            row["probability"],
            row["status"] or "",
        )
        by_handset.setdefault(row["handset"], []).append(segment)
    return {handset: tuple(segments) for handset, segments in by_handset.items()}
