"""How good leads are: whether the true holder stands first, and what a plan made from them would find."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from parloir.errors import InputError
from parloir.trials.plans import Morning, PlanScores, morning_of, score_plan
from parloir.trials.truth import CLONE, CellKey, Truth

NEEDED = ("handset", "inmate", "prison", "prison_cell", "probability")


@dataclass(frozen=True, slots=True)
class LeadScores:
    """Scores of leads against the truth of a simulated world.

    Attributes:
        handsets: contraband handsets that are inside and in use at the end of the records.
        with_leads: those that have a lead at all.
        scored: those whose holder has, by the truth, a recorded contact, visit, transfer or linked order.
        coverage: scored / handsets.
        top1, top5: of the scored, the share whose true holder stands first, or among the first five; a
            handset without leads counts as missed.
        strangers: leads' handsets that are no contraband handset at all.
        plan: what the plan made of them would bring.
    """

    handsets: int
    with_leads: int
    scored: int
    coverage: float
    top1: float
    top5: float
    strangers: int
    plan: PlanScores


def score_leads(
    leads: pa.Table, truth: Path, morning: Morning | None = None, plan: PlanScores | None = None
) -> LeadScores:
    """Score leads (columns `handset`, `inmate`, `prison`, `prison_cell`, `probability`).

    Args:
        leads: one row for each handset and candidate; `handset` is an IMEI14.
        truth: the folder `truth` of the simulated world.
        morning: searches and teams; by default those of `morning_of`.
        plan: of these leads, where a plan was made; by default the leads' own sums are searched.

    Raises:
        InputError: a column is missing, or the folder holds no truth.
    """
    missing = [name for name in NEEDED if name not in leads.column_names]
    if missing:
        raise InputError(f"the leads lack {', '.join(missing)}", do="give the leads as a run writes them")
    world = Truth(truth)
    rows = leads.select(NEEDED).to_pylist()
    ranked = _ranked(world, rows)
    running = [h for h in world.at_end if not h["never_on"]]
    scored = [h for h in running if h["covered"]]
    made = plan or score_plan(expected_cells(leads), world, morning or morning_of(world))
    return LeadScores(
        handsets=len(running),
        with_leads=sum(h["handset"] in ranked for h in running),
        scored=len(scored),
        coverage=_share(len(scored), len(running)),
        top1=_share(sum(h["holder"] in ranked.get(h["handset"], [])[:1] for h in scored), len(scored)),
        top5=_share(sum(h["holder"] in ranked.get(h["handset"], [])[:5] for h in scored), len(scored)),
        strangers=len({r["handset"] for r in rows if int(r["handset"]) % CLONE not in world.handset_of}),
        plan=made,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _ranked(truth: Truth, rows: list[dict[str, Any]]) -> dict[int, list[str]]:
    """Candidates of each true handset, best first; two IMEIs of one handset are pooled by their best."""
    best: dict[int, dict[str, float]] = {}
    for row in rows:
        handset = truth.handset_of.get(int(row["handset"]) % CLONE)
        if handset is not None and row["inmate"] is not None:
            candidates = best.setdefault(handset, {})
            candidates[row["inmate"]] = max(candidates.get(row["inmate"], 0.0), row["probability"] or 0.0)
    return {
        h: [i for i, _ in sorted(c.items(), key=lambda item: (-item[1], item[0]))] for h, c in best.items()
    }


def expected_cells(leads: pa.Table) -> list[CellKey]:
    """Prison cells by the finds that leads promise, most first: the simplest plan made of leads."""
    promise: dict[CellKey, float] = {}
    for row in leads.select(NEEDED).to_pylist():
        if row["prison_cell"] is not None:
            cell = (row["prison"], row["prison_cell"])
            promise[cell] = promise.get(cell, 0.0) + (row["probability"] or 0.0)
    return sorted(promise, key=lambda cell: (-promise[cell], cell))
