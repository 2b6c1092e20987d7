"""Findings `held_by`: one row a kind of evidence, with its rows in the sealed files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parloir.holders.kinds import KINDS, Fellows, Kind, Known, View
from parloir.holders.sentences import number_level, numbers_sentence
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
    view, weighed = handset.block.view, handset.weighed
    for place in handset.top():
        inmate = int(view.candidates[place])
        common = {
            "proposition": "held_by",
            "subject": f"handset:{view.activity.handset}",
            "object": f"inmate:{view.world.inmates[inmate]}",
            "from_us": view.activity.first,
            "to_us": view.activity.last,
        }
        yield {**common, **_numbers(handset, int(place), known, rows_of)}
        for number, kind in enumerate(KINDS):
            name = kind.scale.names[handset.block.codes[number][place]]
            millibits = int(to_millibits(weighed.kinds[number][place]))
            if millibits:
                yield {
                    **common,
                    "evidence_kind": kind.scale.name,
                    "level": name,
                    "millibits": millibits,
                    "sentence": kind.sentence(name),
                    "locators": _locators(view, inmate, kind, rows_of)[:LOCATORS],
                }
        yield from _adjustment(handset, int(place), common)


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
        "millibits": int(to_millibits(handset.weighed.numbers[place])),
        "sentence": numbers_sentence(handset.block, place),
        "locators": sorted(rows)[:LOCATORS],
    }


def _adjustment(handset: WeighedHandset, place: int, common: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What fusing takes from, or gives to, the plain sum."""
    weighed = handset.weighed
    plain = int(to_millibits(weighed.numbers[place])) + int(to_millibits(weighed.kinds[:, place]).sum())
    gap = int(to_millibits(weighed.fused[place])) - plain
    if abs(gap) > len(KINDS) + 1:  # more than rounding
        yield {
            **common,
            "evidence_kind": ADJUSTMENT,
            "level": "fused",
            "millibits": gap,
            "sentence": "Kinds of evidence that come from the same facts are not counted twice",
            "locators": [],
        }
