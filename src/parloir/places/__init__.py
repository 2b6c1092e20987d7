"""Prisons, prison cells, radio cells and coverage. Pure: no files but the published list of prisons."""

from parloir.places.facilities import prisons_of_france, quarters
from parloir.places.geometry import angle_between_deg, bearing_deg, destination, distance_m
from parloir.places.prison import Prison
from parloir.places.radio_cell import Coverage, RadioCell

__all__ = [
    "Coverage",
    "Prison",
    "RadioCell",
    "angle_between_deg",
    "bearing_deg",
    "destination",
    "distance_m",
    "prisons_of_france",
    "quarters",
]
