"""Candidates: each stint with each prison of its site, and its records by the radio cells of either."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from parloir.presence.coverage import Mixes, Slots, mixes, served_by
from parloir.presence.parts import Served
from parloir.presence.reach import Reach
from parloir.presence.stints import Stints

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
FLOOR = 1e-4
"""Expected share of a radio cell that the geometry gives none."""


@dataclass(frozen=True)
class Candidates:
    """Pairs of a stint and a prison of its site, sorted by stint; most sites have one prison.

    Attributes:
        stint: index, shape (n,).
        prison: index into the sorted prisons, shape (n,).
        own: records of each candidate by radio cell of its prison; `own_slots` are that table's.
        served: how well its radio cells serve the prison by the geometry, 0 to 1, shape (n,).
        around: records of each stint by radio cell of its site; `around_slots` are that table's.
    """

    stint: Numbers
    prison: Numbers
    own: Mixes
    own_slots: Slots
    served: Floats
    around: Mixes
    around_slots: Slots


@dataclass(frozen=True)
class _Rows:
    """Records of an owner at a place (a prison or a site) on a radio cell, arrays of one length."""

    owner: Numbers
    place: Numbers
    radio_cell: Numbers
    records: Numbers


def candidates(stints: Stints, near: Served, met: Reach, site: Numbers) -> Candidates:
    """Pair stints with prisons and sort their records into slots.

    Args:
        stints: all.
        near: their records.
        met: radio cells in reach of each prison.
        site: of each prison.
    """
    prisons_of = [np.flatnonzero(site == one) for one in range(int(site.max(initial=-1)) + 1)]
    many = np.array([prisons_of[one].size for one in stints.site], dtype=np.int64)
    stint = np.repeat(np.arange(stints.size), many)
    prison = np.concatenate([prisons_of[one] for one in stints.site] or [np.zeros(0, dtype=np.int64)])
    of_row, cell, records = near.stint, near.radio_cell, near.records
    around = _Rows(of_row, stints.site[of_row], cell, records)
    repeat = many[of_row]
    pair = np.repeat((np.cumsum(many) - many)[of_row], repeat) + _running(repeat)
    own = _Rows(pair, prison[pair], np.repeat(cell, repeat), np.repeat(records, repeat))
    mix, slots = _sorted(own, met, met.prison)
    served = served_by(mix, slots, stint.size)
    return Candidates(stint, prison, mix, slots, served, *_sorted(around, met, site[met.prison]))


def _running(repeat: Numbers) -> Numbers:
    """0, 1, … within each repetition."""
    ends = np.cumsum(repeat)
    return np.arange(int(ends[-1]) if ends.size else 0) - np.repeat(ends - repeat, repeat)


def _sorted(rows: _Rows, met: Reach, where: Numbers) -> tuple[Mixes, Slots]:
    """Records by slot, and the slots: `where` is the place of each row of `met`."""
    cells, first = np.unique(met.radio_cell, return_index=True)
    networks, of_cell = np.unique(met.network[first], return_inverse=True)
    known = where * cells.size + np.searchsorted(cells, met.radio_cell)
    asked = rows.place * cells.size + np.searchsorted(cells, rows.radio_cell)
    keys, slot = np.unique(np.concatenate([known, asked]), return_inverse=True)
    share = np.bincount(slot, np.concatenate([met.share, np.zeros(asked.size)]), minlength=keys.size)
    place, cell = np.divmod(keys, max(cells.size, 1))
    _, network = np.unique(place * networks.size + of_cell[cell], return_inverse=True)
    expected = np.maximum(share, FLOOR)
    slots = Slots(place, cells[cell], network, expected / np.bincount(network, expected)[network])
    return mixes(rows.owner, slot[known.size :].astype(np.int64), rows.records, slots), slots
