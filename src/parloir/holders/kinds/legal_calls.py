"""Was the inmate on the prison's own telephone in the very minutes in which the handset was in a call?"""

from __future__ import annotations

from dataclasses import dataclass

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
        talk = _Talk.of(view)
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is None or not talk.start.size:
                continue
            calls = prison.legal_calls
            begin = int(np.searchsorted(calls.start, view.activity.first))
            until = max(int(np.searchsorted(calls.start, view.activity.last, "right")), begin)
            whole = begin + np.flatnonzero(calls.end[begin:until] <= view.activity.last)
            lawful += view.count(calls, whole)
            overlaps += view.count(calls, talk.during(calls, whole))
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
        talk = _Talk.of(view)
        found: set[str] = set()
        for segment in range(len(view.activity.segments)):
            prison = view.prison(segment)
            if prison is not None and talk.start.size:
                calls = prison.legal_calls
                found.update(calls.locators(talk.during(calls, calls.of(inmate))))
        return sorted(found)


@dataclass(frozen=True)
class _Talk:
    """The handset's calls, at least one, by their start.

    Attributes:
        start: microseconds UTC.
        until: when the last of those begun so far ends.
    """

    start: Integers
    until: Integers

    @classmethod
    def of(cls, view: View) -> _Talk:
        voice = view.activity.voice
        return cls(view.activity.start[voice], np.maximum.accumulate(view.activity.end[voice]))

    def during(self, calls: Spans, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Those of some lawful calls during which the handset was in a call."""
        begun = np.searchsorted(self.start, calls.end[rows])
        hit = (begun > 0) & (self.until[np.maximum(begun, 1) - 1] > calls.start[rows])
        return np.asarray(rows[hit])
