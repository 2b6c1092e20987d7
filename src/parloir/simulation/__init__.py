"""A country with known truth, written in the formats that an investigator really gets.

`write_nation` is all that others need; parameters.toml holds every parameter with its source or `assumed`.
"""

from parloir.simulation.nation import Progress, Summary, write_nation
from parloir.simulation.parameters import Parameter, catalogue_of_parameters, sizes

__all__ = ["Parameter", "Progress", "Summary", "catalogue_of_parameters", "sizes", "write_nation"]
