"""Candidates part by part: handsets, stints and their days, so that never all days lie open at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.presence.aggregates import Aggregates, serving, site_of
from parloir.presence.features import DayRows, distinct
from parloir.presence.handsets import Handsets, handsets, of_sims
from parloir.presence.reach import CellList, Reach
from parloir.presence.stints import Stints, find

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
COUNTED = (
    "records", "locked", "night", "outgoing", "incoming", "calls", "data", "talk_s", "two_g",
    "hours", "beat_near", "beat_off", "first_us", "last_us",
)  # fmt: skip


@dataclass(frozen=True)
class Correspondents:
    """With which numbers each handset communicated, arrays of one length."""

    handset: Numbers
    number: Numbers


@dataclass(frozen=True)
class Served:
    """Records of each stint by radio cell, of those in reach of its site; arrays of one length."""

    stint: Numbers
    radio_cell: Numbers
    records: Numbers


@dataclass(frozen=True)
class OnSite:
    """Rows of days on their stint's site, arrays of one length, sorted by stint and day.

    Attributes:
        stint: index; day: local, since 1970; hours: bit h is set when a record began in local hour h.
    """

    stint: Numbers
    day: Numbers
    hours: Numbers


@dataclass(frozen=True)
class Part:
    """Some candidates; handsets and stints are numbered from 0 in each part.

    Attributes:
        sims: the SIM of each pair of a SIM and a handset among `rows`.
        numbers: how many distinct numbers each handset communicated with.
        left_out: as of the piece of the aggregates.
    """

    handsets: Handsets
    stints: Stints
    rows: DayRows
    served: Served
    correspondents: Correspondents
    sims: Numbers
    numbers: Floats
    left_out: int


def part(found: Aggregates, cells: CellList, met: Reach, site: Numbers) -> Part:
    """What one piece of the aggregates says.

    Args:
        found: the piece.
        cells: all radio cells.
        met: radio cells in reach of each prison.
        site: of each prison.
    """
    served = serving(met, site)
    told = handsets(found, cells, served)
    stints, rows = _stints(found, told, met, site, served)
    owner = of_sims(told, found.days, found.correspondents)
    known = owner >= 0
    calls = Correspondents(owner[known], found.correspondents["correspondent"].to_numpy()[known])
    sims = _sims(rows.imsi, stints.handset[rows.stint], len(told.names))
    numbers = distinct(calls.handset, calls.number, len(told.names))
    alone = replace(told, of_day=np.zeros(0, dtype=np.int64))
    return Part(alone, stints, rows, _served(rows), calls, sims, numbers, found.left_out)


def _stints(
    found: Aggregates, told: Handsets, met: Reach, site: Numbers, served: pa.Table
) -> tuple[Stints, DayRows]:
    day, cell = (found.days[name].to_numpy().astype(np.int64) for name in ("day", "radio_cell"))
    where = site_of(served, cell)
    stints = find(told.of_day, day, where, found.days["records"].to_numpy())
    stint = stints.of_rows(told.of_day, day)
    rows = np.flatnonzero(stint >= 0)
    rows = rows[np.lexsort((cell[rows], day[rows], stint[rows]))]
    near = _near(met, site, stints.site[stint[rows]], cell[rows])
    return stints, DayRows(
        stint[rows].astype(np.int32),
        day[rows].astype(np.int32),
        cell[rows],
        found.days["imsi"].to_numpy()[rows],
        where[rows] == stints.site[stint[rows]],
        ~near,
        {name: found.days[name].to_numpy()[rows] for name in COUNTED},
    )


def _sims(imsi: Numbers, handset: Numbers, handsets: int) -> Numbers:
    """The SIM of each pair of a SIM and a handset, sorted."""
    known, at = np.unique(imsi, return_inverse=True)
    return np.asarray(known[np.unique(at * max(handsets, 1) + handset) // max(handsets, 1)], dtype=np.int64)


def _near(met: Reach, site: Numbers, of_row: Numbers, cell: Numbers) -> NDArray[np.bool_]:
    """Whether each row's radio cell is in reach of its site."""
    index = np.unique(met.radio_cell)
    if not index.size:
        return np.zeros(cell.size, dtype=bool)
    known = np.zeros((int(site.max()) + 1, index.size), dtype=bool)
    known[site[met.prison], np.searchsorted(index, met.radio_cell)] = True
    at = np.minimum(np.searchsorted(index, cell), index.size - 1)
    return np.asarray((index[at] == cell) & known[of_row, at], dtype=bool)


def _served(rows: DayRows) -> Served:
    near = np.flatnonzero(~rows.elsewhere)
    cells, place = np.unique(rows.radio_cell[near], return_inverse=True)
    keys, at = np.unique(rows.stint[near].astype(np.int64) * max(cells.size, 1) + place, return_inverse=True)
    stint, cell = np.divmod(keys, max(cells.size, 1))
    records = np.bincount(at, rows.values["records"][near], minlength=keys.size).astype(np.int64)
    return Served(stint, cells[cell], records)


def joined_handsets(parts: Sequence[Part]) -> Handsets:
    """Handsets of all parts, numbered one part after another."""
    return Handsets(
        tuple(name for one in parts for name in one.handsets.names),
        np.concatenate([one.handsets.imei14 for one in parts]),
        np.zeros(0, dtype=np.int64),
        tuple(imei14 for one in parts for imei14 in one.handsets.unsplit),
        {imei14: why for one in parts for imei14, why in one.handsets.why.items()},
        tuple(imei14 for one in parts for imei14 in one.handsets.doubtful),
    )


def joined_stints(parts: Sequence[Part]) -> Stints:
    """Stints of all parts."""
    before = _before([len(one.handsets.names) for one in parts])
    handset = [one.stints.handset + first for one, first in zip(parts, before, strict=True)]
    columns = ([getattr(one.stints, name) for one in parts] for name in ("site", "first", "last"))
    return Stints(np.concatenate(handset), *(np.concatenate(column) for column in columns))


def joined_served(parts: Sequence[Part]) -> Served:
    """Records by radio cell of all parts."""
    before = _before([one.stints.size for one in parts])
    stint = [one.served.stint + first for one, first in zip(parts, before, strict=True)]
    return Served(
        np.concatenate(stint),
        np.concatenate([one.served.radio_cell for one in parts]),
        np.concatenate([one.served.records for one in parts]),
    )


def joined_correspondents(parts: Sequence[Part]) -> Correspondents:
    """Correspondents of all parts."""
    before = _before([len(one.handsets.names) for one in parts])
    handset = [one.correspondents.handset + first for one, first in zip(parts, before, strict=True)]
    return Correspondents(
        np.concatenate(handset), np.concatenate([one.correspondents.number for one in parts])
    )


def on_site(parts: Sequence[Part]) -> OnSite:
    """Hours on the site of all parts."""
    before = _before([one.stints.size for one in parts])
    kept = [np.flatnonzero(one.rows.on) for one in parts]
    of = list(zip(parts, kept, before, strict=True))
    return OnSite(
        np.concatenate([one.rows.stint[at] + np.int32(first) for one, at, first in of]),
        np.concatenate([one.rows.day[at] for one, at, _ in of]),
        np.concatenate([one.rows.values["hours"][at] for one, at, _ in of]),
    )


def _before(sizes: Sequence[int]) -> list[int]:
    """How many there are in all parts before each."""
    return [sum(sizes[:place]) for place in range(len(sizes))]
