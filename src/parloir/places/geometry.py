"""Distances, bearings and sectors on the WGS 84 ellipsoid, for arrays of points.

Every function takes degrees (arrays or scalars that broadcast) and returns float64 arrays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

EQUATORIAL_RADIUS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
"""WGS 84 (NIMA TR8350.2)."""
MEAN_RADIUS_M = 6_371_008.8

Floats = npt.NDArray[np.float64]


def distance_m(lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike) -> Floats:
    """Geodesic distance in metres, within 10 m at 1,000 km and 0.1% nearby.

    Source: Lambert's formula for long lines with Andoyer's correction (P. D. Thomas, NAVOCEANO SP-138, 1970).
    """
    a, b = np.radians(np.asarray(lat1, dtype=float)), np.radians(np.asarray(lat2, dtype=float))
    half_lon = np.radians(np.asarray(lon2, dtype=float) - np.asarray(lon1, dtype=float)) / 2
    mean, half = (a + b) / 2, (b - a) / 2
    s = np.sin(half) ** 2 * np.cos(half_lon) ** 2 + np.cos(mean) ** 2 * np.sin(half_lon) ** 2
    c = np.cos(half) ** 2 * np.cos(half_lon) ** 2 + np.sin(mean) ** 2 * np.sin(half_lon) ** 2
    omega = np.arctan2(np.sqrt(s), np.sqrt(c))
    return _corrected(s, c, omega, mean, half)


def _corrected(s: Floats, c: Floats, omega: Floats, mean: Floats, half: Floats) -> Floats:
    """The spherical arc with its first-order correction; 0 where the points are one or opposite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        r = np.sqrt(s * c) / omega
        h1, h2 = (3 * r - 1) / (2 * c), (3 * r + 1) / (2 * s)
        first = h1 * np.sin(mean) ** 2 * np.cos(half) ** 2
        second = h2 * np.cos(mean) ** 2 * np.sin(half) ** 2
        metres = 2 * omega * EQUATORIAL_RADIUS_M * (1 + FLATTENING * (first - second))
    spherical = 2 * omega * MEAN_RADIUS_M
    return np.where(np.isfinite(metres), metres, spherical)


def bearing_deg(lat1: npt.ArrayLike, lon1: npt.ArrayLike, lat2: npt.ArrayLike, lon2: npt.ArrayLike) -> Floats:
    """Direction from the first point to the second, degrees clockwise from north in [0, 360)."""
    a, b = np.radians(np.asarray(lat1, dtype=float)), np.radians(np.asarray(lat2, dtype=float))
    lon = np.radians(np.asarray(lon2, dtype=float) - np.asarray(lon1, dtype=float))
    east = np.sin(lon) * np.cos(b)
    north = np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(lon)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0, dtype=float)


def angle_between_deg(first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
    """The smaller angle between two directions, degrees in [0, 180]."""
    turn = np.abs(np.asarray(first, dtype=float) - np.asarray(second, dtype=float)) % 360.0
    return np.asarray(np.minimum(turn, 360.0 - turn), dtype=float)


def destination(
    lat: npt.ArrayLike, lon: npt.ArrayLike, bearing: npt.ArrayLike, metres: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """The point reached from a start; latitude and longitude in degrees. On the sphere, for short ways."""
    a, o = np.radians(np.asarray(lat, dtype=float)), np.radians(np.asarray(lon, dtype=float))
    turn, arc = np.radians(np.asarray(bearing, dtype=float)), np.asarray(metres, dtype=float) / MEAN_RADIUS_M
    lat2 = np.arcsin(np.sin(a) * np.cos(arc) + np.cos(a) * np.sin(arc) * np.cos(turn))
    east = np.sin(turn) * np.sin(arc) * np.cos(a)
    lon2 = o + np.arctan2(east, np.cos(arc) - np.sin(a) * np.sin(lat2))
    return np.degrees(lat2), (np.degrees(lon2) + 540.0) % 360.0 - 180.0
