"""The weight against "another occupant of the prison cell", from the same weights as the lead's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parloir.errors import InputError
from parloir.statements.context import ReportContext
from parloir.statements.wording import ratio_in_words, signed_bits, support

_LEAST = 1000
"""Thousandths of a bit where the verbal scale begins."""


@dataclass(frozen=True, slots=True)
class Occupant:
    """Another person in the prison cell, with the share of the alternative that is theirs (0 to 1).

    `at_most` says that the weight given for them is a ceiling: their own is lower.
    """

    inmate: str
    share: float
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lead's candidate against the other occupants together.

    Attributes:
        mixture: each occupant's name, share and own weight in bits, as printed.
        bits: the weight, within the lead's upper bound.
        support: in the words of the scale.
        ratio: in words.
        turns: whether these findings do not single the candidate out among the occupants: their weight is
            under 1 bit, while that against an unknown user is not.
    """

    mixture: tuple[tuple[str, str, str], ...]
    bits: str
    support: str
    ratio: str
    turns: bool


def compare(
    lead: Mapping[str, Any], weights: Mapping[str, int], occupants: Sequence[Occupant], context: ReportContext
) -> Comparison:
    """W_I − log2 Σ_J share_J 2^W_J, with every W against the same unknown user.

    Args:
        lead: the candidate's row of the leads.
        weights: unbounded millibits of that handset's candidates; an occupant whom no row names has
            weight 0, that of an unknown user.
        occupants: shares that add up to 1.
        context: names.

    Raises:
        InputError: the shares are not positive or do not add up to 1.
    """
    if any(o.share <= 0 for o in occupants) or not math.isclose(
        sum(o.share for o in occupants), 1, abs_tol=1e-6
    ):
        raise InputError(
            "the shares of the other occupants must be positive and add up to 1",
            do="give each the share that it had before the evidence, equal where nothing is known",
        )
    mixed = math.log2(sum(o.share * 2 ** (weights.get(o.inmate, 0) / 1000) for o in occupants))
    weight = lead["millibits"] - round(mixed * 1000)
    stated = (
        min(weight, lead["bounded_millibits"]) if lead["bounded_millibits"] < lead["millibits"] else weight
    )
    mixture = tuple(
        (context.name_of(f"inmate:{o.inmate}"), f"{o.share:.0%}", _own(o, weights.get(o.inmate, 0)))
        for o in occupants
    )
    turns = stated < _LEAST <= lead["bounded_millibits"]
    return Comparison(mixture, signed_bits(stated), support(stated), ratio_in_words(stated), turns)


def _own(occupant: Occupant, millibits: int) -> str:
    return f"{'at most ' if occupant.at_most else ''}{signed_bits(millibits)}"
