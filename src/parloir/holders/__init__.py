"""Who holds each handset, and in which prison cell: all evidence weighed together."""

from parloir.holders.expected import expected_handsets
from parloir.holders.parameters import Parameters, load_parameters
from parloir.holders.weighing import Holders, Inside, weigh_holders

__all__ = ["Holders", "Inside", "Parameters", "expected_handsets", "load_parameters", "weigh_holders"]
