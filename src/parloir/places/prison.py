"""A prison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prison:
    """One prison.

    Attributes:
        prison: identifier that the registers use.
        name: as written.
        region: as written.
        town: as written.
        latitude: degrees, WGS 84.
        longitude: degrees, WGS 84.
        capacity: operational places, None when not published.
        inmates: inmates present, None when not published.
    """

    prison: str
    name: str
    region: str
    town: str
    latitude: float
    longitude: float
    capacity: int | None = None
    inmates: int | None = None
