"""Was the inmate there on the days on which the handset was used?"""

from __future__ import annotations

import numpy as np

from parloir.holders.activity import DAY_US
from parloir.holders.kinds.kind import Codes, Integers, Scale, View

_LEVELS = ("every day", "nearly every day", "most days", "some days", "hardly a day")
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
        ),
        strict=True,
    )
)


class Stays:
    """Share of the handset's active days, in whichever prison, that the inmate's stays in that prison cover.

    A transfer of both on the same day is covered; a handset that goes on after the inmate has left is not.
    """

    scale = Scale(
        "stays",
        (("under a week", _LEVELS), ("under a month", _LEVELS), ("a month or more", _LEVELS)),
    )

    wanted = ""

    def observe(self, view: View) -> Codes:
        """Stratum by the span of activity, level by the share covered."""
        covered = np.zeros(view.candidates.size)
        total = 0
        for segment in range(len(view.activity.segments)):
            days = _days(view, segment)
            total += days.size
            prison = view.prison(segment)
            if prison is None or not days.size:
                continue
            stays = prison.stays
            rows, place = view.rows(stays, (stays.start <= days[-1]) & (stays.end >= days[0]))
            inside = np.searchsorted(days, stays.end[rows], "right") - np.searchsorted(
                days, stays.start[rows]
            )
            np.add.at(covered, place, inside)
        share = np.minimum(covered / max(total, 1), 1)
        level = np.sum(share[:, None] < _FLOORS, axis=1)
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


def _days(view: View, segment: int) -> Integers:
    """One moment of each active day of a segment; its ends where there are no records."""
    moments = view.activity.start[view.activity.prison == segment]
    if not moments.size:
        part = view.activity.segments[segment]
        moments = np.array([part.start, part.end], dtype=np.int64)
    _, first = np.unique(moments // DAY_US, return_index=True)
    return np.asarray(moments[first], dtype=np.int64)
