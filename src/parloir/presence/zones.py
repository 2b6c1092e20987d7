"""The standard time of the evidence, for records that tell no offset from UTC."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from parloir.identifiers.radio_cell import CODED

HOUR_DEG = 15.0
COUNTRY_BIT, COUNTRY_BITS = 49, 0x3FF
"""Where a coded radio cell has its mobile country code (`identifiers.radio_cell`)."""
NEAR_MIN = 60
"""Where no country tells its time, the usual one stays if it is within an hour of the sun's."""


def standard_offset(radio_cells: NDArray[np.int64], prisons: pa.Table, usual: int) -> int:
    """Minutes from UTC: of the country of most radio cells, else by the prisons' longitude; no summer time.

    Args:
        radio_cells: identifiers of all radio cells.
        prisons: canonical.
        usual: what is taken where neither tells.
    """
    coded = radio_cells[radio_cells & CODED != 0]
    countries, many = np.unique(coded >> COUNTRY_BIT & COUNTRY_BITS, return_counts=True)
    country = int(countries[np.argmax(many)]) if countries.size else 0
    if country in _standard():
        return _standard()[country]
    told = prisons["longitude"].drop_null().to_numpy().astype(np.float64)
    if not told.size:
        return usual
    sun = round(float(np.median(told)) / HOUR_DEG) * 60
    return usual if abs(sun - usual) <= NEAR_MIN else sun


def remark(connection: duckdb.DuckDBPyConnection, offset_min: int, usual: int) -> str:
    """What was taken for the time of records that tell no offset, where that is not the usual one."""
    none = "SELECT 1 FROM network_records WHERE offset_min IS NULL AND started_us IS NOT NULL LIMIT 1"
    if offset_min == usual or connection.execute(none).fetchone() is None:
        return ""
    hours, minutes = divmod(abs(offset_min), 60)
    return (
        "Some records tell no offset from UTC. Their hours are taken by the standard time of the place, "
        f"UTC{'-' if offset_min < 0 else '+'}{hours:02}:{minutes:02}."
    )


@cache
def _standard() -> dict[int, int]:
    """Minutes from UTC by mobile country code."""
    text = (files("parloir.presence") / "data" / "zones.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)["standard"]
    return {country: int(minutes) for minutes, countries in told.items() for country in countries}
