"""Which prison cells to search, in what order, by which team; and what the searches teach."""

from parloir.searches.learning import LEAST_SAMPLE, Recalibration, outcomes, refit
from parloir.searches.planning import Operation, Plan, plan
from parloir.searches.prison_papers import Issue, Paper, papers
from parloir.searches.propensities import CLIP, effective_sample_size, inverse_propensities
from parloir.searches.schemas import EXPECTED, OUTCOMES, PLAN, TEAMS
from parloir.searches.teams import capacities, read_teams

__all__ = [
    "CLIP",
    "EXPECTED",
    "LEAST_SAMPLE",
    "OUTCOMES",
    "PLAN",
    "TEAMS",
    "Issue",
    "Operation",
    "Paper",
    "Plan",
    "Recalibration",
    "capacities",
    "effective_sample_size",
    "inverse_propensities",
    "outcomes",
    "papers",
    "plan",
    "read_teams",
    "refit",
]
