"""How the handset may have come in: an order by somebody linked to the inmate's visitors, and a visit.

The order and the first activity after a visit depend on each other, so they share one joint table.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US
from parloir.holders.kinds.kind import Codes, Scale, View
from parloir.holders.purchases import Purchase

_VISITS = ("visit within two days", "visit within a week", "visit within two weeks", "no recent visit")
_ORDERS = ("no order", "order before", "order of this model before", "order of this very handset")
_LEVELS = tuple(f"{order}, {visit}" for order in _ORDERS for visit in _VISITS)
_NO_RECORD = 4
"""Stratum of handsets that an order alone tells of."""
_RECENT_DAYS = 14
_WINDOW_DAYS = 120
"""A parcel that arrived longer before the first activity is taken for another handset's."""
_ORDER_WORDS = {
    "no order": "No order of a linked customer precedes the handset",
    "order before": "Somebody linked to a visitor of the inmate ordered handsets before",
    "order of this model before": ("Somebody linked to a visitor of the inmate ordered this model before"),
    "order of this very handset": "Somebody linked to a visitor of the inmate ordered this very handset",
}
_VISIT_WORDS = {
    "visit within two days": "and the inmate was visited in the two days before its first use",
    "visit within a week": "and the inmate was visited in the week before its first use",
    "visit within two weeks": "and the inmate was visited in the two weeks before its first use",
    "no recent visit": "and the inmate had no visit in the two weeks before its first use",
}


class Acquisition:
    """Joint levels of the best matching order and the time from the last visit to the first activity."""

    scale = Scale(
        "acquisition",
        (
            ("first use not seen", _LEVELS),
            ("a handset of unknown model", _LEVELS),
            ("a mini", _LEVELS),
            ("another model", _LEVELS),
            ("no record of it", _LEVELS),
        ),
    )

    wanted = ""

    def observe(self, view: View) -> Codes:
        """Stratum by what is known of the handset; orders count as if the link were certain."""
        visit = self._visit_levels(view)
        order = np.zeros(view.candidates.size, dtype=np.int64)
        for place, (level, _) in _orders(view).items():
            order[place] = level
        if not view.activity.shown:
            return self.scale.codes(_NO_RECORD, order * len(_VISITS) + len(_VISITS) - 1)
        seen = view.activity.begun and view.activity.first > view.observed[0] + 7 * DAY_US
        stratum = 0 if not seen else {None: 1, True: 2, False: 3}[view.mini]
        return self.scale.codes(stratum, order * len(_VISITS) + visit)

    def without_order(self, codes: Codes) -> Codes:
        """The codes that would hold if no order were linked."""
        stratum = self.scale.stratum_of[codes]
        level = codes - self.scale.first_of[stratum]
        return self.scale.codes(stratum, level % len(_VISITS))

    def link(self, view: View) -> npt.NDArray[np.float64]:
        """Probability of the link that each candidate's order rests on; 1 where there is no order."""
        certain = np.ones(view.candidates.size)
        for place, (_, purchase) in _orders(view).items():
            certain[place] = purchase.probability
        return certain

    def month_without_visits(self, view: View) -> str:
        """The month of the first use when the register has no visit of anybody in the two weeks before it."""
        prison = view.prison(0)
        visits = prison.visits.start if prison else np.zeros(0, dtype=np.int64)
        age = (view.activity.first - visits) / DAY_US
        if np.any((age >= 0) & (age <= _RECENT_DAYS)):
            return ""
        return datetime.fromtimestamp(view.activity.first / 1e6, UTC).strftime("%B %Y")

    def most_of_a_visit(self, code: int, ratios: npt.NDArray[np.float64]) -> float:
        """Bits by which the most telling visit would move a code, its order left as it is."""
        stratum = int(self.scale.stratum_of[code])
        start = int(self.scale.first_of[stratum])
        order = start + (code - start) // len(_VISITS) * len(_VISITS)
        return float(np.log2(ratios[order : order + len(_VISITS)].max() / ratios[code]))

    def _visit_levels(self, view: View) -> npt.NDArray[np.int64]:
        level = np.full(view.candidates.size, len(_VISITS) - 1, dtype=np.int64)
        prison = view.prison(0)
        if prison is None:
            return level
        age = (view.activity.first - prison.visits.start) / DAY_US
        rows, place = view.rows(prison.visits, (age >= 0) & (age <= _RECENT_DAYS))
        gap = np.digitize(age[rows], [2, 7])
        np.minimum.at(level, place, gap)
        return level

    def sentence(self, name: str) -> str:
        """Both parts of the level."""
        stratum, level = name.split(": ")
        order, visit = level.split(", ", 1)
        if stratum == "no record of it":
            return f"{_ORDER_WORDS[order]}, of which there is no record"
        return f"{_ORDER_WORDS[order]}, {_VISIT_WORDS[visit]}"

    def locators(self, view: View, inmate: int) -> list[str]:
        """The order, and the visits of the two weeks before the first activity."""
        found = _best(view, inmate)
        rows = {found[1].locator} if found else set()
        prison = view.prison(0)
        if prison is not None:
            visits = prison.visits.of(inmate)
            age = (view.activity.first - prison.visits.start[visits]) / DAY_US
            rows.update(prison.visits.locators(visits[(age >= 0) & (age <= _RECENT_DAYS)]))
        return sorted(rows)


def _orders(view: View) -> dict[int, tuple[int, Purchase]]:
    """The most telling order by position of the candidate, of those who have any."""
    _, places, _ = np.intersect1d(
        view.candidates, view.purchases.inmates, assume_unique=True, return_indices=True
    )
    found = {int(place): _best(view, int(view.candidates[place])) for place in places}
    return {place: best for place, best in found.items() if best is not None}


def _best(view: View, inmate: int) -> tuple[int, Purchase] | None:
    """The most telling order for one candidate, with its level; None when there is none."""
    graded = [
        (level, purchase.probability, purchase.order, purchase)
        for purchase in view.purchases.by_inmate.get(inmate, ())
        if (level := _grade(view, purchase))
    ]
    if not graded:
        return None
    level, _, _, purchase = max(graded, key=lambda entry: entry[:3])
    return level, purchase


def _grade(view: View, purchase: Purchase) -> int:
    """0 when the order cannot have brought this handset to the inmate, else its level.

    Who has it from another inmate did not order it: an order of this very handset was the first user's, or it
    did not change hands after all.
    """
    if purchase.imeis & set(view.imeis):
        return 1 if view.activity.inherited else 3
    if view.activity.inherited:
        return 0
    first = view.activity.first
    late = not first - _WINDOW_DAYS * DAY_US <= purchase.arrived <= first
    if purchase.imeis or late or not purchase.handed_over(first, _WINDOW_DAYS):
        return 0
    if view.model is not None and purchase.models:
        return 2 if view.model in purchase.models else 0
    return 1
