"""Dumps made for tests: official structures, rows put in as the tools write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "shops"
PS16, PS9 = "prestashop_ps16_schema_fixtures.sql", "prestashop_ps9_schema_fixtures.sql"
HPOS, LEGACY = "woocommerce_10.5.2_hpos.sql", "woocommerce_10.5.2_legacy_posts.sql"
SINGLE = "woocommerce_hpos_complete_singlerow.sql.gz"

_ESCAPES = {0: "\\0", 10: "\\n", 13: "\\r", 26: "\\Z", 34: '\\"', 39: "\\'", 92: "\\\\"}


@cache
def sample(name: str) -> str:
    return (DATA / name).read_text("utf-8")


@cache
def structure(name: str, table: str) -> str:
    found = re.search(rf"CREATE TABLE `{table}` \(.*?;\n", sample(name), re.S)
    assert found, table
    return found[0]


def columns(name: str, table: str) -> list[str]:
    return re.findall(r"^  `(\w+)`", structure(name, table), re.M)


def literal(value: Any) -> str:
    """As mysqldump writes it."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value.translate(_ESCAPES)}'"


def insert(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """A complete insert of rows that all have the columns of the first."""
    names = list(rows[0])
    listed = ", ".join(f"`{name}`" for name in names)
    values = ",\n".join("(" + ",".join(literal(row[name]) for name in names) + ")" for row in rows)
    return f"INSERT INTO `{table}` ({listed}) VALUES\n{values};\n"


def with_rows(name: str, tables: Mapping[str, Sequence[Mapping[str, Any]]], extra: str = "") -> bytes:
    """An official sample with further rows, and further structures, before its last line."""
    body, end = sample(name).split("-- Dump completed")
    inserts = "".join(insert(table, rows) for table, rows in tables.items())
    return f"{body}{extra}{inserts}-- Dump completed{end}".encode()
