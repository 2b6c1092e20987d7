"""Device models: specifications, each with its source, and what finds them.

Minis' type allocation codes are in no published list: `learn` takes them from handsets held in the hand,
and every look-up accepts what a case has learnt.
"""

from parloir.catalogue.entries import Thing, find, models, things
from parloir.catalogue.learnt import LEARNT, RUN_GAP, SERIALS, learn, nearness
from parloir.catalogue.listing import DESCRIPTION, OVERVIEW, description, overview
from parloir.catalogue.matching import match_model
from parloir.catalogue.mistyped import Proposal, corrections
from parloir.catalogue.model import FACTS, Fact, Model, is_mini
from parloir.catalogue.picture import comparison_width, size_comparison
from parloir.catalogue.tacs import by_tac

__all__ = [
    "DESCRIPTION",
    "FACTS",
    "LEARNT",
    "OVERVIEW",
    "RUN_GAP",
    "SERIALS",
    "Fact",
    "Model",
    "Proposal",
    "Thing",
    "by_tac",
    "comparison_width",
    "corrections",
    "description",
    "find",
    "is_mini",
    "learn",
    "match_model",
    "models",
    "nearness",
    "overview",
    "size_comparison",
    "things",
]
