"""From millions of records to days of a few handsets: prefilter, then exact aggregates.

Prisons whose serving radio cells overlap form one site: which of them a handset is in is weighed later. The
prefilter keeps the handsets that dwell on a site's radio cells; passers-by fall away here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parloir.presence.engines import Engine, query
from parloir.presence.reach import Reach
from parloir.presence.visibility import NOWHERE, Alone

DAY_US = 86_400_000_000
JUMP_US = 600_000_000
"""Ten minutes: what lies farther apart than a car gets in that time is two handsets."""
SWAP_US = 30_000_000
"""Nobody takes one SIM out of a handset, puts another in and has it registered in less time."""
JUMPS = {"within_us": JUMP_US, "swap_us": SWAP_US}
PART = 200_000
"""Records on serving radio cells of the candidates that are worked on at a time; they may have several times
as many elsewhere."""
LOCKED_OF = 4
"""Where a prison's radio cells alone were asked for, one in so many of a handset's days must have a record in
lock-up hours (18 to 7): who lives inside is there when the doors are shut."""
KEYS = ("imei14", "imsi", "radio_cell", "first_us", "last_us")
WIDTHS = (pa.int8(), pa.int16(), pa.int32(), pa.int64())


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
        candidates: columns of `sql/candidates.sql`.
        days: columns of `sql/days.sql`.
        correspondents: columns of `sql/correspondents.sql`.
        jumps: columns of `sql/jumps.sql`.
        left_out: handsets that the prefilter of `Alone` left out; `Kept` counts all with the first piece.
    """

    candidates: pa.Table
    days: pa.Table
    correspondents: pa.Table
    jumps: pa.Table
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Prefiltered:
    """The candidates, one table a part, and how many handsets `Alone` left out."""

    parts: tuple[pa.Table, ...]
    left_out: int


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


def site_of(served: pa.Table, radio_cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """The site that each radio cell (n,) serves, -1 for none; `served` as `serving` gives it."""
    known, site = (served[name].to_numpy() for name in ("radio_cell", "site"))
    if not known.size:
        return np.full(radio_cell.size, -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(known, radio_cell), known.size - 1)
    return np.where(known[at] == radio_cell, site[at], -1).astype(np.int64)


def aggregate(engine: Engine, cells: pa.Table, dwell: Dwell, alone: Alone = NOWHERE) -> Aggregates:
    """Run the queries: all `pieces` as one."""
    return together(list(pieces(engine, cells, dwell, alone)))


def pieces(engine: Engine, cells: pa.Table, dwell: Dwell, alone: Alone = NOWHERE) -> Iterator[Aggregates]:
    """Run the queries for some candidates after others, in the order of their IMEIs.

    All records are read twice: two columns to find the handsets with enough records in reach, then the nine
    columns of theirs, which are laid down part by part; what else the prefilter asks, and every count, comes
    from these. So much as one part takes is held at a time, however many records there are.

    Args:
        engine: knows `network_records`.
        cells: as `serving` gives them.
        dwell: the prefilter.
        alone: where it asks for more.
    """
    engine.put("serving", cells)
    parts = _met(engine, dwell)
    engine.keep("met_rows", query("met_rows"), by="part" if parts > 1 else "")
    for part in range(parts):
        records = f"(SELECT * FROM met_rows WHERE part = {part})"
        engine.keep("reach", query("reach", {"offset_min": dwell.offset_min}, records))
        candidates, left_out = _candidates(engine, dwell, alone)
        engine.put("candidates", pa.table({"imei14": candidates["imei14"].unique()}))
        engine.keep("watched", query("watched"))
        engine.keep("watched_records", query("watched_records", {"offset_min": dwell.offset_min}, records))
        yield Aggregates(
            candidates,
            narrowed(engine.fetch(query("days"))),
            engine.fetch(query("correspondents")),
            engine.fetch(query("jumps", JUMPS)),
            left_out,
        )


def _met(engine: Engine, dwell: Dwell) -> int:
    """Make the handsets with enough records in reach known as `met`; how many parts they are in."""
    met = engine.fetch(query("met", {"least_records": dwell.least_records})).sort_by("imei14")
    part = _parts(met["records"].to_numpy())
    engine.put("met", pa.table({"imei14": met["imei14"], "part": part}))
    return int(part.max(initial=0)) + 1


def prefiltered(engine: Engine, dwell: Dwell, alone: Alone) -> Prefiltered:
    """The candidates among those in `reach` in parts; known to queries as `candidates`."""
    found, left_out = _candidates(engine, dwell, alone)
    imei14, begins = np.unique(found["imei14"].to_numpy(), return_index=True)
    part = _parts(np.add.reduceat(found["records"].to_numpy(), begins) if begins.size else begins)
    engine.put("candidates", pa.table({"imei14": imei14, "part": part}))
    cuts = [*begins[np.flatnonzero(np.diff(part)) + 1].tolist(), found.num_rows]
    parts = tuple(found.slice(first, end - first) for first, end in pairwise([0, *cuts]))
    return Prefiltered(parts, left_out)


def _candidates(engine: Engine, dwell: Dwell, alone: Alone) -> tuple[pa.Table, int]:
    """The candidates among those in `reach`, sorted, and how many handsets `alone` leaves out."""
    least = {"least_records": dwell.least_records, "least_us": dwell.least_days * DAY_US}
    met = engine.fetch(query("candidates", least))
    found = met.filter(pa.array(_there_when_locked(met, alone))).sort_by(
        [("imei14", "ascending"), ("site", "ascending")]
    )
    return found, len(met["imei14"].unique()) - len(found["imei14"].unique())


def _there_when_locked(met: pa.Table, alone: Alone) -> NDArray[np.bool_]:
    """Whether each handset shows often enough in lock-up hours, where nothing else tells who visits."""
    often = met["locked"].to_numpy() * LOCKED_OF >= met["days"].to_numpy()
    elsewhere = ~np.isin(met["site"].to_numpy(), alone.sites)
    return np.asarray(often | elsewhere | np.isin(met["imei14"].to_numpy(), alone.handsets), dtype=bool)


def _parts(records: NDArray[np.int64]) -> NDArray[np.int64]:
    """The part of each handset (n,), from 0, none left out: about as many records in each."""
    count = max(1, -(-int(records.sum()) // PART))
    part = (np.cumsum(records) - records) * count // max(int(records.sum()), 1)
    return np.asarray(np.unique(part, return_inverse=True)[1], dtype=np.int64)


def narrowed(table: pa.Table) -> pa.Table:
    """The same integers, each column but the keys in the smallest type that holds them."""
    for place, name in enumerate(table.column_names):
        if name not in KEYS:
            most = max(abs(one.as_py() or 0) for one in (pc.min(table[name]), pc.max(table[name])))
            width = next(width for width in WIDTHS if most < 2 ** (width.bit_width - 1))
            table = table.set_column(place, name, table[name].cast(width))
    return table


def together(found: Sequence[Aggregates]) -> Aggregates:
    """Pieces as one."""
    names = ("candidates", "days", "correspondents", "jumps")
    tables = ([getattr(one, name) for one in found] for name in names)
    joined = (pa.concat_tables(each, promote_options="permissive") for each in tables)
    candidates, days, correspondents, jumps = joined
    return Aggregates(candidates, days, correspondents, jumps, sum(one.left_out for one in found))
