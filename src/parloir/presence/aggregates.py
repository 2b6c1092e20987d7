"""From millions of records to days of a few handsets: prefilter, then exact aggregates.

Prisons whose serving radio cells overlap form one site: which of them a handset is in is weighed later. The
prefilter keeps the handsets that dwell on a site's radio cells; passers-by fall away here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parloir.presence.engines import Engine, query
from parloir.presence.reach import Reach

DAY_US = 86_400_000_000
JUMP_US = 600_000_000
"""Ten minutes: what lies farther apart than a car gets in that time is two handsets."""


@dataclass(frozen=True, slots=True)
class Dwell:
    """What a handset must show on a site's radio cells to be weighed at all.

    Attributes:
        least_records: records there.
        least_days: from the first of them to the last.
        offset_min: local time's offset from UTC where a record tells none.
    """

    least_records: int = 4
    least_days: int = 1
    offset_min: int = 60


@dataclass(frozen=True, slots=True)
class Aggregates:
    """What is known of the candidates.

    Attributes:
        candidates: imei14, site, records, first_us, last_us.
        days: columns of `sql/days.sql`.
        correspondents: columns of `sql/correspondents.sql`.
        jumps: columns of `sql/jumps.sql`.
    """

    candidates: pa.Table
    days: pa.Table
    correspondents: pa.Table
    jumps: pa.Table


def sites(reach: Reach, prisons: int) -> NDArray[np.int64]:
    """The site of each prison, shape (prisons,): prisons that share a serving radio cell are one site."""
    site = np.arange(prisons, dtype=np.int64)
    cell, prison = reach.radio_cell[reach.serving], reach.prison[reach.serving]
    order = np.argsort(cell, kind="stable")
    shared = np.flatnonzero(np.diff(cell[order]) == 0)
    for first, second in zip(prison[order[shared]], prison[order[shared + 1]], strict=True):
        low, high = sorted((site[first], site[second]))
        site[site == high] = low
    return site


def serving(reach: Reach, site: NDArray[np.int64]) -> pa.Table:
    """Radio cells that serve a site: radio_cell, site; sorted, each cell once."""
    cells, first = np.unique(reach.radio_cell[reach.serving], return_index=True)
    return pa.table({"radio_cell": cells, "site": site[reach.prison[reach.serving]][first]})


def aggregate(engine: Engine, cells: pa.Table, dwell: Dwell) -> Aggregates:
    """Run the queries.

    Args:
        engine: knows `network_records`.
        cells: as `serving` gives them.
        dwell: the prefilter.
    """
    engine.put("serving", cells)
    engine.keep("reach", query("reach"))
    candidates = prefiltered(engine, dwell)
    engine.keep("watched", query("watched"))
    engine.keep("watched_records", query("watched_records", {"offset_min": dwell.offset_min}))
    return Aggregates(
        candidates,
        engine.fetch(query("days")),
        engine.fetch(query("correspondents")),
        engine.fetch(query("jumps", {"within_us": JUMP_US})),
    )


def prefiltered(engine: Engine, dwell: Dwell) -> pa.Table:
    """The candidates among those in `reach`, sorted; their IMEIs become known as `candidates`."""
    least = {"least_records": dwell.least_records, "least_us": dwell.least_days * DAY_US}
    found = engine.fetch(query("candidates", least))
    engine.put("candidates", pa.table({"imei14": pc.unique(found["imei14"])}))
    return found.sort_by([("imei14", "ascending"), ("site", "ascending")])
