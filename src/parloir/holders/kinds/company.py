"""What other handsets tell: whose were found before, whose talk to the same people, and which radio cells
serve those of the same section.

All three rest on a first weighing of the others without these kinds, the handset itself left out.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds.kind import Codes, Scale, View

Floats = npt.NDArray[np.float64]


class Before:
    """Earlier finds of other handsets: where the inmate lived, or with the inmate named."""

    scale = Scale(
        "before",
        (("any inmate", ("no other find", "a find where the inmate lived", "named as holder")),),
    )
    wanted = ""
    _SENTENCES: ClassVar = {
        "no other find": "No other handset is tied to the inmate",
        "a find where the inmate lived": "Another handset was found in the inmate's prison cell before",
        "named as holder": "A report of another find names the inmate as holder",
    }

    def observe(self, view: View) -> Codes:
        """The more telling of the two."""
        return self.scale.codes(0, np.where(view.company.named > 0, 2, view.company.finds > 0))

    def sentence(self, name: str) -> str:
        """By level alone."""
        return self._SENTENCES[name.split(": ")[1]]

    def locators(self, view: View, inmate: int) -> list[str]:
        """The reports of those finds."""
        return view.company.reports(inmate)


class Fellows:
    """Correspondents that nobody is known by, shared with other handsets of the inmate."""

    scale = Scale(
        "fellows",
        (
            ("no other handset shares a rare number", ("nothing",)),
            ("other handsets share rare numbers", ("none of this inmate", "a few", "several", "most")),
        ),
    )
    wanted = ""
    _SENTENCES: ClassVar = {
        "none of this inmate": "No likely handset of the inmate shares the rare numbers that others share",
        "a few": "A likely handset of the inmate shares a few rare numbers that no register knows",
        "several": "A likely handset of the inmate shares several rare numbers that no register knows",
        "most": "A likely handset of the inmate talks to the same rare numbers that no register knows",
    }

    def observe(self, view: View) -> Codes:
        """Level by the bits that the shared numbers would carry."""
        bits = view.company.fellows
        return self.scale.codes(
            int(np.any(bits > 0.5)), np.digitize(bits, [0.5, 3, 6]) * bool(np.any(bits > 0.5))
        )

    def sentence(self, name: str) -> str:
        """By level alone."""
        return self._SENTENCES.get(name.split(": ")[1], "No other handset shares its rare numbers")

    def locators(self, view: View, inmate: int) -> list[str]:
        """None of its own: the rows are those of the numbers, in the handset's own records."""
        del view, inmate
        return []


class Sections:
    """Radio cells that served the handset against those that serve others of the inmate's section."""

    _LEVELS = ("quite other", "other", "somewhat other", "as anywhere there", "somewhat alike", "alike")
    scale = Scale(
        "sections",
        (("under fifty records", _LEVELS), ("fifty records or more", _LEVELS)),
    )
    wanted = ""

    def observe(self, view: View) -> Codes:
        """Level by the bits of the mixture of radio cells."""
        many = int(view.activity.start.size >= 50)
        return self.scale.codes(many, np.digitize(view.company.sections, [-8, -3, -1, 1, 3]))

    def sentence(self, name: str) -> str:
        """By level alone."""
        level = name.split(": ")[1]
        if level == "as anywhere there":
            return "Its radio cells do not tell the inmate's section from others"
        return (
            f"Its radio cells are {level} to those that serve handsets of the inmate's section"
            if level.endswith("alike")
            else f"Its radio cells are {level} than those that serve handsets of the inmate's section"
        )

    def locators(self, view: View, inmate: int) -> list[str]:
        """The stay that places the inmate in that section; the rest are all records of the handset."""
        prison, moment = view.last_prison(), view.activity.last
        if prison is None:
            return []
        rows = prison.stays.of(inmate)
        then = (prison.stays.start[rows] <= moment) & (prison.stays.end[rows] >= moment)
        return sorted(prison.stays.locators(rows[then]))
