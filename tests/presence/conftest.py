from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from parloir.tables import TABLES

from .world import Setting, World, make


def connect(world: World) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, table in TABLES.items():
        connection.register(name, world.tables.get(name, table.schema.empty_table()))
    return connection


@pytest.fixture(scope="session")
def world() -> World:
    return make(Setting(prisons=3, inside=14))


@pytest.fixture(scope="session")
def connected() -> Callable[[World], duckdb.DuckDBPyConnection]:
    return connect
