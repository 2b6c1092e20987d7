"""A country with known truth, written in the formats that an investigator really gets.

`write_nation` is all that others need, and `drawn` for worlds of another make-up; parameters.toml holds every
parameter with its source or `assumed`, drawn.toml the ranges that they are drawn from.
"""

from parloir.simulation.drawing import Range, drawn, ranges
from parloir.simulation.nation import Progress, Summary, write_nation
from parloir.simulation.parameters import Parameter, catalogue_of_parameters, sizes

__all__ = [
    "Parameter",
    "Progress",
    "Range",
    "Summary",
    "catalogue_of_parameters",
    "drawn",
    "ranges",
    "sizes",
    "write_nation",
]
