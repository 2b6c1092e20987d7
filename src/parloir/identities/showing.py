"""Records of a case as a person compares them: field by field, side by side, without any weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow.compute as pc

from parloir.errors import InputError
from parloir.identities.weighing import REGISTER_OF, ROLES, read_register

FIELDS = tuple(name for name in ROLES if name != "id")
"""Fields that are compared, in the order shown."""
BETWEEN = " | "
"""Stands between several values of one field: a buyer has several names and addresses."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of two records, empty where a record has none."""

    name: str
    left: str
    right: str


def side_by_side(connection: duckdb.DuckDBPyConnection, left: str, right: str) -> tuple[Field, ...]:
    """The fields that at least one of two records has.

    Args:
        connection: with a view for every canonical table.
        left, right: keys as links write them: `person:…`, `visitor:…`, `contact:…`, `inmate:…`.

    Raises:
        InputError: the case has no such record.
    """
    one, other = _fields(connection, left), _fields(connection, right)
    return tuple(
        Field(name, one.get(name, ""), other.get(name, "")) for name in FIELDS if name in one or name in other
    )


def _fields(connection: duckdb.DuckDBPyConnection, key: str) -> Mapping[str, str]:
    register = REGISTER_OF.get(key.partition(":")[0])
    table = read_register(connection, register) if register else None
    rows = table.filter(pc.field("id") == pc.scalar(key)).to_pylist() if table else []
    if not rows:
        raise InputError(f"the case has no record “{key[:80]}”", do="take its name from `parloir links`")
    found = {name: _distinct(rows, name) for name in FIELDS}
    return {name: text for name, text in found.items() if text}


def _distinct(rows: list[dict[str, Any]], name: str) -> str:
    return BETWEEN.join(dict.fromkeys(str(row[name]) for row in rows if row.get(name)))
