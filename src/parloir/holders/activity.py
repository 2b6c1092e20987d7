"""What each handset did while it was inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]

DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000


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
    """

    handset: int
    segments: tuple[Segment, ...]
    prison: npt.NDArray[np.int64]
    start: Integers
    end: Integers
    voice: npt.NDArray[np.bool_]

    @property
    def first(self) -> int:
        """First activity inside; the start of the first segment when there are no records."""
        return int(self.start[0]) if self.start.size else self.segments[0].start

    @property
    def last(self) -> int:
        """Last activity inside."""
        return int(self.start[-1]) if self.start.size else self.segments[-1].end


def activities(
    connection: duckdb.DuckDBPyConnection, handsets: pa.Table, inside: pa.Table
) -> Iterator[Activity]:
    """Every handset of `inside`, by number.

    Args:
        connection: with the canonical views.
        handsets: imei14, handset.
        inside: handset, prison, from_us, to_us, millibits, probability, status.
    """
    connection.register("handsets", handsets)
    connection.register("inside", inside)
    sql = files("parloir.holders").joinpath("sql/activity.sql").read_text(encoding="utf-8")
    rows = connection.execute(sql).fetchnumpy()
    owner = np.asarray(rows["handset"], dtype=np.int64)
    for handset, segments in sorted(_segments(inside).items()):
        part = slice(*np.searchsorted(owner, [handset, handset + 1]))
        names = {segment.prison: number for number, segment in reversed(list(enumerate(segments)))}
        yield Activity(
            handset,
            segments,
            np.array([names[str(p)] for p in rows["prison"][part]], dtype=np.int64),
            np.asarray(rows["started_us"][part], dtype=np.int64),
            np.asarray(rows["ended_us"][part], dtype=np.int64),
            np.asarray(rows["voice"][part], dtype=np.bool_),
        )


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
