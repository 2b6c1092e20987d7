"""Was the inmate there on the days on which the handset was used, and when it was last used?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US
from parloir.holders.kinds.kind import Codes, Integers, Scale, View
from parloir.holders.world import Spans

_LEVELS = ("every day", "nearly every day", "most days", "some days", "hardly a day", "gone before the end")
_GONE = 5
_FLOORS = np.array([0.99, 0.9, 0.6, 0.2])
_SENTENCES = dict(
    zip(
        _LEVELS,
        (
            "The inmate was in the prison on every day on which the handset was used there",
            "The inmate was in the prison on nearly every day on which the handset was used there",
            "The inmate was absent from the prison on a good part of the days on which the handset was used",
            "The inmate was in the prison on a minority of the days on which the handset was used there",
            "The inmate was hardly ever in the prison on the days on which the handset was used there",
            "The inmate had left that prison over a day before the handset was last used there",
        ),
        strict=True,
    )
)


class Stays:
    """Share of the handset's active days, in whichever prison, that the inmate's stays in that prison cover.

    A transfer of both on the same day is covered. Asked is who uses it now: who had left over a day before
    its last use does not, be the days covered many or few. Days of which no register says where the inmate
    was are left out: rows are missing.
    """

    scale = Scale(
        "stays",
        (("under a week", _LEVELS), ("under a month", _LEVELS), ("a month or more", _LEVELS)),
    )

    wanted = ""

    def observe(self, view: View) -> Codes:
        """Stratum by the span of activity, level by the share covered."""
        covered, away = np.zeros(view.candidates.size), np.zeros(view.candidates.size)
        for segment in range(len(view.activity.segments)):
            days, prison = _days(view, segment), view.prison(segment)
            if prison is None:
                away += days.size
            elif days.size:
                covered += _covered(view, prison.stays, days)
                away += np.minimum(_covered(view, prison.elsewhere, days), days.size)
        share = np.where(away > 0, covered / np.maximum(covered + away, 1), 1.0)
        level = np.where(_gone(view), _GONE, np.sum(share[:, None] < _FLOORS, axis=1))
        span = (view.activity.last - view.activity.first) / DAY_US
        return self.scale.codes(int(span >= 7) + int(span >= 30), level)

    def sentence(self, name: str) -> str:
        """By level alone."""
        return _SENTENCES[name.split(": ")[1]]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The inmate's stays in the prisons of the handset."""
        found: list[str] = []
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is not None:
                rows = prison.stays.of(inmate)
                touching = (prison.stays.start[rows] <= view.activity.last) & (
                    prison.stays.end[rows] >= view.activity.first
                )
                found += prison.stays.locators(rows[touching])
        return sorted(set(found))


def _covered(view: View, spans: Spans, days: Integers) -> npt.NDArray[np.float64]:
    """How many of some days the rows about each candidate cover."""
    rows, place = view.rows(spans, (spans.start <= days[-1]) & (spans.end >= days[0]))
    inside = np.searchsorted(days, spans.end[rows], "right") - np.searchsorted(days, spans.start[rows])
    return np.bincount(place, inside, minlength=view.candidates.size).astype(np.float64)


def _gone(view: View) -> npt.NDArray[np.bool_]:
    """Who was known to be elsewhere when it was last used, and not in its prison within the day before."""
    prison, last = view.last_prison(), view.activity.last
    if prison is None:
        return np.zeros(view.candidates.size, dtype=bool)
    stays, others = prison.stays, prison.elsewhere
    gone = np.zeros(view.candidates.size, dtype=bool)
    gone[view.rows(others, (others.start <= last) & (others.end >= last))[1]] = True
    gone[view.rows(stays, (stays.start <= last) & (stays.end >= last - DAY_US))[1]] = False
    return gone


def _days(view: View, segment: int) -> Integers:
    """One moment of each active day of a segment; its ends where there are no records."""
    moments = view.activity.start[view.activity.prison == segment]
    if not moments.size:
        part = view.activity.segments[segment]
        moments = np.array([part.start, part.end], dtype=np.int64)
    _, first = np.unique(moments // DAY_US, return_index=True)
    return np.asarray(moments[first], dtype=np.int64)
