"""The radio cells around a prison: what to ask for before any record has told which of them serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np

from parloir.places import RadioCell, distance_m

NEAR_M = 3_000.0
"""Radio cells this near whose nominal sector holds the prison are asked for. Assumed: most sites in reach of
a prison lie within; the first answer tells which of them serve it."""
SAME_SITE_M = 50.0
FAR_M = 35_000.0
"""Beyond the reach of a macro cell; GSM's timing advance ends here (3GPP TS 45.010, clause 5.6: 63 steps)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A prison with its coordinates in degrees, WGS 84; None where nobody told them."""

    prison: str
    name: str
    latitude: float | None
    longitude: float | None


def prisons(connection: duckdb.DuckDBPyConnection) -> list[Place]:
    """The prisons of the case, by identifier."""
    rows = connection.execute(
        "SELECT DISTINCT ON (prison) prison, coalesce(name, prison), latitude, longitude FROM prisons"
        " WHERE prison IS NOT NULL ORDER BY prison, latitude NULLS LAST"
    ).fetchall()
    return [Place(*row) for row in rows]


def radio_cells(connection: duckdb.DuckDBPyConnection) -> list[RadioCell]:
    """The radio cells of the case that have a place, by identifier."""
    rows = connection.execute(
        "SELECT DISTINCT ON (radio_cell) radio_cell, coalesce(operator, ''), coalesce(technology, ''),"
        " latitude, longitude, azimuth, beam_width, range_m FROM radio_cells"
        " WHERE radio_cell IS NOT NULL AND latitude IS NOT NULL AND longitude IS NOT NULL"
        " ORDER BY radio_cell, operator NULLS LAST, azimuth NULLS LAST"
    ).fetchall()
    return [RadioCell(*row) for row in rows]


def around(place: Place, cells: list[RadioCell]) -> Iterator[tuple[str, list[RadioCell]]]:
    """For each operator the radio cells to ask for: near ones that face the prison, else the nearest site."""
    if place.latitude is None or place.longitude is None or not cells:
        return
    latitudes, longitudes = np.array([(cell.latitude, cell.longitude) for cell in cells]).T
    metres = distance_m(latitudes, longitudes, place.latitude, place.longitude)
    by_operator: dict[str, list[tuple[float, RadioCell]]] = {}
    for at in np.flatnonzero(metres <= FAR_M):
        by_operator.setdefault(cells[at].operator, []).append((float(metres[at]), cells[at]))
    for operator, reachable in sorted(by_operator.items()):
        facing = [cell for far, cell in reachable if far <= NEAR_M and _faces(cell, place)]
        nearest = min(far for far, _ in reachable)
        yield operator, facing or [cell for far, cell in reachable if far <= nearest + SAME_SITE_M]


def _faces(cell: RadioCell, place: Place) -> bool:
    return bool(cell.in_sector(np.float64(place.latitude or 0), np.float64(place.longitude or 0)))
