"""Where did a radio sensor inside the prison locate the handset?

Declared so that its place among the kinds is fixed. No format of such sensors has a reader yet, so there is
no stratum but "no sensor", which weighs nothing. With a reader come strata (how often the handset was
located) and levels (own prison cell, next to it, elsewhere), with ratios measured on finds.
"""

from __future__ import annotations

import numpy as np

from parloir.holders.kinds.kind import Codes, Scale, View


class Sensors:
    """Localisation by sensors that the prison runs itself."""

    scale = Scale("sensors", (("no sensor", ("no sensor",)),))
    wanted = ""

    def observe(self, view: View) -> Codes:
        """No sensor."""
        return np.zeros(view.candidates.size, dtype=np.int64)

    def sentence(self, name: str) -> str:
        """Its only level."""
        del name
        return "No radio sensor located the handset"

    def locators(self, view: View, inmate: int) -> list[str]:
        """None: no row of any evidence tells of a sensor."""
        del view, inmate
        return []
