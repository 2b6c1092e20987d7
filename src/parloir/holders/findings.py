"""Findings `held_by`: one row a kind of evidence, with its rows in the sealed files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from parloir.holders.kinds import KINDS, Fellows, Kind, Known, View
from parloir.holders.sentences import SENTENCES, number_level, numbers_sentence
from parloir.holders.weighed import WeighedHandset
from parloir.weights.bits import to_millibits
from parloir.weights.fusion import ADJUSTMENT

LOCATORS = 40
"""Rows named by one finding at most; the sentence gives the count."""


def held_by(handset: WeighedHandset, known: Known, rows_of: dict[int, str]) -> Iterator[dict[str, Any]]:
    """Findings on the candidates that leads are written for.

    Args:
        rows_of: for each correspondent of this handset, one row of the records in which it occurs.
    """
    view, block = handset.block.view, handset.block
    every = _millibits(handset)
    for place, millibits, codes in zip(
        handset.top.tolist(),
        every.tolist(),
        block.patterns[:, block.pattern[handset.top]].T.tolist(),
        strict=True,
    ):
        fused, numbers, *kinds = millibits
        inmate = int(view.candidates[place])
        common = {
            "proposition": "held_by",
            "subject": f"handset:{view.activity.handset}",
            "object": f"inmate:{view.world.inmates[inmate]}",
            "from_us": view.activity.first,
            "to_us": view.activity.last,
        }
        yield {**common, "millibits": numbers, **_numbers(handset, place, known, rows_of)}
        for kind, code, says, weight in zip(KINDS, codes, SENTENCES, kinds, strict=True):
            if weight:
                yield {
                    **common,
                    "evidence_kind": kind.scale.name,
                    "level": kind.scale.names[code],
                    "millibits": weight,
                    "sentence": says[code],
                    "locators": _locators(view, inmate, kind, rows_of)[:LOCATORS],
                }
        yield from _adjustment(fused - numbers - sum(kinds), common)


def _millibits(handset: WeighedHandset) -> npt.NDArray[np.int64]:
    """Of the candidates that leads are written for: fused, correspondents, then kind by kind."""
    weighed, top = handset.weighed, handset.top
    return to_millibits(np.column_stack([weighed.fused[top], weighed.numbers[top], weighed.kinds[:, top].T]))


def _locators(view: View, inmate: int, kind: Kind, rows_of: dict[int, str]) -> list[str]:
    """Rows that a kind rests on; those of numbers shared with other handsets stand in this one's records."""
    if not isinstance(kind, Fellows):
        return kind.locators(view, inmate)
    return sorted(rows_of[number] for number in view.company.shared.get(inmate, ()) if number in rows_of)


def _numbers(handset: WeighedHandset, place: int, known: Known, rows_of: dict[int, str]) -> dict[str, Any]:
    inmate = int(handset.block.view.candidates[place])
    matches = handset.block.numbers.matches.get(place, ())
    rows = {rows_of[number] for number in matches if number in rows_of}
    rows |= {row for number in matches for owner, _, row in known.by_number[number] if owner == inmate}
    for mate, numbers in handset.block.numbers.of_mates.get(place, {}).items():
        rows |= {rows_of[number] for number in numbers if number in rows_of}
        mate_inmate = int(handset.block.view.candidates[mate])
        rows |= {row for n in numbers for owner, _, row in known.by_number[n] if owner == mate_inmate}
    return {
        "evidence_kind": "correspondents",
        "level": number_level(handset.block, place),
        "sentence": numbers_sentence(handset.block, place),
        "locators": sorted(rows)[:LOCATORS],
    }


def _adjustment(gap: int, common: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What fusing takes from, or gives to, the plain sum."""
    if abs(gap) > len(KINDS) + 1:  # more than rounding
        yield {
            **common,
            "evidence_kind": ADJUSTMENT,
            "level": "fused",
            "millibits": gap,
            "sentence": "Kinds of evidence that come from the same facts are not counted twice",
            "locators": [],
        }
