"""A radio cell, what it covers in name, and what it has been seen to cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parloir.places.geometry import angle_between_deg, bearing_deg, distance_m


@dataclass(frozen=True, slots=True)
class RadioCell:
    """One radio cell of an operator.

    Attributes:
        radio_cell: identifier as in the network records.
        operator: operator.
        technology: 2G, 3G, 4G or 5G.
        latitude: degrees, WGS 84.
        longitude: degrees, WGS 84.
        azimuth: degrees from north, None for all round.
        beam_width: degrees, None when not told.
        range_m: nominal range in metres, None when not told.
    """

    radio_cell: int
    operator: str
    technology: str
    latitude: float
    longitude: float
    azimuth: float | None = None
    beam_width: float | None = None
    range_m: float | None = None

    def in_sector(self, latitude: npt.ArrayLike, longitude: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether points (degrees) lie within the nominal range and beam; what is not told excludes nothing.

        Real coverage differs: most connections are made outside the nominal sector's Voronoi polygon.
        """
        inside = np.ones(np.broadcast(latitude, longitude).shape, dtype=bool)
        if self.range_m is not None:
            inside &= distance_m(self.latitude, self.longitude, latitude, longitude) <= self.range_m
        if self.azimuth is not None and self.beam_width is not None:
            towards = bearing_deg(self.latitude, self.longitude, latitude, longitude)
            inside &= angle_between_deg(towards, self.azimuth) <= self.beam_width / 2
        return inside


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which radio cells serve a prison, and how strongly each speaks for it.

    Attributes:
        prison: prison.
        shares: radio cell → share of a connection made inside the prison that it carries; sums to 1 or less.
        reach: radio cell → probability that a connection on it was made inside the prison; may be empty.
    """

    prison: str
    shares: Mapping[int, float]
    reach: Mapping[int, float]
