"""Everything that weighing needs, read and counted once: the scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.presence import visibility
from parloir.presence.aggregates import Dwell, pieces, serving, sites
from parloir.presence.candidates import Candidates, candidates
from parloir.presence.engines import Engine
from parloir.presence.features import Across, Features, across, features
from parloir.presence.handsets import Handsets
from parloir.presence.kept import Kept
from parloir.presence.levels import levels
from parloir.presence.parts import (
    Correspondents,
    OnSite,
    Part,
    joined_correspondents,
    joined_handsets,
    joined_served,
    joined_stints,
    on_site,
    part,
)
from parloir.presence.reach import SERVES, CellList, Reach, reach
from parloir.presence.register import Register, ended_at_search, model_levels, on_transfer, register
from parloir.presence.stints import Stints
from parloir.presence.zones import remark, standard_offset

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
DAY_US = 86_400_000_000
OPEN_DAYS = 3
"""A stint that lasts to within so many days of its site's last record has not ended."""


@dataclass(frozen=True)
class Scene:
    """Attributes as their classes say.

    Attributes:
        prisons: canonical, sorted by identifier.
        site: of each prison.
        single: level of each single kind of each stint.
        left_out: handsets that `aggregates.Prefiltered` left out.
        clock: what was taken for the time of records that tell no offset; empty where nothing is to be said.
    """

    prisons: pa.Table
    cells: CellList
    reach: Reach
    site: Numbers
    handsets: Handsets
    stints: Stints
    rows: OnSite
    seen: Features
    register: Register
    candidates: Candidates
    correspondents: Correspondents
    single: dict[str, Numbers]
    left_out: int
    clock: str = ""

    @property
    def prison_names(self) -> list[str]:
        """Identifiers of the sorted prisons."""
        return [str(name) for name in self.prisons["prison"].to_pylist()]


def scene(connection: duckdb.DuckDBPyConnection, engine: Engine | Kept, dwell: Dwell) -> Scene:
    """Read the views, run the aggregates, count.

    Args:
        connection: canonical tables as views.
        engine: where the aggregates run, or are kept; knows the same `network_records`.
        dwell: the prefilter.
    """
    tables = {name: _all(connection, name) for name in ("prisons", "radio_cells", "requests")}
    prisons = tables["prisons"].sort_by("prison")
    cells = CellList.of(tables["radio_cells"])
    asked = visibility.asked_for(tables["requests"], prisons, cells)
    met = _with_asked(reach(prisons, cells), asked, cells)
    site = sites(met, prisons.num_rows)
    served, alone = serving(met, site), visibility.radio_cells_alone(tables["requests"], asked[0], met, site)
    run = engine.pieces if isinstance(engine, Kept) else partial(pieces, engine)
    local = replace(dwell, offset_min=standard_offset(cells.radio_cell, prisons, dwell.offset_min))
    clock = remark(connection, local.offset_min, dwell.offset_min)
    parts = [part(piece, cells, met, site) for piece in run(served, local, alone)]
    left_out = sum(one.left_out for one in parts)
    told, stints, rows = joined_handsets(parts), joined_stints(parts), on_site(parts)
    calls, near = joined_correspondents(parts), joined_served(parts)
    seen = _features(
        parts, across(stints, [one.sims for one in parts], _shown(tables["requests"], parts, met, site))
    )
    papers = register(connection)
    pairs = candidates(stints, near, met, site)
    single = levels(seen)
    single["model"] = model_levels(told.imei14, papers.seized)[stints.handset]
    names = np.array([str(name) for name in prisons["prison"].to_pylist()], dtype=np.str_)
    single["ending"] = _ending(stints, seen, papers, names, site)
    single["move"] = _moves(stints, papers, names, site)
    return Scene(
        prisons, cells, met, site, told, stints, rows, seen, papers, pairs, calls, single, left_out, clock
    )


def _all(connection: duckdb.DuckDBPyConnection, table: str) -> pa.Table:
    return connection.execute(f"SELECT * FROM {table}").to_arrow_table()


def _with_asked(met: Reach, asked: tuple[Numbers, Numbers], cells: CellList) -> Reach:
    """Radio cells asked for as a prison's own serve it, whatever the geometry says."""
    known = set(zip(met.prison.tolist(), met.radio_cell.tolist(), strict=True))
    pairs = zip(asked[0].tolist(), asked[1].tolist(), strict=True)
    new = sorted({pair for pair in pairs if pair not in known})
    wanted = set(zip(asked[0].tolist(), asked[1].tolist(), strict=True))
    raised = np.array(
        [pair in wanted for pair in zip(met.prison.tolist(), met.radio_cell.tolist(), strict=True)]
    )
    at = np.searchsorted(cells.radio_cell, [cell for _, cell in new])
    networks = np.char.add(np.char.add(cells.operator[at], " "), cells.technology[at])
    share = np.where(raised, np.maximum(met.share, SERVES), met.share) if raised.size else met.share
    return Reach(
        np.concatenate([met.prison, np.array([prison for prison, _ in new], dtype=np.int64)]),
        np.concatenate([met.radio_cell, np.array([cell for _, cell in new], dtype=np.int64)]),
        np.concatenate([met.network, networks]),
        np.concatenate([share, np.full(len(new), SERVES)]),
    )


def _shown(requests: pa.Table, parts: Sequence[Part], met: Reach, site: Numbers) -> visibility.Visibility:
    if requests.num_rows:
        return visibility.from_requests(requests, met, site)
    return visibility.from_records(
        np.concatenate([one.stints.site[one.rows.stint] for one in parts]),
        np.concatenate([one.rows.day for one in parts]),
        np.concatenate([one.rows.elsewhere for one in parts]),
        np.concatenate([one.rows.values["records"] for one in parts]),
    )


def _features(parts: list[Part], others: Across) -> Features:
    """What every stint shows; parts are used up, so that their days are given back."""
    seen = []
    while parts:
        one = parts.pop(0)
        seen.append(features(one.stints, one.rows, one.handsets.imei14, one.numbers, others))
    names = [field.name for field in fields(Features)]
    return Features(*(np.concatenate([getattr(one, name) for one in seen]) for name in names))


def _ending(
    stints: Stints, seen: Features, papers: Register, names: NDArray[np.str_], site: Numbers
) -> Numbers:
    """0 at a search, 1 at none, -1 not ended or no search known."""
    if not stints.size or not papers.searches.num_rows:
        return np.full(stints.size, -1, dtype=np.int64)
    last = np.zeros(int(stints.site.max()) + 1, dtype=np.int64)
    np.maximum.at(last, stints.site, seen.to_us)
    ended = np.zeros(stints.size, dtype=bool)
    for place, name in enumerate(names):
        mine = stints.site == site[place]
        ended[mine] |= ended_at_search(np.full(mine.sum(), name), seen.to_us[mine], papers.searches)
    over = seen.to_us < last[stints.site] - OPEN_DAYS * DAY_US
    return np.where(over, np.where(ended, 0, 1), -1).astype(np.int64)


def _moves(stints: Stints, papers: Register, names: NDArray[np.str_], site: Numbers) -> Numbers:
    """0 on the day of a transfer, 1 on another day, -1 no change of site or no stays known."""
    level = np.full(stints.size, -1, dtype=np.int64)
    if not papers.transfers.num_rows:
        return level
    of_site: dict[int, list[str]] = {}
    for place, name in enumerate(names):
        of_site.setdefault(int(site[place]), []).append(str(name))
    owner, moves = [], []
    for at in np.flatnonzero(np.diff(stints.handset) == 0):
        for source in of_site[int(stints.site[at])]:
            for target in of_site[int(stints.site[at + 1])]:
                owner.append(at)
                moves.append((source, target, int(stints.last[at]), int(stints.first[at + 1])))
    fitting = set(np.array(owner, dtype=np.int64)[on_transfer(moves, papers.transfers)].tolist())
    for at in np.flatnonzero(np.diff(stints.handset) == 0):
        level[at : at + 2] = 0 if int(at) in fitting else 1
    return level
