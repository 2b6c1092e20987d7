"""Was the inmate on the prison's own telephone in the very minutes in which the handset was in a call?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds.kind import Codes, Integers, Scale, View
from parloir.holders.world import Spans

_LEVELS = ("never", "less than chance", "as chance has it")
_SENTENCES = {
    "never": "The handset was never in a call during the inmate's lawful calls",
    "less than chance": "The handset was in a call during fewer of the inmate's lawful calls than by chance",
    "as chance has it": (
        "The handset was in a call while the inmate was on the prison's own telephone,"
        " which speaks against this inmate"
    ),
}


class LegalCalls:
    """Overlaps between the handset's calls and the inmate's lawful ones, against those chance gives."""

    scale = Scale(
        "legal_calls",
        (
            ("nothing to expect", ("never", "once or more")),
            ("under two overlaps expected", _LEVELS),
            ("two overlaps expected or more", _LEVELS),
        ),
    )

    wanted = "the prison's own telephone log while the handset is in use"

    def observe(self, view: View) -> Codes:
        """Stratum by the overlaps expected of any inmate with so many lawful calls, level by those seen."""
        size = view.candidates.size
        overlaps, lawful = np.zeros(size), np.zeros(size)
        talk_start, talk_end = _talk(view)
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is None or not talk_start.size:
                continue
            calls = prison.legal_calls
            begin = int(np.searchsorted(calls.start, view.activity.first))
            until = max(int(np.searchsorted(calls.start, view.activity.last, "right")), begin)
            whole = calls.end <= view.activity.last
            lawful += view.count(calls, begin + np.flatnonzero(whole[begin:until]))
            hit = _overlapping(calls, talk_start, talk_end)
            overlaps += view.count(calls, hit[(hit >= begin) & (hit < until) & whole[hit]])
        expected = lawful * (overlaps.sum() / max(lawful.sum(), 1))
        stratum = np.sum(expected[:, None] >= np.array([0.5, 2]), axis=1)
        ratio = overlaps / np.maximum(expected, 0.5)
        level = np.where(stratum > 0, np.sum(ratio[:, None] >= np.array([1e-9, 0.5]), axis=1), overlaps > 0)
        return self.scale.codes(stratum, level)

    def sentence(self, name: str) -> str:
        """By level alone."""
        level = name.split(": ")[1]
        return _SENTENCES["as chance has it" if level == "once or more" else level]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The inmate's lawful calls that overlap a call of the handset."""
        talk_start, talk_end = _talk(view)
        found: set[str] = set()
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is not None and talk_start.size:
                hit = _overlapping(prison.legal_calls, talk_start, talk_end)
                hit = hit[prison.legal_calls.inmate[hit] == inmate]
                found.update(prison.legal_calls.locators(hit))
        return sorted(found)


def _talk(view: View) -> tuple[Integers, Integers]:
    """Starts and ends of the handset's calls, by start."""
    voice = view.activity.voice
    return view.activity.start[voice], view.activity.end[voice]


def _overlapping(calls: Spans, talk_start: Integers, talk_end: Integers) -> npt.NDArray[np.intp]:
    """Lawful calls, in order, during which the handset was in a call for at least some seconds of both."""
    # None lasts longer than the longest, so a search by their starts finds all that may still go on.
    longest = int((calls.end - calls.start).max(initial=0))
    begin = np.searchsorted(calls.start, talk_start - longest)
    until = np.searchsorted(calls.start, talk_end)
    length = np.maximum(until - begin, 0)
    rows = np.repeat(begin - np.cumsum(length) + length, length) + np.arange(int(length.sum()))
    return np.unique(rows[calls.end[rows] > np.repeat(talk_start, length)])
