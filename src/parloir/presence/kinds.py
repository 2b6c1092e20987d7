"""Kinds of evidence and their levels, as `data/kinds.toml` names them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from math import inf
from typing import Any

BOTH = "; "
"""Between the levels that a joint one combines."""


@dataclass(frozen=True)
class Kind:
    """One kind of evidence.

    Attributes:
        name: key.
        title: for people.
        levels: names of its levels.
        ends: lower ends of all levels but the first, where a finding says the figure.
        says: how it says it.
        favours: levels that never speak against being inside.
        joins: kinds of whose levels each of its own is a combination, the last of them counting fastest.
        least: bits below which it and the kinds that it joins never weigh together.
        freely: levels of which that is not so.
        counts: its coefficient is no less, whatever was fitted.
        carries: whether its levels weigh what they weighed elsewhere, besides their ratio in the case.
        against: no level of it speaks for being inside.
    """

    name: str
    title: str
    levels: tuple[str, ...]
    ends: tuple[float, ...]
    says: str
    favours: tuple[int, ...]
    joins: tuple[str, ...] = ()
    least: float = -inf
    freely: tuple[int, ...] = ()
    counts: float = 0.0
    carries: bool = True
    against: bool = False

    def told(self, value: float, records: int) -> str:
        """What a finding says of a handset with this figure and so many records."""
        return self.says.format(percent=f"{value:.0%}".replace("%", " %"), records=f"{records:,}")


@cache
def kinds() -> tuple[Kind, ...]:
    """All, in the order of the file."""
    text = (files("parloir.presence") / "data" / "kinds.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return tuple(
        Kind(
            name,
            one["title"],
            _levels(one, told),
            tuple(one.get("ends", ())),
            one.get("says", ""),
            tuple(one.get("favours", ())),
            tuple(one.get("joins", ())),
            float(one.get("least", -inf)),
            tuple(one.get("freely", ())),
            float(one.get("counts", 0.0)),
            bool(one.get("carries", True)),
            bool(one.get("against", False)),
        )
        for name, one in told.items()
    )


def _levels(one: dict[str, Any], told: dict[str, Any]) -> tuple[str, ...]:
    parts = one.get("parts") or [told[part]["levels"] for part in one.get("joins", ())]
    return tuple(BOTH.join(both) for both in product(*parts)) if parts else tuple(one["levels"])


def names() -> tuple[str, ...]:
    """Names of all kinds, in order."""
    return tuple(kind.name for kind in kinds())
