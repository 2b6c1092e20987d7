"""Which radio cells can serve a prison: before any record is read, by distance, beam and a general path loss.

The shares are a starting point with wide margins; what the records show replaces them (`coverage`). The path
loss is that of 3GPP TR 38.901, table 7.4.1-1 (urban macro without line of sight, 39 dB a decade), the antenna
that of 3GPP TR 36.942, clause 4.2.1 (12 (θ/65°)², at most 20 dB). Shadowing of 10 dB stands for all that is
not known: walls, floors, load, repeaters. Which radio cells are out of reach follows from the shares, so that
it means the same where networks are dense and where they are thin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import log_ndtr

from parloir.places import angle_between_deg, bearing_deg, distance_m

SLOPE_DB, SHADOW_DB, BEAM_DEG, BACK_DB = 39.0, 10.0, 65.0, 20.0
FARTHEST_M = 35_000.0
"""GSM's timing advance ends there (3GPP TS 45.010, clause 5.6)."""
STRONGEST = 400
"""Radio cells of one network that are compared; beyond, none is ever the strongest."""
REACHES = 0.998
"""Share of a prison's connections that the radio cells in reach carry together; the others are elsewhere."""
LEVELS, WIDEST = 201, 5.0
"""Levels of the strongest radio cell that are summed over, within so many times the shadowing."""
SERVES = 0.005
"""Least share of a prison's connections for a radio cell to count as serving it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """Radio cells that may be met inside a prison.

    Attributes:
        prison: index into the sorted prisons, shape (n,).
        radio_cell: identifier, shape (n,).
        network: which operator and technology compete with each other, shape (n,).
        share: expected share of the network's connections inside the prison, shape (n,).
    """

    prison: NDArray[np.int64]
    radio_cell: NDArray[np.int64]
    network: NDArray[np.str_]
    share: Floats

    @property
    def serving(self) -> NDArray[np.bool_]:
        """Rows whose radio cell serves the prison; the others are merely near."""
        return np.asarray(self.share >= SERVES)


@dataclass(frozen=True, slots=True)
class CellList:
    """Radio cells as arrays of one length, sorted by identifier; missing azimuths and beams are NaN."""

    radio_cell: NDArray[np.int64]
    operator: NDArray[np.str_]
    technology: NDArray[np.str_]
    latitude: Floats
    longitude: Floats
    azimuth: Floats
    beam: Floats

    @classmethod
    def of(cls, table: pa.Table) -> CellList:
        """From the canonical table; cells without a place are left out, the first of a doubled one stays."""
        known = table.filter(pc.is_valid(table["latitude"])).sort_by("radio_cell")
        _, first = np.unique(known["radio_cell"].to_numpy(), return_index=True)

        def text(name: str) -> NDArray[np.str_]:
            return np.array([value or "" for value in known[name].to_pylist()], dtype=np.str_)[first]

        def number(name: str) -> Floats:
            return np.asarray(known[name].to_numpy(zero_copy_only=False), dtype=np.float64)[first]

        return cls(
            np.asarray(known["radio_cell"].to_numpy(), dtype=np.int64)[first],
            text("operator"),
            text("technology"),
            number("latitude"),
            number("longitude"),
            number("azimuth"),
            number("beam_width"),
        )


def reach(prisons: pa.Table, cells: CellList) -> Reach:
    """Radio cells that may be met inside each prison.

    Args:
        prisons: canonical, sorted; those without a place reach nothing.
        cells: all radio cells.
    """
    parts = [
        _around(place, float(row["latitude"]), float(row["longitude"]), cells)
        for place, row in enumerate(prisons.select(["latitude", "longitude"]).to_pylist())
        if row["latitude"] is not None and row["longitude"] is not None
    ]
    if not parts:
        empty = np.zeros(0)
        return Reach(empty.astype(np.int64), empty.astype(np.int64), empty.astype(np.str_), empty)
    return Reach(
        np.concatenate([part.prison for part in parts]),
        np.concatenate([part.radio_cell for part in parts]),
        np.concatenate([part.network for part in parts]),
        np.concatenate([part.share for part in parts]),
    )


def _around(place: int, latitude: float, longitude: float, cells: CellList) -> Reach:
    metres = distance_m(cells.latitude, cells.longitude, latitude, longitude)
    near = np.flatnonzero(metres <= FARTHEST_M)
    level = _level(metres[near], near, latitude, longitude, cells)
    networks = np.char.add(np.char.add(cells.operator[near], " "), cells.technology[near])
    kept, shares = [], []
    for network in np.unique(networks):
        rows = np.flatnonzero(networks == network)
        strongest = rows[np.argsort(-level[rows], kind="stable")[:STRONGEST]]
        share = best_server(level[strongest])
        reaching = _reaching(share)
        kept.append(strongest[reaching])
        shares.append(share[reaching])
    chosen = np.concatenate(kept) if kept else np.zeros(0, dtype=np.intp)
    place_of = np.full(chosen.size, place, dtype=np.int64)
    share = np.concatenate(shares) if shares else np.zeros(0)
    return Reach(place_of, cells.radio_cell[near[chosen]], networks[chosen], share)


def _reaching(share: Floats) -> NDArray[np.intp]:
    """The fewest radio cells that carry `REACHES` of all connections together."""
    order = np.argsort(-share, kind="stable")
    before = np.cumsum(share[order]) - share[order]
    return np.sort(order[before < REACHES])


def _level(
    metres: Floats, near: NDArray[np.intp], latitude: float, longitude: float, cells: CellList
) -> Floats:
    """Median received level, dB up to a constant; within 100 m all are equally near."""
    towards = bearing_deg(cells.latitude[near], cells.longitude[near], latitude, longitude)
    beam = np.where(np.isfinite(cells.beam[near]), np.clip(cells.beam[near], 30.0, 360.0), BEAM_DEG)
    off = 12.0 * (angle_between_deg(towards, np.nan_to_num(cells.azimuth[near])) / beam) ** 2
    antenna = np.where(np.isfinite(cells.azimuth[near]) & (beam < 300.0), np.minimum(off, BACK_DB), 0.0)
    return np.asarray(-SLOPE_DB * np.log10(np.maximum(metres, 100.0)) - antenna, dtype=np.float64)


def best_server(level: Floats) -> Floats:
    """How often each radio cell is the strongest when every level (n,), in dB, is shadowed on its own.

    The chance that it is at a level and all others are below, summed over levels: none is too small to tell.
    """
    wide = WIDEST * SHADOW_DB
    at = np.linspace(level.max() - wide, level.max() + wide, LEVELS)
    off = (at[:, None] - level) / SHADOW_DB
    below = log_ndtr(off)
    best = np.exp(below.sum(axis=1, keepdims=True) - below - off**2 / 2.0).sum(axis=0)
    return np.asarray(best / best.sum(), dtype=np.float64)
