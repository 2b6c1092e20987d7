"""Scores against the truth of a simulated world: the only reader of it.

What the figures mean is pinned down in docs/methods/trials.md; `python -m parloir.trials.validate`
prints them all.
"""

from parloir.trials.leads import LeadScores, score_leads
from parloir.trials.plans import Morning, PlanScores, morning_of, oracle_cells, score_plan
from parloir.trials.truth import Truth

__all__ = [
    "LeadScores",
    "Morning",
    "PlanScores",
    "Truth",
    "morning_of",
    "oracle_cells",
    "score_leads",
    "score_plan",
]
