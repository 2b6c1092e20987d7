"""From weighed handsets to leads: whom to look at, in which prison cell, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from parloir.holders.blocks import Block
from parloir.holders.kinds import KINDS
from parloir.holders.sentences import against, missing, reasons
from parloir.holders.weighed import WeighedHandset
from parloir.weights.bits import to_millibits, verbal


def lead_rows(handset: WeighedHandset) -> Iterator[dict[str, Any]]:
    """Leads of one handset, without rank; `probability` is P(inside) · P(this inmate | inside)."""
    view, weighed = handset.block.view, handset.weighed
    segment = view.activity.segments[-1]
    for place in handset.top():
        inmate = int(view.candidates[place])
        bits = float(weighed.fused[place])
        bounded = float(handset.parameters.bounds.apply(bits))
        yield {
            "handset": str(view.activity.handset),
            "inmate": str(view.world.inmates[inmate]),
            "prison": segment.prison,
            "prison_cell": prison_cell_at(handset.block, inmate, view.activity.last),
            "probability": round(segment.probability * float(weighed.posterior[place]), 6),
            "prior": round(weighed.prior, 6),
            "millibits": int(to_millibits(bits)),
            "bounded_millibits": int(to_millibits(bounded)),
            "verbal": verbal(bounded, "this inmate being the regular user", "an unknown user in that prison"),
            "sentence": reasons(handset.block, weighed, int(place)),
            "against": against(handset.block, weighed, int(place)),
            "missing": missing(handset.block, int(place), handset.parameters),
        }


def ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leads by probability, ties by handset and inmate, each with its rank and name."""
    rows = sorted(
        rows, key=lambda row: (-row["probability"], -row["millibits"], row["handset"], row["inmate"])
    )
    return [{**row, "rank": rank, "lead": f"L{rank:05d}"} for rank, row in enumerate(rows, start=1)]


def prison_cell_at(block: Block, inmate: int, moment: int) -> str | None:
    """The inmate's prison cell in the handset's last prison: at that moment, else the last one before it."""
    prison = block.view.last_prison()
    if prison is None:
        return None
    rows = prison.stays.of(inmate)
    begun = rows[prison.stays.start[rows] <= moment]
    if not begun.size:
        return None
    latest = prison.stays.what[begun[np.argmax(prison.stays.start[begun])]]
    return None if latest is None else str(latest)


def kind_names() -> tuple[str, ...]:
    """Names of all kinds of evidence that `held_by` weighs."""
    return ("correspondents", *(kind.scale.name for kind in KINDS))
