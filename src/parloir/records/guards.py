"""Append-only tables: the database itself refuses UPDATE, DELETE and TRUNCATE.

Altering a table on SQLite copies it and silently drops its triggers, so they are made again after every
migration; a Django system check and every opening of a workspace fail without them. They stop accidents and
our own code; what a stranger with the file could still change, the hash chain of the custody events shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "records_accesslog",
    "records_authority",
    "records_custodyevent",
    "records_judgement",
    "records_run",
    "records_runerasure",
)
_SAID = "records of this table are only ever added"
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{said}'); END
"""
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
FOR EACH {each} EXECUTE FUNCTION records_append_only()
"""
# A replication role does not switch the guard off either.
_POSTGRESQL_ALWAYS = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_{act}"
_EACH = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}


def make(connection: BaseDatabaseWrapper) -> None:
    """Put up the guards of all append-only tables that exist."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in sorted(existing.intersection(TABLES)):
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return [_SQLITE.format(table=table, act=act, said=_SAID) for act in _acts(vendor)]
    return [
        statement.format(table=table, act=act, each=_EACH[act])
        for act in _acts(vendor)
        for statement in (_POSTGRESQL, _POSTGRESQL_ALWAYS)
    ]


def _acts(vendor: str) -> tuple[str, ...]:
    return ("update", "delete") if vendor == "sqlite" else tuple(_EACH)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the guards that ought to stand and do not, sorted."""
    existing = set(connection.introspection.table_names())
    wanted = {
        f"{table}_no_{act}" for table in existing.intersection(TABLES) for act in _acts(connection.vendor)
    }
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal")
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


def check(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Django's system check `parloir.E001`: every guard stands in every database that was asked about."""
    return [
        Error(f"the guard {name} is missing", hint="run migrate again", id="parloir.E001")
        for alias in databases or ()
        for name in missing(connections[alias])
    ]
