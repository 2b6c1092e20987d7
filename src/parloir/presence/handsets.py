"""Which rows are one handset: an IMEI that several handsets bear is split by its SIMs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from parloir.places import distance_m
from parloir.presence.aggregates import Aggregates, site_of
from parloir.presence.copies import LEAST_TIMES, MOST, REACH_M, SPEED_MS, Homes, Used, split, strangers, turns
from parloir.presence.reach import CellList

Numbers = NDArray[np.int64]
COMMON = 10
"""A number that more IMEIs are in touch with (voice mail, a taxi, a lawyer) tells nobody's SIMs."""
FAR, TURNS, AT_ONCE = "far apart at once", "to and fro between prisons", "two SIMs at once"
"""What shows that an IMEI has copies, the surest first."""
USED = ("imsi", "day", "first_us", "radio_cell", "records")


@dataclass(frozen=True)
class Handsets:
    """The handsets behind the rows of `days`.

    Attributes:
        names: `imei14`, or `imei14~2` for the second handset of a cloned IMEI; sorted.
        imei14: IMEI14 of each, shape (handsets,).
        of_day: index of the handset of each row of `days`, shape (rows,); empty where days are not at hand.
        unsplit: IMEIs at two places at once under one SIM: set aside, for nothing tells their rows apart.
        why: IMEI that was split → `FAR`, `TURNS` or `AT_ONCE`.
        doubtful: IMEIs that were at one prison and then at another with no SIM and no number in common: moved
            and given a new SIM, or copies; left whole.
    """

    names: tuple[str, ...]
    imei14: Numbers
    of_day: Numbers
    unsplit: tuple[int, ...] = ()
    why: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    doubtful: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Shown:
    """What the aggregates show of one IMEI."""

    far: int = 0
    at_once: int = 0
    sites: int = 0


def handsets(found: Aggregates, cells: CellList, served: pa.Table) -> Handsets:
    """Tell the handsets apart.

    Args:
        found: the aggregates.
        cells: all radio cells.
        served: as `aggregates.serving` gives them.
    """
    imei14 = found.days["imei14"].to_numpy()
    part = np.zeros(imei14.size, dtype=np.int64)
    unsplit, doubtful, why = [], [], {}
    shown = _suspects(found, cells)
    people = _people(found.correspondents, shown)
    for one, rows in _rows_of(found.days, shown):
        used = _used(found.days, rows, cells, served)
        reason, group = _told(used, people.get(one, {}), shown[one])
        part[rows] = group
        if reason and group.any():
            why[one] = reason
        elif shown[one].far >= LEAST_TIMES:
            unsplit.append(one)
        elif reason is None:
            doubtful.append(one)
    kept, of_day = np.unique(imei14 * MOST + part, return_inverse=True)
    names = tuple(_name(int(one)) for one in kept)
    return Handsets(names, kept // MOST, of_day.astype(np.int64), tuple(unsplit), why, tuple(doubtful))


def _told(used: Used, people: Mapping[int, frozenset[int]], shown: _Shown) -> tuple[str | None, Numbers]:
    """Why an IMEI is split ("" if it is not, None where that is in doubt), and the handset of each row."""
    whole, homes = np.zeros(used.imsi.size, dtype=np.int64), Homes.of(used)
    often = turns(used, homes) if shown.sites > 1 else 0
    sites = dict(zip(homes.imsi.tolist(), homes.site.tolist(), strict=True))
    apart = often > 0 and strangers(people, sites)
    at_once = shown.at_once >= LEAST_TIMES
    back = apart and often >= max(LEAST_TIMES, np.unique(homes.site[homes.site >= 0]).size)
    for reason, holds in ((FAR, shown.far >= LEAST_TIMES), (TURNS, back), (AT_ONCE, at_once)):
        if holds:
            group = split(used, homes, people, reason == AT_ONCE)
            if group.any():
                return reason, group
    return (None if apart else ""), whole


def _suspects(found: Aggregates, cells: CellList) -> dict[int, _Shown]:
    """IMEIs that may have copies: with impossible jumps, with SIMs at once, or at several sites."""
    far, at_once = _impossible(found.jumps, cells)
    imeis, many = np.unique(found.candidates["imei14"].to_numpy(), return_counts=True)
    sites = dict(zip(imeis[many > 1].tolist(), many[many > 1].tolist(), strict=True))
    every = {*far, *at_once, *sites}
    told = {one: _Shown(far.get(one, 0), at_once.get(one, 0), sites.get(one, 0)) for one in every}
    return {
        one: what
        for one, what in told.items()
        if what.far >= LEAST_TIMES or what.at_once >= LEAST_TIMES or what.sites > 1
    }


def _rows_of(days: pa.Table, shown: Mapping[int, _Shown]) -> list[tuple[int, NDArray[np.intp]]]:
    """Rows of each suspect, sorted: engines give any order."""
    imei14 = days["imei14"].to_numpy()
    rows = np.flatnonzero(np.isin(imei14, np.array(sorted(shown), dtype=np.int64)))
    keys = [days[name].to_numpy()[rows] for name in ("imsi", "radio_cell", "day", "records")]
    rows = rows[np.lexsort((*keys, imei14[rows]))]
    imeis, begins = np.unique(imei14[rows], return_index=True)
    return list(zip(imeis.tolist(), np.split(rows, begins[1:]), strict=False)) if imeis.size else []


def _used(days: pa.Table, rows: NDArray[np.intp], cells: CellList, served: pa.Table) -> Used:
    imsi, day, first_us, cell, records = (days[name].to_numpy()[rows].astype(np.int64) for name in USED)
    return Used(imsi, day, first_us, site_of(served, cell), *_places(cell, cells), records)


def _people(correspondents: pa.Table, shown: Mapping[int, _Shown]) -> dict[int, dict[int, frozenset[int]]]:
    """IMEI → SIM → numbers that it was in touch with, without those of many."""
    if not shown:
        return {}
    own = correspondents.filter(pc.is_in(correspondents["imei14"], pa.array(sorted(shown), pa.int64())))
    asked = pc.is_in(correspondents["correspondent"], own["correspondent"].combine_chunks())
    everybody = (
        correspondents.filter(asked).group_by("correspondent").aggregate([("imei14", "count_distinct")])
    )
    often = everybody.filter(pc.field("imei14_count_distinct") > COMMON)["correspondent"]
    rare = own.filter(pc.invert(pc.is_in(own["correspondent"], often.combine_chunks())))
    told: dict[int, dict[int, set[int]]] = {}
    columns = (rare[name].to_pylist() for name in ("imei14", "imsi", "correspondent"))
    for one, sim, number in zip(*columns, strict=True):
        told.setdefault(one, {}).setdefault(sim, set()).add(number)
    return {one: {sim: frozenset(numbers) for sim, numbers in sims.items()} for one, sims in told.items()}


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
    imei14, part = divmod(key, MOST)
    return f"{imei14:014d}" + (f"~{part + 1}" if part else "")


def _impossible(jumps: pa.Table, cells: CellList) -> tuple[dict[int, int], dict[int, int]]:
    """IMEI → how often it was at two places at once, and how often two of its SIMs were in use at once."""
    places = [_places(jumps[name].to_numpy(), cells) for name in ("cell_before", "radio_cell")]
    metres = distance_m(*places[0], *places[1])
    seconds = jumps["least_us"].to_numpy() / 1e6
    wrong = np.nan_to_num(metres) > REACH_M + SPEED_MS * seconds
    imei14 = jumps["imei14"].to_numpy()
    at_once = jumps["at_once"].to_numpy()
    return _added(imei14[wrong], jumps["jumps"].to_numpy()[wrong]), _added(
        imei14[at_once > 0], at_once[at_once > 0]
    )


def _added(imei14: Numbers, times: Numbers) -> dict[int, int]:
    imeis, place = np.unique(imei14, return_inverse=True)
    total = np.bincount(place, times, minlength=imeis.size)
    return {int(one): int(many) for one, many in zip(imeis, total, strict=True)}


def _places(radio_cells: Numbers, cells: CellList) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    at = np.minimum(np.searchsorted(cells.radio_cell, radio_cells), cells.radio_cell.size - 1)
    known = cells.radio_cell[at] == radio_cells
    return np.where(known, cells.latitude[at], np.nan), np.where(known, cells.longitude[at], np.nan)
