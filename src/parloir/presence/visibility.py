"""What the requests behind the records could have shown: what was not asked for is no evidence of absence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.places import distance_m
from parloir.presence.reach import CellList, Reach

Numbers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
DAY_US = 86_400_000_000
SHOWN = 0.03
"""Without requests, a site's day counts as shown elsewhere when this share of its candidates' records is."""


@dataclass(frozen=True)
class Visibility:
    """Days on which a handset of a site would have been seen elsewhere.

    Attributes:
        days: sorted keys site · 50,000 + day that a request for a wide area, or the records, show.
        handsets: sorted keys imei14 · 50,000 + day for handsets whose full records were asked for.
    """

    days: Numbers
    handsets: Numbers

    def shown(self, site: Numbers, imei14: Numbers, day: Numbers) -> Booleans:
        """Whether each (site, handset, day) was open to view, shape (n,)."""
        wide = np.isin(site * 50_000 + day, self.days)
        return np.asarray(wide | np.isin(imei14 * 50_000 + day, self.handsets), dtype=bool)


@dataclass(frozen=True)
class Alone:
    """Where nothing but a prison's own radio cells was asked for, so that nobody can be seen elsewhere.

    Attributes:
        sites: these sites.
        handsets: IMEI14 whose full records were asked for beside.
    """

    sites: Numbers
    handsets: Numbers


NOWHERE = Alone(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
"""No such site."""


def radio_cells_alone(requests: pa.Table, prisons: Numbers, reach: Reach, site: Numbers) -> Alone:
    """Sites of prisons whose own radio cells were asked for, and that no request for a wide area touches.

    Args:
        requests: canonical.
        prisons: index of each prison whose own radio cells were asked for (`asked_for`).
        reach: radio cells met in each prison.
        site: of each prison, shape (prisons,).
    """
    asked = requests.to_pylist()
    wide = [_sites_in(row["radio_cells"], reach, site) for row in asked if row["kind"] == "wide_area"]
    single = [int(imei) for row in asked if row["kind"] == "handsets" for imei in row["imeis"] or []]
    alone = np.setdiff1d(site[prisons], _joined(wide))
    return Alone(alone, np.unique(np.array(single, dtype=np.int64)))


def from_requests(requests: pa.Table, reach: Reach, site: Numbers) -> Visibility:
    """What the requests tell.

    Args:
        requests: canonical.
        reach: radio cells met in each prison.
        site: of each prison, shape (prisons,).
    """
    wide: list[Numbers] = []
    single: list[Numbers] = []
    for row in requests.to_pylist():
        if row["from_us"] is None or row["to_us"] is None:
            continue
        days = np.arange(row["from_us"] // DAY_US, row["to_us"] // DAY_US + 1, dtype=np.int64)
        if row["kind"] == "wide_area":
            wide += [one * 50_000 + days for one in _sites_in(row["radio_cells"], reach, site)]
        elif row["kind"] == "handsets":
            single += [int(imei) * 50_000 + days for imei in row["imeis"] or []]
    return Visibility(_joined(wide), _joined(single))


def from_records(site: Numbers, day: Numbers, elsewhere: Booleans, records: Numbers) -> Visibility:
    """What the records themselves show, where no request is known: rows of candidates' days, shape (n,)."""
    keys, place = np.unique(site * 50_000 + day, return_inverse=True)
    total = np.bincount(place, records, minlength=keys.size)
    away = np.bincount(place, records * elsewhere, minlength=keys.size)
    return Visibility(keys[away >= SHOWN * total], np.zeros(0, dtype=np.int64))


def asked_for(requests: pa.Table, prisons: pa.Table, cells: CellList) -> tuple[Numbers, Numbers]:
    """Radio cells asked for as a prison's own: (index of the nearest prison, radio cell), shape (n,) each."""
    asked = [
        int(cell)
        for row in requests.to_pylist()
        if row["kind"] == "radio_cells"
        for cell in row["radio_cells"] or []
    ]
    at = np.flatnonzero(np.isin(cells.radio_cell, np.array(asked, dtype=np.int64)))
    placed = prisons["latitude"].to_numpy(zero_copy_only=False).astype(np.float64)
    if not at.size or not np.isfinite(placed).any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    longitude = prisons["longitude"].to_numpy(zero_copy_only=False).astype(np.float64)
    metres = distance_m(
        cells.latitude[at][:, None], cells.longitude[at][:, None], placed[None, :], longitude[None, :]
    )
    return np.nanargmin(metres, axis=1).astype(np.int64), cells.radio_cell[at]


def _sites_in(asked: list[int] | None, reach: Reach, site: Numbers) -> Numbers:
    if not asked:
        return np.unique(site)
    served = reach.serving & np.isin(reach.radio_cell, np.array(asked, dtype=np.int64))
    return np.unique(site[reach.prison[served]])


def _joined(parts: list[Numbers]) -> Numbers:
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
