"""Which rows are one handset: an IMEI at two places at once is two handsets and is split by its SIMs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.places import distance_m
from parloir.presence.aggregates import Aggregates
from parloir.presence.reach import CellList

Numbers = NDArray[np.int64]
REACH_M = 30_000.0
"""Two radio cells that a handset can be served by at one place are no farther apart than this."""
SPEED_MS = 60.0
"""Nobody moves faster: 216 km/h."""
LEAST_JUMPS = 3
"""Fewer impossible jumps are taken for a wrong clock."""
APART_M = 60_000.0
"""SIMs whose records centre on places farther apart than this are in different handsets."""


@dataclass(frozen=True)
class Handsets:
    """The handsets behind the rows of `days`.

    Attributes:
        names: `imei14`, or `imei14~2` for the second handset of a cloned IMEI; sorted.
        imei14: IMEI14 of each, shape (handsets,).
        of_day: index of the handset of each row of `days`, shape (rows,); empty where days are not at hand.
        clones: names that came out of a split.
        unsplit: IMEIs at two places at once under one SIM: set aside, for nothing tells their rows apart.
    """

    names: tuple[str, ...]
    imei14: Numbers
    of_day: Numbers
    clones: frozenset[str]
    unsplit: tuple[int, ...]


def handsets(found: Aggregates, cells: CellList) -> Handsets:
    """Tell the handsets apart."""
    days = {name: found.days[name].to_numpy() for name in ("imei14", "imsi", "radio_cell", "records")}
    apart = _impossible(found.jumps, cells)
    part = np.zeros(found.days.num_rows, dtype=np.int64)
    unsplit = []
    for imei14, jumps in apart.items():
        rows = np.flatnonzero(days["imei14"] == imei14)
        rows = rows[np.lexsort((days["records"][rows], days["radio_cell"][rows]))]  # engines give any order
        group = _groups({name: value[rows] for name, value in days.items()}, cells)
        if group.max(initial=0) == 0 and jumps >= LEAST_JUMPS:
            unsplit.append(imei14)
        part[rows] = group
    key = days["imei14"] * 100 + part
    kept, of_day = np.unique(key, return_inverse=True)
    names = tuple(_name(int(one)) for one in kept)
    clones = frozenset(name for name, one in zip(names, kept, strict=True) if int(one) // 100 in apart)
    return Handsets(
        names, kept // 100, of_day.astype(np.int64), clones - {str(i) for i in unsplit}, tuple(unsplit)
    )


def of_sims(told: Handsets, days: pa.Table, rows: pa.Table) -> Numbers:
    """The handset of each row of a table with imei14 and imsi; -1 where no day has the pair."""
    sims = np.unique(days["imsi"].to_numpy())
    known = _pair(told, days, sims)
    keys, first = np.unique(known, return_index=True)
    asked = _pair(told, rows, sims)
    at = np.minimum(np.searchsorted(keys, asked), keys.size - 1)
    found = keys[at] == asked if keys.size else np.zeros(asked.size, dtype=bool)
    return np.where(found, told.of_day[first[at]] if keys.size else -1, -1).astype(np.int64)


def _pair(told: Handsets, rows: pa.Table, sims: Numbers) -> Numbers:
    """One number for (IMEI, SIM), for those that `days` has; others get numbers that nothing else has."""
    imeis = np.unique(told.imei14)
    imei, sim = rows["imei14"].to_numpy(), rows["imsi"].to_numpy()
    i, s = np.searchsorted(imeis, imei), np.searchsorted(sims, sim)
    real = np.isin(imei, imeis) & np.isin(sim, sims)
    return np.where(real, i * (sims.size + 1) + s, -1 - np.arange(imei.size)).astype(np.int64)


def _name(key: int) -> str:
    imei14, part = divmod(key, 100)
    return f"{imei14:014d}" + (f"~{part + 1}" if part else "")


def _impossible(jumps: pa.Table, cells: CellList) -> dict[int, int]:
    """IMEIs that were at two places at once at least `LEAST_JUMPS` times, with how often."""
    places = [_places(jumps[name].to_numpy(), cells) for name in ("cell_before", "radio_cell")]
    metres = distance_m(*places[0], *places[1])
    seconds = jumps["least_us"].to_numpy() / 1e6
    wrong = np.nan_to_num(metres) > REACH_M + SPEED_MS * seconds
    imeis, place = np.unique(jumps["imei14"].to_numpy()[wrong], return_inverse=True)
    times = np.bincount(place, jumps["jumps"].to_numpy()[wrong], minlength=imeis.size)
    return {int(i): int(n) for i, n in zip(imeis, times, strict=True) if n >= LEAST_JUMPS}


def _places(radio_cells: Numbers, cells: CellList) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at = np.minimum(np.searchsorted(cells.radio_cell, radio_cells), cells.radio_cell.size - 1)
    known = cells.radio_cell[at] == radio_cells
    return np.where(known, cells.latitude[at], np.nan), np.where(known, cells.longitude[at], np.nan)


def _groups(rows: Mapping[str, NDArray[np.int64]], cells: CellList) -> Numbers:
    """Which handset each row of one IMEI belongs to: SIMs grouped by where they are most at home."""
    latitude, longitude = _places(rows["radio_cell"], cells)
    sims, place = np.unique(rows["imsi"], return_inverse=True)
    group = np.zeros(sims.size, dtype=np.int64)
    centres: list[tuple[float, float]] = []
    for sim in range(sims.size):
        own = np.flatnonzero((place == sim) & np.isfinite(latitude))
        if not own.size:
            continue
        main = own[np.argmax(rows["records"][own])]
        here = (float(latitude[main]), float(longitude[main]))
        metres = [float(distance_m(*here, *centre)) for centre in centres]
        near = [number for number, far in enumerate(metres) if far <= APART_M]
        group[sim] = near[0] if near else len(centres)
        if not near:
            centres.append(here)
    return group[place]
