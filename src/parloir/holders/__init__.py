"""Who holds each handset, and in which prison cell: all evidence weighed together."""

from parloir.holders.activity import LIFE
from parloir.holders.evidence import Inside
from parloir.holders.expected import expected_handsets
from parloir.holders.parameters import Parameters, load_parameters
from parloir.holders.places import PLACES, Places, learn_places
from parloir.holders.searched import Searched, load_searched
from parloir.holders.unseen import Unseen, learn_unseen, ordered_for
from parloir.holders.weighing import Holders, Said, say_holders, weigh_holders
from parloir.holders.world import World, load_world

__all__ = [
    "LIFE",
    "PLACES",
    "Holders",
    "Inside",
    "Parameters",
    "Places",
    "Said",
    "Searched",
    "Unseen",
    "World",
    "expected_handsets",
    "learn_places",
    "learn_unseen",
    "load_parameters",
    "load_searched",
    "load_world",
    "ordered_for",
    "say_holders",
    "weigh_holders",
]
