"""Everything that weighing needs, read and counted once: the scene."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.presence import visibility
from parloir.presence.aggregates import Aggregates, Dwell, aggregate, serving, sites
from parloir.presence.candidates import Candidates, candidates
from parloir.presence.engines import Engine
from parloir.presence.features import DayRows, Features, distinct, features
from parloir.presence.handsets import Handsets, handsets, of_sims
from parloir.presence.kept import Kept
from parloir.presence.levels import levels
from parloir.presence.reach import SERVES, CellList, Reach, reach
from parloir.presence.register import Register, ended_at_search, model_levels, on_transfer, register
from parloir.presence.stints import Stints, find

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
DAY_US = 86_400_000_000
OPEN_DAYS = 3
"""A stint that lasts to within so many days of its site's last record has not ended."""
COUNTED = (
    "records", "locked", "night", "outgoing", "incoming", "calls", "data", "talk_s", "two_g",
    "hours", "beat_near", "beat_off", "first_us", "last_us",
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Attributes as their classes say.

    Attributes:
        prisons: canonical, sorted by identifier.
        site: of each prison.
        correspondent_handset: handset of each row of `aggregates.correspondents`, -1 for none.
        single: level of each single kind of each stint.
    """

    prisons: pa.Table
    cells: CellList
    reach: Reach
    site: Numbers
    aggregates: Aggregates
    handsets: Handsets
    stints: Stints
    rows: DayRows
    seen: Features
    register: Register
    candidates: Candidates
    correspondent_handset: Numbers
    single: dict[str, Numbers]

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
    met = _with_asked(reach(prisons, cells), visibility.asked_for(tables["requests"], prisons, cells), cells)
    site = sites(met, prisons.num_rows)
    served = serving(met, site)
    found = engine.aggregate(served, dwell) if isinstance(engine, Kept) else aggregate(engine, served, dwell)
    told = handsets(found, cells)
    stints, rows = _stints(found, told, met, site)
    shown = _shown(tables["requests"], stints, rows, met, site)
    owner = of_sims(told, found.days, found.correspondents)
    numbers = _correspondents(told, found, owner)
    seen = features(stints, rows, told.imei14, numbers, shown)
    papers = register(connection)
    pairs = candidates(stints, rows, met, site)
    single = levels(seen)
    single["model"] = model_levels(told.imei14, papers.seized)[stints.handset]
    names = np.array([str(name) for name in prisons["prison"].to_pylist()], dtype=np.str_)
    single["ending"] = _ending(stints, seen, papers, names, site)
    single["move"] = _moves(stints, papers, names, site)
    return Scene(prisons, cells, met, site, found, told, stints, rows, seen, papers, pairs, owner, single)


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


def _stints(found: Aggregates, told: Handsets, met: Reach, site: Numbers) -> tuple[Stints, DayRows]:
    day, cell = (found.days[name].to_numpy() for name in ("day", "radio_cell"))
    served = serving(met, site)
    at = np.minimum(np.searchsorted(served["radio_cell"].to_numpy(), cell), max(served.num_rows - 1, 0))
    known = served["radio_cell"].to_numpy()[at] == cell if served.num_rows else np.zeros(cell.size, bool)
    where = np.where(known, served["site"].to_numpy()[at] if served.num_rows else -1, -1)
    stints = find(told.of_day, day, where, found.days["records"].to_numpy())
    stint = stints.of_rows(told.of_day, day)
    rows = np.flatnonzero(stint >= 0)
    rows = rows[np.lexsort((cell[rows], day[rows], stint[rows]))]
    near = _near(met, site, stints.site[stint[rows]], cell[rows])
    return stints, DayRows(
        stint[rows],
        day[rows],
        cell[rows],
        found.days["imsi"].to_numpy()[rows],
        where[rows] == stints.site[stint[rows]],
        ~near,
        {name: found.days[name].to_numpy()[rows] for name in COUNTED},
    )


def _near(met: Reach, site: Numbers, of_row: Numbers, cell: Numbers) -> NDArray[np.bool_]:
    """Whether each row's radio cell is in reach of its site."""
    index = np.unique(met.radio_cell)
    known = site[met.prison] * (index.size + 1) + np.searchsorted(index, met.radio_cell)
    at = np.searchsorted(index, cell)
    real = np.isin(cell, index)
    return np.asarray(real & np.isin(of_row * (index.size + 1) + at, known), dtype=bool)


def _shown(
    requests: pa.Table, stints: Stints, rows: DayRows, met: Reach, site: Numbers
) -> visibility.Visibility:
    if requests.num_rows:
        return visibility.from_requests(requests, met, site)
    return visibility.from_records(stints.site[rows.stint], rows.day, rows.elsewhere, rows.values["records"])


def _correspondents(told: Handsets, found: Aggregates, owner: Numbers) -> Floats:
    number = found.correspondents["correspondent"].to_numpy()[owner >= 0]
    return distinct(owner[owner >= 0], number, len(told.names))


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
    for at in np.flatnonzero(np.diff(stints.handset) == 0):
        moves = [
            (source, target, int(stints.last[at]), int(stints.first[at + 1]))
            for source in of_site[int(stints.site[at])]
            for target in of_site[int(stints.site[at + 1])]
        ]
        level[at : at + 2] = 0 if on_transfer(moves, papers.transfers).any() else 1
    return level
