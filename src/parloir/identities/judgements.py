"""An analyst's word on a pair: same, different or unsure. It outlives every run and no weight overrides
it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

WORDS = ("same", "different", "unsure")
DECIDING = 100_000
"""Millibits of a word that decides: more than all fields together can hold against it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The last word on one pair."""

    word: str
    author: str
    at_us: int
    reason: str

    @property
    def sentence(self) -> str:
        """For a magistrate."""
        day = datetime.fromtimestamp(self.at_us / 1e6, UTC).date().isoformat()
        said = {"same": "one person", "different": "two people", "unsure": "not to be decided"}[self.word]
        return f"{self.author} judged them {said} on {day}: {self.reason}"


def pair_id(left: str, right: str) -> str:
    """The stable name of a pair, the same in every run and whichever end is named first."""
    return hashlib.sha256("\x1f".join(sorted((left, right))).encode()).hexdigest()[:16]


def latest(judgements: pa.Table | None) -> Mapping[tuple[str, str], Judgement]:
    """The last word on each pair of same_person, in whichever order its ends were named."""
    found: dict[tuple[str, str], Judgement] = {}
    for row in judgements.to_pylist() if judgements is not None else []:
        if row["proposition"] == "same_person" and row["word"] in WORDS:
            ends = row["subject"], row["object"]
            found.pop(ends[::-1], None)
            found[ends] = Judgement(row["word"], row["author"], row["at_us"], row["reason"])
    return found


def same_person(judgement: Judgement) -> int:
    """Millibits of a judgement."""
    return {"same": DECIDING, "different": -DECIDING, "unsure": 0}[judgement.word]
