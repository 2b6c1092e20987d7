"""What searches have found so far, and where they found nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from parloir.holders.activity import DAY_US
from parloir.holders.unseen import Unseen


@dataclass(frozen=True)
class Searched:
    """The searches that the seizure reports tell of.

    Attributes:
        of_prison: by prison the moment and the prison cell of each search, in order of time.
        seized: handsets that were found, and the IMEIs of those that an order alone told of.
        unseen: what they tell of handsets that no record shows.
    """

    of_prison: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    seized: frozenset[int] = frozenset()
    unseen: Unseen = field(default_factory=Unseen)


def load_searched(connection: duckdb.DuckDBPyConnection, handsets: pa.Table) -> Searched:
    """Read them from `seizures`, where a search that found nothing is a row too.

    Reports on one prison cell on one day are of one search: each item found has a row, and two files may tell
    of the same search.

    Args:
        connection: with the canonical views.
        handsets: imei14, handset.
    """
    rows = connection.execute(
        "SELECT found_us, prison, prison_cell FROM seizures"
        " WHERE found_us IS NOT NULL AND prison IS NOT NULL AND prison_cell IS NOT NULL ORDER BY ALL"
    ).fetchall()
    first: dict[tuple[str, str, int], int] = {}
    for moment, prison, prison_cell in rows:
        first.setdefault((prison, prison_cell, moment // DAY_US), moment)
    of_prison: dict[str, list[tuple[int, str]]] = {}
    for (prison, prison_cell, _), moment in first.items():
        of_prison.setdefault(prison, []).append((moment, prison_cell))
    return Searched(
        {prison: tuple(sorted(searches)) for prison, searches in of_prison.items()},
        _seized(connection, handsets),
    )


def _seized(connection: duckdb.DuckDBPyConnection, handsets: pa.Table) -> frozenset[int]:
    found = connection.execute("SELECT DISTINCT unnest(imeis) FROM seizures").fetchall()
    imeis = {imei14 for (imei14,) in found}
    weighed = {row["handset"] for row in handsets.to_pylist() if row["imei14"] in imeis}
    return frozenset(weighed | {imei14 for imei14 in imeis if imei14 is not None})
