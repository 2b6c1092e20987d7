"""Who holds each handset, and in which prison cell: all evidence weighed together."""

from parloir.holders.expected import expected_handsets
from parloir.holders.parameters import Parameters, load_parameters
from parloir.holders.weighing import Holders, Inside, weigh_holders
from parloir.holders.world import World, load_world

__all__ = [
    "Holders",
    "Inside",
    "Parameters",
    "World",
    "expected_handsets",
    "load_parameters",
    "load_world",
    "weigh_holders",
]
