"""Which database holds the records of a workspace: SQLite in its folder, or PostgreSQL by `DATABASE_URL`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError
from django.db import connections

from parloir.errors import InputError, RecordsError
from parloir.records.environment import value

SQLITE_FILE = "parloir.sqlite3"
BUSY_S = 60
"""How long a writer waits for another before it gives up, in seconds."""
_PRAGMAS = (
    "journal_mode = WAL",  # readers never wait for a writer
    "synchronous = FULL",  # a commit survives a power cut
    "foreign_keys = ON",
    "recursive_triggers = ON",  # INSERT OR REPLACE fires the guards against DELETE
)


def database_of(home: Path) -> dict[str, Any]:
    """Django's description of the database of the workspace `home`.

    Raises:
        InputError: `DATABASE_URL` is set and is not the address of a PostgreSQL database.
    """
    url = value("DATABASE_URL")
    return _postgresql(url) if url else _sqlite(home)


def _sqlite(home: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home.resolve() / SQLITE_FILE),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # two writers queue up instead of failing midway
            "timeout": BUSY_S,
            "init_command": "; ".join(f"PRAGMA {pragma}" for pragma in _PRAGMAS),
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    # Here, as a workspace with SQLite starts without it.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    advice = "set DATABASE_URL to postgresql://user:password@host:5432/name, or unset it for SQLite"
    if not url.startswith(("postgresql://", "postgres://")):
        raise InputError("DATABASE_URL is not the address of a PostgreSQL database", do=advice)
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except ProgrammingError as error:
        raise InputError("DATABASE_URL cannot be understood", do=advice) from error
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    described = {key: str(parts.pop(name, "") or "") for key, name in names.items()}
    return {"ENGINE": "django.db.backends.postgresql", **described, "OPTIONS": parts}


def point_at(database: dict[str, Any]) -> None:
    """Make `database` the default one of this thread; nothing happens when it is already."""
    current = connections["default"].settings_dict
    if all(current[key] == wanted for key, wanted in database.items()):
        return
    connections["default"].close()
    settings = connections.configure_settings({"default": dict(database)})
    connections.settings["default"] = settings["default"]
    del connections["default"]


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Turn an error of the database or of the disk into one sentence.

    Raises:
        RecordsError: the database refused or could not be reached, or a file could not be written.
    """
    try:
        yield
    except DatabaseError as error:
        first = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise RecordsError(
            f"the records database failed ({first})",
            where=where,
            do="check that it runs and that you may write to it, then try again",
        ) from error
    except OSError as error:
        raise RecordsError(
            f"a file of the workspace failed ({error.strerror or error})",
            where=str(error.filename or where),
            do="check the free space and the permissions, then try again",
        ) from error
