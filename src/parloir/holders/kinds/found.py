"""Where was the handset seized, and whom does the report name?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds.kind import Codes, Scale, View

_SENTENCES = {
    "own": "The handset was seized in the prison cell that the inmate occupied",
    "elsewhere": "The handset was seized in a prison cell that the inmate did not occupy",
    "named": "The seizure report names the inmate as the holder",
    "not named": "The seizure report names somebody else as the holder",
    "not seized": "The handset has not been seized",
    "nobody named": "The seizure report names nobody",
}


def occupants(view: View) -> npt.NDArray[np.bool_]:
    """Which candidates occupied the prison cell of the seizure when it took place."""
    here = np.zeros(view.candidates.size, dtype=bool)
    seizure = view.seizure
    prison = view.world.prisons.get(seizure.prison) if seizure else None
    if seizure is None or prison is None:
        return here
    stays = prison.stays
    then = (stays.start <= seizure.found) & (stays.end >= seizure.found) & (stays.what == seizure.prison_cell)
    _, place = view.rows(stays, then)
    here[place] = True
    return here


class Found:
    """The prison cell of the seizure."""

    scale = Scale(
        "found", (("not seized", ("not seized",)), ("seized in a prison cell", ("own", "elsewhere")))
    )

    wanted = "the handset itself, seized in the inmate's prison cell,"

    def observe(self, view: View) -> Codes:
        """Own prison cell or another one; a find outside prison cells tells nothing about a holder."""
        placed = view.seizure is not None and view.seizure.prison_cell is not None
        level = np.where(occupants(view), 0, 1) if placed else np.zeros(view.candidates.size, dtype=np.int64)
        return self.scale.codes(int(placed), level)

    def sentence(self, name: str) -> str:
        """By level alone."""
        return _SENTENCES[name.split(": ")[1]]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The row of the report, and the inmate's stay at that time."""
        seizure = view.seizure
        if seizure is None:
            return []
        prison = view.world.prisons.get(seizure.prison)
        rows = prison.stays.of(inmate) if prison else np.zeros(0, dtype=np.intp)
        if prison:
            rows = rows[
                (prison.stays.start[rows] <= seizure.found) & (prison.stays.end[rows] >= seizure.found)
            ]
        return sorted([seizure.locator, *(prison.stays.locators(rows) if prison else [])])


class Named:
    """The holder named by the seizure report."""

    scale = Scale("named", (("nobody named", ("nobody named",)), ("somebody named", ("named", "not named"))))

    wanted = "a seizure report that names the inmate as its holder"

    def observe(self, view: View) -> Codes:
        """Named or not."""
        name = view.seizure.inmate if view.seizure else None
        index = view.world.index.get(name, -1) if name else -1
        level = (
            np.where(view.candidates == index, 0, 1) if name else np.zeros(view.candidates.size, dtype=int)
        )
        return self.scale.codes(int(bool(name)), level)

    def sentence(self, name: str) -> str:
        """By level alone."""
        return _SENTENCES[name.split(": ")[1]]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The row of the report."""
        del inmate
        return [view.seizure.locator] if view.seizure else []
