"""What the registers say of handsets: seized ones, their models, searches, transfers."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.catalogue import RUN_GAP, by_tac, learn, nearness

Numbers = NDArray[np.int64]
Codes = NDArray[np.int64]
DAY_US = 86_400_000_000
SERIALS = 1_000_000
MODULES = (
    "cinterion", "enfora", "fibocom", "gemalto", "ipwireless", "neoway", "novatel", "option", "quectel",
    "sierra wireless", "simcom", "telit", "thales", "u-blox", "wavecom",
)  # fmt: skip
"""Makers of radio modules: what bears their codes is an alarm, a meter or a router, not a phone."""
TRANSFER = ("from_prison", "to_prison", "day")
SEARCH_US = 36 * 3_600_000_000
"""A handset that falls silent within a day and a half of a search ended at it: reports are late or early."""


@dataclass(frozen=True)
class Register:
    """Registers as small tables.

    Attributes:
        seized: imei14, prison, found_us, model (text); one row an IMEI.
        searches: prison, found_us; every search, fruitful or not.
        transfers: from_prison, to_prison, day; distinct.
    """

    seized: pa.Table
    searches: pa.Table
    transfers: pa.Table


def register(connection: duckdb.DuckDBPyConnection) -> Register:
    """Read what bears on presence from the canonical views."""
    seized = connection.execute(
        "SELECT unnest(imeis) AS imei14, prison, found_us, coalesce(model, '') AS model FROM seizures "
        "WHERE item = 'handset' AND imeis IS NOT NULL AND prison IS NOT NULL ORDER BY ALL"
    ).to_arrow_table()
    searches = connection.execute(
        "SELECT DISTINCT prison, found_us FROM seizures WHERE found_us IS NOT NULL AND prison IS NOT NULL "
        "ORDER BY ALL"
    ).to_arrow_table()
    transfers = connection.execute(
        "SELECT DISTINCT from_prison, to_prison, at_us // 86400000000 AS day FROM ("
        "SELECT lag(prison) OVER w AS from_prison, prison AS to_prison, from_us AS at_us FROM stays "
        "WINDOW w AS (PARTITION BY inmate ORDER BY from_us, prison)"
        ") WHERE from_prison <> to_prison AND at_us IS NOT NULL ORDER BY ALL"
    ).to_arrow_table()
    return Register(seized, searches, transfers)


def model_levels(imei14: Numbers, seized: pa.Table) -> Codes:
    """Level of the kind `model` of each IMEI (n,), by its place in `data/kinds.toml`.

    A seized handset is held against the other seized ones, never against itself.
    """
    known = np.unique(seized["imei14"].to_numpy())
    tacs, place = np.unique(imei14 // SERIALS, return_inverse=True)
    texts = [str(text) for text in seized["model"].to_pylist()]
    learnt = learn(zip(seized["imei14"].to_numpy().tolist(), texts, strict=True))
    models = [by_tac(int(tac), learnt) for tac in tacs]
    mini = np.array([model is not None and model.mini for model in models], dtype=bool)[place]
    published = np.array([model is not None for model in models], dtype=bool)[place]
    module = np.array(
        [model is not None and model.brand.lower().startswith(MODULES) for model in models], dtype=bool
    )[place]
    seized_type = np.isin(imei14 // SERIALS, known // SERIALS)
    near = _nearness(imei14, known)
    alone = np.isin(imei14, known) & (near == SERIALS)
    level = np.where(module, 4, np.where(published, 2, 3))
    level = np.where(seized_type & ~alone, 1, level)
    return np.where(mini | (near <= RUN_GAP), 0, level).astype(np.int64)


def _nearness(imei14: Numbers, known: Numbers) -> Numbers:
    """Distance to the nearest other seized serial number of the type, `SERIALS` for none."""
    nearest = np.asarray(nearness(imei14, known).fill_null(SERIALS).to_numpy(zero_copy_only=False))
    nearest = nearest.astype(np.int64)
    for at in np.flatnonzero(nearest == 0):
        rest = known[known != imei14[at]]
        value = nearness(imei14[at : at + 1], rest)[0].as_py()
        nearest[at] = SERIALS if value is None else value
    return nearest


def ended_at_search(prison: NDArray[np.str_], to_us: Numbers, searches: pa.Table) -> NDArray[np.bool_]:
    """Whether a last record (n,) lies shortly round a search of its prison (n,)."""
    ended = np.zeros(to_us.size, dtype=bool)
    names = np.array(searches["prison"].to_pylist(), dtype=np.str_)
    times = searches["found_us"].to_numpy()
    for one in np.unique(names):
        found = np.sort(times[names == one])
        mine = np.flatnonzero(prison == one)
        after = np.searchsorted(found, to_us[mine] - SEARCH_US)
        near = np.minimum(after, found.size - 1)
        ended[mine] = (after < found.size) & (found[near] <= to_us[mine] + SEARCH_US)
    return ended


def on_transfer(moves: list[tuple[str, str, int, int]], transfers: pa.Table) -> NDArray[np.bool_]:
    """Whether a transfer between the two prisons fell between two local days, one day's grace, shape (n,)."""
    days: dict[tuple[str, str], list[int]] = {}
    for source, target, day in zip(*(transfers[name].to_pylist() for name in TRANSFER), strict=True):
        days.setdefault((source, target), []).append(day)
    found = [days.get((source, target), []) for source, target, _, _ in moves]
    return np.array(
        [
            any(first - 1 <= day <= last + 1 for day in known)
            for (_, _, first, last), known in zip(moves, found, strict=True)
        ],
        dtype=bool,
    )


def seized_in(
    seized: pa.Table, imei14: Numbers, prison: NDArray[np.object_], from_us: Numbers
) -> NDArray[np.bool_]:
    """Whether a handset (n,) was found in a prison (n,) at or after a first record (n,)."""
    found: dict[tuple[int, str], int] = {}
    for row in seized.to_pylist():
        if row["found_us"] is not None:
            key = (int(row["imei14"]), str(row["prison"]))
            found[key] = max(found.get(key, 0), int(row["found_us"]))
    known = np.zeros(imei14.size, dtype=bool)
    for at in np.flatnonzero(np.isin(imei14, np.array(sorted({imei for imei, _ in found}), dtype=np.int64))):
        known[at] = found.get((int(imei14[at]), str(prison[at])), -1) >= from_us[at]
    return known
