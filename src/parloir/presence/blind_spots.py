"""What keeps records and lists from showing anything: "no handset" must not be read as "no phone there"."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np

from parloir.places import distance_m

FARTHEST_M = 35_000.0
"""How far a radio cell serves at most: the timing advance of GSM ends there (3GPP TS 45.010, 5.6)."""
APART_M = 50.0
"""Prisons nearer to each other than this share every radio cell."""
FEW_DAYS = 3
DAY_US = 86_400_000_000
_ASK = "ask the operators for it, or map its column (--mapping)"
_RECORDS = """
SELECT count(*), count(imei14), count(r.radio_cell), count(c.radio_cell),
       coalesce(max(started_us) - min(started_us), 0)
FROM network_records r LEFT JOIN (SELECT DISTINCT radio_cell FROM radio_cells) c USING (radio_cell)
"""
_PRISONS = "SELECT prison, latitude, longitude FROM prisons ORDER BY prison"
_RADIO_CELLS = "SELECT DISTINCT latitude, longitude FROM radio_cells WHERE latitude + longitude IS NOT NULL"
_DOUBTS = """
SELECT severity, reason, count(*) AS rows, min_by(raw, source_row) FROM warnings GROUP BY severity, reason
HAVING severity = 'warning' OR rows > (SELECT count(*) FROM network_records) / 2
ORDER BY rows DESC, reason LIMIT 3
"""


def blind_spots(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Sentences, those that explain most first; none where nothing is in the way.

    Args:
        connection: views `network_records`, `radio_cells`, `prisons`, `warnings`.
    """
    return (*_of_records(connection), *_of_prisons(connection), *_unread(connection))


def _of_records(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    ((rows, imeis, located, listed, span_us),) = connection.execute(_RECORDS).fetchall()
    if not rows:
        yield "no network record can be read: look at the file and its layout"
        return
    if not imeis:
        yield f"none of {rows:,} records names an IMEI: {_ASK}"
    if not located:
        yield f"none of {rows:,} records names a radio cell: {_ASK}"
    elif not listed:
        yield f"no radio cell of {located:,} records is in the list: check that both write them alike"
    elif listed < located / 2:
        yield f"{located - listed:,} of {located:,} records are of radio cells that the list does not have"
    if span_us < FEW_DAYS * DAY_US:
        yield f"the records span {span_us / DAY_US:.1f} days: what lives inside shows after some days only"


def _of_prisons(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    prisons = connection.execute(_PRISONS).fetchall()
    cells = connection.execute(_RADIO_CELLS).fetchnumpy()
    placed = [(name, lat, lon) for name, lat, lon in prisons if lat is not None and lon is not None]
    without = [str(name) for name, lat, lon in prisons if lat is None or lon is None]
    if without:
        yield f"without coordinates no radio cell can be told to serve {_named(without)}"
    for name, lat, lon in placed:
        metres = distance_m(lat, lon, cells["latitude"], cells["longitude"])
        if metres.size and float(np.min(metres)) > FARTHEST_M:
            yield (
                f"no radio cell of the list lies within {FARTHEST_M / 1000:.0f} km of {name}: look at its "
                f"coordinates (latitude {lat:g}, longitude {lon:g})"
            )
    for place, (name, lat, lon) in enumerate(placed):
        near = [
            o for o, olat, olon in placed[place + 1 :] if float(distance_m(lat, lon, olat, olon)) < APART_M
        ]
        if near:
            yield f"{_named([name, *near])} lie at one point: their handsets cannot be told apart"


def _unread(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for severity, reason, rows, raw in connection.execute(_DOUBTS).fetchall():
        became = "set aside" if severity == "warning" else "kept without a value"
        yield f"{rows:,} × {became}: {reason}, first “{(raw or '')[:60]}”"


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
