"""Named baselines: what is done without weighing. None of them sees the truth.

A baseline of `presence` gives IMEIs and prisons with a score; one of `leads` gives leads. New ones are added
to the
two tables at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Baseline:
    """A rule with its name, where it is from, and the rule itself."""

    title: str
    source: str
    run: Callable[[duckdb.DuckDBPyConnection], pa.Table]


_HOME_CELLS = """
WITH asked AS (
    SELECT request, substr(request, 3, 4) AS prison, unnest(radio_cells) AS radio_cell
    FROM requests WHERE kind = 'radio_cells'
),
here AS (SELECT DISTINCT prison, radio_cell FROM asked),
days AS (
    SELECT r.imei14, h.prison, r.started_us // 86400000000 AS day, count(*) AS records,
           count(DISTINCT r.imsi) AS sims, count(*) FILTER (kind = 'call_out') AS outgoing
    FROM network_records r JOIN here h USING (radio_cell)
    WHERE r.imei14 IS NOT NULL GROUP BY ALL
)
"""
_PERU = (
    _HOME_CELLS
    + """,
elsewhere AS (
    SELECT DISTINCT r.imei14, r.started_us // 86400000000 AS day FROM network_records r
    WHERE r.imei14 IS NOT NULL AND r.radio_cell NOT IN (SELECT radio_cell FROM here)
),
only_here AS (SELECT d.* FROM days d ANTI JOIN elsewhere e ON d.imei14 = e.imei14 AND d.day = e.day),
running AS (
    SELECT imei14, prison, day, day - row_number() OVER (PARTITION BY imei14, prison ORDER BY day) AS stretch
    FROM only_here
),
longest AS (SELECT imei14, prison, stretch, count(*) AS days FROM running GROUP BY ALL)
SELECT imei14, prison, max(days) AS score FROM longest GROUP BY ALL HAVING max(days) >= 7
ORDER BY score DESC, imei14, prison
"""
)
_MEXICO = (
    _HOME_CELLS
    + """,
site AS (
    SELECT p.prison, c.radio_cell, row_number() OVER (
        PARTITION BY p.prison, c.operator, c.technology
        ORDER BY pow(c.latitude - p.latitude, 2) + pow((c.longitude - p.longitude) *
        cos(radians(p.latitude)), 2), c.radio_cell
    ) AS nearness
    FROM prisons p JOIN radio_cells c ON abs(c.latitude - p.latitude) < 0.05 AND abs(c.longitude -
    p.longitude) < 0.08
),
nearest AS (SELECT prison, radio_cell FROM site WHERE nearness <= 3),
devices AS (
    SELECT r.imei14, h.prison, count(*) AS records, count(DISTINCT r.imsi) AS sims,
           count(*) FILTER (r.kind = 'call_out') AS outgoing,
           avg((n.radio_cell IS NOT NULL)::INT) AS at_nearest
    FROM network_records r JOIN here h USING (radio_cell)
    LEFT JOIN nearest n ON n.prison = h.prison AND n.radio_cell = r.radio_cell
    WHERE r.imei14 IS NOT NULL GROUP BY ALL
),
usual AS (
    SELECT prison, quantile_cont(outgoing, 0.9) AS outgoing, quantile_cont(records, 0.9) AS records
    FROM devices GROUP BY ALL
),
met AS (
    SELECT d.imei14, d.prison, (d.at_nearest > 0.5)::INT + (d.outgoing > u.outgoing)::INT + (d.sims >= 2)::INT
           + (d.records > u.records)::INT AS score
    FROM devices d JOIN usual u USING (prison)
)
SELECT imei14, prison, score FROM met WHERE score >= 3 ORDER BY score DESC, imei14, prison
"""
)
_SHARED = """
WITH known AS (
    SELECT inmate, number FROM approved_contacts WHERE number IS NOT NULL
    UNION SELECT inmate, number FROM official_calls WHERE number IS NOT NULL
    UNION SELECT v.inmate, unnest(w.numbers) FROM visits v JOIN visitors w USING (visitor)
),
now AS (SELECT inmate, arg_max(prison, from_us) AS prison, arg_max(prison_cell, from_us) AS prison_cell
        FROM stays WHERE to_us IS NULL GROUP BY inmate),
said AS (SELECT DISTINCT imei14, correspondent AS number FROM network_records WHERE imei14 IS NOT NULL),
shared AS (
    SELECT s.imei14, k.inmate, count(DISTINCT s.number) AS numbers
    FROM said s JOIN known k USING (number) GROUP BY ALL
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY imei14 ORDER BY numbers DESC, inmate) AS place FROM shared
)
SELECT r.imei14::VARCHAR AS handset, r.inmate, n.prison, n.prison_cell, 1 - pow(0.5, r.numbers) AS probability
FROM ranked r JOIN now n USING (inmate) WHERE r.place <= 5 AND r.numbers >= 2
ORDER BY handset, probability DESC, r.inmate
"""


def _by(query: str) -> Callable[[duckdb.DuckDBPyConnection], pa.Table]:
    return lambda connection: connection.execute(query).to_arrow_table()


PRESENCE: Mapping[str, Baseline] = {
    "peru": Baseline(
        "a line used only in a prison's radio cells seven days running",
        "rule of the Peruvian regulator",
        _by(_PERU),
    ),
    "mexico": Baseline(
        "three of: nearest station, many outgoing calls, several SIMs, intensity",
        "criteria of Mexico's IFT, 2018",
        _by(_MEXICO),
    ),
}
LEADS: Mapping[str, Baseline] = {
    "shared_numbers": Baseline(
        "most numbers shared with approved contacts, legal calls and visitors, two at least",
        "common practice",
        _by(_SHARED),
    ),
}
