"""Did the handset begin with the inmate's arrival, and fall silent with the inmate's departure?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US
from parloir.holders.kinds.kind import Codes, Scale, View
from parloir.holders.world import Prison

_MARGIN = 7 * DAY_US
"""A handset first or last seen so close to the edge of the records may have begun earlier or go on."""
_SENTENCES = {
    "neither": "Neither beginning nor end of the handset's use coincides with an arrival or departure",
    "begins": "The handset was first used within a week of the inmate's arrival in that prison",
    "ends": "The handset fell silent within three days of the inmate's departure from that prison",
    "both": "The handset's use begins with the inmate's arrival in that prison and ends with the departure",
}


class Ends:
    """Coincidence of first and last activity with arrivals and departures."""

    scale = Scale(
        "ends",
        (
            ("neither end seen", ("neither",)),
            ("beginning seen", ("neither", "begins")),
            ("end seen", ("neither", "ends")),
            ("both ends seen", ("neither", "begins", "ends", "both")),
        ),
    )

    wanted = "records of the time before and after the handset's use"

    def observe(self, view: View) -> Codes:
        """Stratum by which ends the records can show."""
        begins, ends = view.prison(0), view.last_prison()
        begun = view.activity.begun
        saw_start = begins is not None and begun and view.activity.first > view.observed[0] + _MARGIN
        saw_end = ends is not None and view.activity.last < view.observed[1] - _MARGIN
        level = np.zeros(view.candidates.size, dtype=np.int64)
        if saw_start and begins is not None:
            level += self._coincide(view, begins, begins.arrivals, view.activity.first, (-1, 7))
        if saw_end and ends is not None:
            hits = self._coincide(view, ends, ends.departures, view.activity.last, (-3, 3))
            level += hits * (2 if saw_start else 1)
        return self.scale.codes(int(saw_start) + 2 * int(saw_end), level)

    def _coincide(
        self, view: View, prison: Prison, edges: npt.NDArray[np.int64], moment: int, days: tuple[int, int]
    ) -> npt.NDArray[np.int64]:
        """1 for candidates with such an edge so many days before the moment (negative: after it)."""
        age = (moment - edges) / DAY_US
        _, place = view.rows(prison.stays, (edges != 0) & (age >= days[0]) & (age <= days[1]))
        hit = np.zeros(view.candidates.size, dtype=np.int64)
        hit[place] = 1
        return hit

    def sentence(self, name: str) -> str:
        """By level alone."""
        return _SENTENCES[name.split(": ")[1]]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The stays that begin or end near the ends of the handset's use."""
        found: set[str] = set()
        for prison in (view.prison(0), view.last_prison()):
            if prison is not None:
                rows = prison.stays.of(inmate)
                near = (np.abs(prison.stays.start[rows] - view.activity.first) < _MARGIN + DAY_US) | (
                    np.abs(prison.stays.end[rows] - view.activity.last) < _MARGIN
                )
                found.update(prison.stays.locators(rows[near]))
        return sorted(found)
