"""From weighed handsets to leads: whom to look at, in which prison cell, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.holders.blocks import Block
from parloir.holders.kinds import KINDS
from parloir.holders.sentences import Words
from parloir.holders.weighed import WeighedHandset
from parloir.weights.bits import to_millibits, verbal


def lead_rows(handset: WeighedHandset) -> Iterator[dict[str, Any]]:
    """Leads of one handset, without rank; `probability` is P(inside) · P(this inmate | inside)."""
    view, weighed, words = handset.block.view, handset.weighed, Words(handset)
    segment, alternative = view.activity.segments[-1], "an unknown user in that prison"
    for place in handset.top.tolist():
        inmate = int(view.candidates[place])
        bits = float(weighed.fused[place])
        bounded = float(handset.parameters.bounds.apply(bits))
        told, against = words.spoken(place)
        yield {
            "handset": str(view.activity.handset),
            "inmate": str(view.world.inmates[inmate]),
            "prison": segment.prison,
            "prison_cell": prison_cell_at(handset.block, inmate, view.activity.last),
            "probability": round(segment.probability * float(weighed.posterior[place]), 6),
            "prior": round(weighed.prior, 6),
            "millibits": int(to_millibits(bits)),
            "bounded_millibits": int(to_millibits(bounded)),
            "verbal": verbal(bounded, "this inmate being the regular user", alternative),
            "sentence": told,
            "against": against,
            "missing": words.missing(place),
        }


def ranked(leads: pa.Table) -> pa.Table:
    """Leads by probability, ties by weight, handset and inmate, each with its rank and name.

    Args:
        leads: the columns of `tables.leads` but rank and lead.
    """
    rows = leads.sort_by(
        [
            ("probability", "descending"),
            ("millibits", "descending"),
            ("handset", "ascending"),
            ("inmate", "ascending"),
        ]
    )
    ranks = range(1, rows.num_rows + 1)
    rows = rows.append_column("rank", pa.array(ranks, pa.int64()))
    return rows.append_column("lead", pa.array([f"L{rank:05d}" for rank in ranks], pa.string()))


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
