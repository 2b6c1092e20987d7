"""What lists and seizures of handsets teach: codes, runs of serial numbers, and labels typed wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from parloir import catalogue
from parloir.identifiers import imei

_LABELS = """
SELECT imei14, written, coalesce(model, '') AS model, origin, locator FROM (
    SELECT unnest(imeis) AS imei14, unnest(imeis_raw) AS written, model, 'seized' AS origin,
        evidence || '!' || member || '!' || source_table || '#' || source_row AS locator FROM seizures
    UNION ALL
    SELECT imei14, imei_raw, model, origin,
        evidence || '!' || member || '!' || source_table || '#' || source_row FROM stock
) WHERE imei14 IS NOT NULL OR written IS NOT NULL ORDER BY ALL
"""
_COLUMNS: dict[str, pa.DataType] = {
    "written": pa.string(),
    "origin": pa.string(),
    "meant": pa.string(),
    "change": pa.string(),
    "model": pa.string(),
    "distance": pa.int64(),
    "locator": pa.string(),
}
MISTYPED = pa.schema([pa.field(name, kind) for name, kind in _COLUMNS.items()])
"""Labels with a wrong check digit, one row a proposal; `meant` and what follows are null without one."""


@dataclass(frozen=True)
class Stock:
    """What the case's handsets in the hand teach.

    Attributes:
        labels: IMEIs read from labels.
        learnt: codes and runs, schema `catalogue.LEARNT`; labels with a wrong check digit taught nothing.
        mistyped: schema `MISTYPED`.
    """

    labels: int
    learnt: pa.Table
    mistyped: pa.Table


def stock(connection: duckdb.DuckDBPyConnection) -> Stock:
    """Learn the codes and runs of a case, and propose what mistyped labels meant.

    A model that nobody wrote is "not told": the run still serves the proposals.

    Args:
        connection: with the canonical views.
    """
    rows = connection.execute(_LABELS).to_arrow_table().to_pylist()
    wrong = [row for row in rows if _is_wrong(row["written"])]
    right = [row for row in rows if row["imei14"] is not None and not _is_wrong(row["written"])]
    learnt = catalogue.learn((row["imei14"], row["model"] or "not told") for row in right)
    mistyped = [line for row in wrong for line in _lines(row, learnt)]
    return Stock(len(rows), learnt, pa.Table.from_pylist(mistyped, schema=MISTYPED))


def _is_wrong(written: str | None) -> bool:
    parsed = imei.parse(written)
    # A label has no filler: the zero that networks send is a wrong digit here.
    return parsed is not None and parsed.check in ("wrong", "zero")


def _lines(row: dict[str, Any], learnt: pa.Table) -> list[dict[str, Any]]:
    about = {"written": row["written"], "origin": row["origin"], "locator": row["locator"]}
    proposals = catalogue.corrections(row["written"], learnt)
    return [
        {**about, "meant": p.label, "change": p.change, "model": p.model, "distance": p.distance}
        for p in proposals
    ] or [about]
