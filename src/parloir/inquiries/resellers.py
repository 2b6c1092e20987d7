"""Orders of many units, repeat orders, and one card, payer, number or relay point under several names.

Shown, not weighed: buying is lawful, and families share telephones, cards and relay points.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

MANY, OFTEN = 4, 3
"""Units or orders of one account from which it is shown. Assumed: a private buyer rarely needs more."""
STANDING = "other party, not a suspect; shown, not weighed"
_COLUMNS: dict[str, pa.DataType] = {
    "rank": pa.int64(),
    "kind": pa.string(),
    "shared": pa.string(),
    "names": pa.list_(pa.string()),
    "orders": pa.int64(),
    "units": pa.int64(),
    "first_us": pa.int64(),
    "last_us": pa.int64(),
    "why": pa.string(),
    "standing": pa.string(),
    "locators": pa.list_(pa.string()),
}
RESELLERS = pa.schema([pa.field(name, kind) for name, kind in _COLUMNS.items()])
"""What `resellers` gives: `kind` is account, card, payer, phone, ip or relay, `shared` its value, `names`
the customers as written, `locators` the rows of the orders."""
_SHARED = {
    "card": "One card",
    "payer": "One payer",
    "phone": "One telephone number",
    "ip": "One IP address (networks share them among many)",
    "relay": "One relay point",
}


def resellers(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """What stands out among the orders, most units first.

    No two groups are merged: whether two of them are one person is for an analyst.

    Args:
        connection: with the canonical views.

    Returns:
        Schema `RESELLERS`.
    """
    sql = files("parloir.inquiries").joinpath("sql/resellers.sql").read_text(encoding="utf-8")
    rows = connection.execute(sql, {"many": MANY, "often": OFTEN}).to_arrow_table().to_pylist()
    shown = [{**row, "rank": n, "why": _why(row), "standing": STANDING} for n, row in enumerate(rows, 1)]
    return pa.Table.from_pylist(shown, schema=RESELLERS)


def _why(row: dict[str, Any]) -> str:
    bought = f"{_number(row['orders'], 'order')}, {_number(row['units'], 'unit')}"
    if row["kind"] == "account":
        return f"One account: {bought}, at most {row['largest']} in one order"
    several = f"{_SHARED[row['kind']]} under {row['people']} names: {bought}"
    return f"{several}, where {row['usual']:.1f} orders are usual" if row["kind"] == "relay" else several


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
