"""The waterfall of one pair in words, from what was stored with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.errors import InputError
from parloir.identities.judgements import pair_id
from parloir.identities.levels import Comparison
from parloir.identities.linking import Links
from parloir.identities.model import Model, level_bits
from parloir.identities.scoring import BARS
from parloir.identities.words import bar_sentence, field_sentence, in_one_sentence, order

pc: Any = pyarrow.compute


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a waterfall.

    Attributes:
        name: comparison, or `alternative` or `pseudonym`.
        level: as stored.
        bits: its part of the weight.
        sentence: what it says.
    """

    name: str
    level: str
    bits: float
    sentence: str


@dataclass(frozen=True)
class Explanation:
    """A pair's weight, taken apart. The bars sum to it.

    Attributes:
        left_id, right_id: the pair.
        weight_bits: for one person against two.
        probability: with the prior learnt and, where both files are registers, the rivals.
        bars: the strongest field first, then what belongs to no field.
        text: all of it in one sentence.
    """

    left_id: str
    right_id: str
    weight_bits: float
    probability: float
    bars: tuple[Bar, ...]

    @property
    def text(self) -> str:
        """`same rare family name: +9.1 bits; born the same day: +8.4 bits; another postcode: −1.2 bits`."""
        return in_one_sentence((bar.sentence, bar.bits) for bar in self.bars)


def explain_pair(links: Links, left_id: str, right_id: str) -> Explanation:
    """Why two records are, or are not, one person.

    Raises:
        InputError: the pair was not compared, or fell below the run's threshold.
    """
    place = pc.index(links.pairs["pair"], pa.scalar(pair_id(left_id, right_id))).as_py()
    if place < 0:
        raise InputError(
            f"“{left_id[:60]}” and “{right_id[:60]}” were not compared or are too unlike to be kept",
            do="check the identifiers, or run again with a lower threshold",
        )
    row: Mapping[str, Any] = links.pairs.slice(place, 1).to_pylist()[0]
    bars = [_field(row, c, links.model) for c in links.comparisons if row[f"level_{c.name}"]]
    bars += [Bar(bar, bar, row[bar], bar_sentence(bar)) for bar in BARS if row[bar]]
    bars.sort(key=lambda bar: order(bar.name, bar.bits))
    return Explanation(row["left_id"], row["right_id"], row["weight_bits"], row["probability"], tuple(bars))


def _field(row: Mapping[str, Any], comparison: Comparison, model: Model) -> Bar:
    level, bits = row[f"level_{comparison.name}"], row[comparison.name]
    sentence = field_sentence(comparison, level, bits - level_bits(model, comparison)[level])
    return Bar(comparison.name, level, bits, sentence)
