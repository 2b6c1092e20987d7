"""Whether a simulated world is like the real one where that is known: measured beside the anchor and its
source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from parloir.places import distance_m
from parloir.trials.truth import Truth


@dataclass(frozen=True, slots=True)
class Anchor:
    """One property of the world: measured, the interval it must lie in, and where that is from."""

    name: str
    measured: float
    low: float
    high: float
    source: str

    @property
    def holds(self) -> bool:
        """Whether it lies where it must."""
        return self.low <= self.measured <= self.high


_DAY = 86_400_000_000


def anchors(truth: Truth, connection: duckdb.DuckDBPyConnection) -> list[Anchor]:
    """Every anchor that is documented, measured on the evidence (`connection`) and the truth."""
    world, values = truth.world, truth.world["values"]
    prevalence = values["handsets.prevalence"]
    return [
        Anchor("active handsets an inmate", _stock(truth), 0.8 * prevalence, 1.2 * prevalence, "parameter"),
        Anchor("ends in a year for each in use", _flow(truth), 365 / 183, 365 / 91, "life of 3–6 months"),
        Anchor("handsets and accessories found for each inmate in a year", _finds(truth, connection),
               0.5 * FINDS * prevalence / 0.165, 1.2 * FINDS * prevalence / 0.165,
               "40,000 a year among 89,163, accessories in some counts; means a prevalence of 11–22%"),
        Anchor("SIMs of a handset in its life", _sims(truth), 2.25, 2.55, "2.4 (IFT, 2018)"),
        Anchor("recorded calls a handset-week", _calls(truth, connection), 55, 76, "76 (IFT), less losses"),
        Anchor("mean stay in months", mean_stay(world, connection), 7.8, 8.8, "8.3 (monthly statistics)"),
        Anchor("transfers in a place-year", _transfers(world, connection), 0.80, 0.96, "0.88"),
        Anchor("inmates never visited", _never_visited(connection), 0.45, 0.55, "half"),
        Anchor("records outside the nearest site's polygon", leakage(connection), 0.60, 0.85, "over 60%"),
        Anchor("records of outsiders", 1 - _inside(truth, connection), 0.95, 0.995, "95% and more"),
    ]  # fmt: skip


FINDS = 40_000 / 89_163
"""Handsets and accessories seized in France in a year, for each inmate."""
MONTH = 30.44 * _DAY


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    row = connection.execute(query).fetchone()
    return float(row[0]) if row and row[0] is not None else float("nan")


def _stock(truth: Truth) -> float:
    return len(truth.at_end) / float(truth.table("prison_cells")["inmates"].to_numpy().sum())


def _flow(truth: Truth) -> float:
    """Handsets that ended in the last 180 days, for each that is in use, as a year's rate."""
    end = truth.world["end_us"]
    ended = sum(end - 180 * _DAY < h["end_us"] < end for h in truth.handsets)
    return float(ended / max(len(truth.at_end), 1) * 365 / 180)


def _finds(truth: Truth, connection: duckdb.DuckDBPyConnection) -> float:
    """Items in the search reports, for each inmate present and year of the history."""
    years = float(truth.world["values"]["world.history_days"]) / 365
    found = _one(connection, "SELECT count(*) FROM seizures WHERE item IN ('handset', 'accessory', 'sim')")
    return found / years / float(truth.table("prison_cells")["inmates"].to_numpy().sum())


def mean_stay(world: Mapping[str, Any], connection: duckdb.DuckDBPyConnection) -> float:
    """Months of a stay in the register of inmates: time inside during the history for each release.

    Stays that began before the history count from its beginning and those that last still until its end, so
    that neither is taken for a short one (the exponential's estimate under left truncation and right
    censoring; for any other law, Little's: those present divided by those who leave).
    """
    end = world["end_us"]
    first = end - float(world["values"]["world.history_days"]) * _DAY
    return _one(
        connection,
        f"SELECT sum(coalesce(released_us, {end}) - greatest(committed_us, {first}))"
        f" / count(released_us) / {MONTH} FROM inmates",
    )


def _sims(truth: Truth) -> float:
    return float(truth.table("sims").num_rows / max(len(truth.handsets), 1))


def _calls(truth: Truth, connection: duckdb.DuckDBPyConnection) -> float:
    """Calls in the records of contraband handsets, for each handset-week between first and last record."""
    world = truth.world
    first, end = world["end_us"] - world["days"] * _DAY, world["end_us"]
    running = [h for h in truth.handsets if h["active"] and not h["never_on"] and not h["cloned"]]
    weeks = sum(min(h["end_us"], end) - max(h["start_us"], first) for h in running) / (7 * _DAY)
    codes = [imei for h in running for imei in h["imeis"]]
    row = connection.execute(
        "SELECT count(*) FROM network_records WHERE imei14 IN (SELECT unnest(?::BIGINT[]))"
        " AND kind IN ('call_out', 'call_in') AND coalesce(request, 'R') LIKE 'R%'",
        [codes],
    ).fetchone()
    return float(row[0]) / weeks if row and weeks else float("nan")


def _inside(truth: Truth, connection: duckdb.DuckDBPyConnection) -> float:
    codes = [imei for h in truth.handsets for imei in h["imeis"]]
    row = connection.execute(
        "SELECT avg((imei14 IN (SELECT unnest(?::BIGINT[])))::INT) FROM network_records", [codes]
    ).fetchone()
    return float(row[0]) if row else float("nan")


def _transfers(world: Mapping[str, Any], connection: duckdb.DuckDBPyConnection) -> float:
    """Changes of prison in the registers, for each place and year of the history."""
    days = float(world["values"]["world.history_days"])
    moves = _one(
        connection,
        "SELECT count(*) FROM"
        " (SELECT prison, lag(prison) OVER (PARTITION BY inmate ORDER BY from_us) AS before FROM stays)"
        " WHERE before IS NOT NULL AND before <> prison",
    )
    present = _one(connection, "SELECT count(*) FROM stays WHERE to_us IS NULL")
    return moves / present / days * 365


def _never_visited(connection: duckdb.DuckDBPyConnection) -> float:
    """Of the inmates who came more than three months ago and are still inside."""
    return _one(
        connection,
        "SELECT avg((v.inmate IS NULL)::INT)"
        " FROM inmates i LEFT JOIN (SELECT DISTINCT inmate FROM visits) v USING (inmate)"
        " WHERE i.released_us IS NULL"
        " AND i.committed_us < (SELECT max(started_us) FROM visits) - 90 * 86400000000::BIGINT",
    )


def leakage(connection: duckdb.DuckDBPyConnection) -> float:
    """Share of the answers about a prison's radio cells that another site than the nearest to the prison
    carried.

    Nearest among the sites of the record's operator: the operator's Voronoi polygon that the prison lies in.
    """
    answers = leakage_by_prison(connection).values()
    return sum(outside for outside, _ in answers) / max(sum(every for _, every in answers), 1)


def leakage_by_prison(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Of each prison's answers, how many another site than the nearest carried, and how many there are."""
    near = nearest_sites(connection)
    connection.register("nearest_sites", near)
    rows = connection.execute(
        "SELECT substr(r.request, 3, 4), count(*) FILTER (n.radio_cell IS NULL), count(*)"
        " FROM network_records r LEFT JOIN nearest_sites n"
        " ON n.radio_cell = r.radio_cell AND n.prison = substr(r.request, 3, 4)"
        " WHERE r.request LIKE 'R-%' GROUP BY ALL ORDER BY 1"
    ).fetchall()
    connection.unregister("nearest_sites")
    return {str(prison): (int(outside), int(every)) for prison, outside, every in rows}


def nearest_sites(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """The radio cells on each operator's nearest site to each prison."""
    sites = connection.execute(
        "SELECT radio_cell, operator, latitude, longitude FROM radio_cells ORDER BY radio_cell"
    ).to_arrow_table()
    prisons = connection.execute("SELECT prison, latitude, longitude FROM prisons ORDER BY prison").fetchall()
    latitude, longitude = sites["latitude"].to_numpy(), sites["longitude"].to_numpy()
    codes, operators = sites["radio_cell"].to_numpy(), np.array(sites["operator"].to_pylist())
    found: list[tuple[str, int]] = []
    for prison, lat, lon in prisons:
        metres = distance_m(lat, lon, latitude, longitude)
        for operator in np.unique(operators):
            of = np.flatnonzero(operators == operator)
            found += [(prison, int(c)) for c in codes[of[metres[of] < metres[of].min() + 1]]]
    names, codes_near = zip(*found, strict=True)
    return pa.table({"prison": names, "radio_cell": pa.array(codes_near, pa.int64())})


def by_class(truth: Truth, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Records by the true class of their device; passers-by are what no table names."""
    devices = truth.table("devices")
    connection.register("true_devices", devices)
    codes = [imei for h in truth.handsets for imei in h["imeis"]]
    rows = connection.execute(
        "SELECT CASE WHEN r.imei14 IN (SELECT unnest(?::BIGINT[])) THEN 'contraband'"
        " ELSE coalesce(d.class, 'passer-by') END AS class, count(*) FROM network_records r"
        " LEFT JOIN (SELECT imei14, min(class) AS class FROM true_devices GROUP BY ALL) d USING (imei14)"
        " WHERE r.imei14 IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1",
        [codes],
    ).fetchall()
    return {str(name): int(count) for name, count in rows}
