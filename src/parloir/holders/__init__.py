"""Who holds each handset, and in which prison cell: all evidence weighed together."""

from parloir.holders.evidence import Inside
from parloir.holders.expected import expected_handsets
from parloir.holders.parameters import Parameters, load_parameters
from parloir.holders.searched import Searched, load_searched
from parloir.holders.weighing import Holders, weigh_holders
from parloir.holders.world import World, load_world

__all__ = [
    "Holders",
    "Inside",
    "Parameters",
    "Searched",
    "World",
    "expected_handsets",
    "load_parameters",
    "load_searched",
    "load_world",
    "weigh_holders",
]
