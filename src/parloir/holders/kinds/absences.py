"""Was the handset silent while the inmate was away: at court, in hospital, in the disciplinary block?"""

from __future__ import annotations

import numpy as np

from parloir.holders.activity import HOUR_US
from parloir.holders.kinds.kind import Codes, Scale, View

_LEVELS = ("silent", "much less than usual", "less than usual", "as usual")
_SENTENCES = {
    "silent": "The handset was silent while the inmate was away from the prison cell",
    "much less than usual": "The handset was used much less than usual while the inmate was away",
    "less than usual": "The handset was used somewhat less than usual while the inmate was away",
    "as usual": "The handset was used as usual while the inmate was away, which speaks against this inmate",
}
_FLOORS = np.array([1e-9, 0.35, 0.75])


class Absences:
    """Active hours during absences against those expected from the handset's own hours of the day."""

    scale = Scale(
        "absences",
        (
            ("nothing to expect", ("nothing",)),
            ("under two active hours expected", _LEVELS),
            ("under six active hours expected", _LEVELS),
            ("under twenty active hours expected", _LEVELS),
            ("twenty active hours expected or more", _LEVELS),
        ),
    )

    wanted = "the register of absences (court, hospital, disciplinary block) while the handset is in use"

    def observe(self, view: View) -> Codes:
        """Stratum by the hours expected under a user who stayed, level by the share that was seen."""
        seen = np.zeros(view.candidates.size)
        expected = np.zeros(view.candidates.size)
        hours = np.unique(view.activity.start // HOUR_US)
        if not hours.size:
            return self.scale.codes(np.zeros(view.candidates.size, dtype=np.int64), 0)
        first, last = int(hours[0]), int(hours[-1]) + 1
        usual = np.bincount(hours % 24, minlength=24) / max((last - first) / 24, 1)
        running = np.concatenate([[0.0], np.cumsum(np.minimum(usual, 1)[np.arange(first, last) % 24])])
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is None:
                continue
            away = prison.absences
            rows, place = view.rows(away, (away.start <= last * HOUR_US) & (away.end >= first * HOUR_US))
            begin = np.clip(-(-away.start[rows] // HOUR_US), first, last)
            end = np.maximum(np.clip(away.end[rows] // HOUR_US, first, last), begin)
            np.add.at(seen, place, np.searchsorted(hours, end) - np.searchsorted(hours, begin))
            np.add.at(expected, place, running[end - first] - running[begin - first])
        stratum = np.sum(expected[:, None] >= np.array([0.5, 2, 6, 20]), axis=1)
        ratio = seen / np.maximum(expected, 0.5)
        level = np.where(stratum > 0, np.sum(ratio[:, None] >= _FLOORS, axis=1), 0)
        return self.scale.codes(stratum, level)

    def sentence(self, name: str) -> str:
        """By level and stratum: how much use the absences would have shown of a user who stayed."""
        stratum, level = name.split(": ")
        if level not in _SENTENCES:
            return "The inmate was not away long enough to tell anything"
        return f"{_SENTENCES[level]} ({stratum})"

    def locators(self, view: View, inmate: int) -> list[str]:
        """The inmate's absences during the handset's activity."""
        found: set[str] = set()
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is not None:
                rows = prison.absences.of(inmate)
                touching = (prison.absences.start[rows] <= view.activity.last) & (
                    prison.absences.end[rows] >= view.activity.first
                )
                found.update(prison.absences.locators(rows[touching]))
        return sorted(found)
