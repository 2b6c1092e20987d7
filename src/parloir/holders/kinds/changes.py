"""Did the handset change hands? The people it talks to change when its user does.

Under one user a number met on d days lies wholly before a moment with chance F^d, F being the share of the
active days before it; under two users it is one of the first user's numbers or of the second's, and one that
is met both before and after has to be drawn again, from what the first leaves to the second or as from
anybody's handset.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import DAY_US, Activity
from parloir.holders.kinds.talked import Talked

Floats = npt.NDArray[np.float64]

CHANGED = 0.1
"""Assumed: a handset changes hands within the records."""
_LEFT = 0.2
"""Assumed: share of the second user's numbers that are the first one's, too."""
_MOST_DAYS = 6.0
"""Days with one number beyond these tell no more: calls come in bursts."""
_HOPELESS = -4.0
"""Bits under which a change is not reckoned with."""


@dataclass(frozen=True)
class Change:
    """The likeliest moment of a change of hands.

    Attributes:
        moment: microseconds UTC.
        bits: log2 of P(change there | times) / P(no change | times), the numbers' owners left out.
        before, after: which numbers were met before, and since.
    """

    moment: int
    bits: float
    before: npt.NDArray[np.bool_]
    after: npt.NDArray[np.bool_]

    @property
    def likely(self) -> bool:
        """Whether a change is likelier than none."""
        return self.bits > 0


def likeliest_change(activity: Activity, talked: Talked, unknown_user: Floats) -> Change | None:
    """None where nothing speaks for a change of hands.

    Args:
        activity: the handset.
        talked: its correspondents that tell something.
        unknown_user: rarity of each of them.
    """
    days = np.unique(activity.start // DAY_US)
    if days.size < 4 or talked.numbers.size < 4:
        return None
    cuts = days[1:] * DAY_US
    before, after = talked.first < cuts[:, None], talked.last >= cuts[:, None]
    share = (np.arange(1, days.size) / days.size)[:, None]
    met = np.minimum(talked.days, _MOST_DAYS)
    both = np.log2(np.maximum(1 - share**met - (1 - share) ** met, 1e-9))
    again = np.log2(_LEFT / np.maximum(before.sum(axis=1), 1)[:, None] + (1 - _LEFT) * unknown_user)
    bits = np.where(before & after, again - both, 0.0)
    bits -= np.where(~after, (met - 1) * np.log2(share), 0.0)
    bits -= np.where(~before, (met - 1) * np.log2(1 - share), 0.0)
    scores = bits.sum(axis=1)
    scores[(before.sum(axis=1) < 2) | (after.sum(axis=1) < 2)] = -np.inf
    best = int(scores.argmax())
    found = float(scores[best]) + float(np.log2(CHANGED / (1 - CHANGED) / cuts.size))
    return Change(int(cuts[best]), found, before[best], after[best]) if found > _HOPELESS else None
