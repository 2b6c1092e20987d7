"""Every setting that Parloir reads from the environment, in one place. `docs/settings.md` lists the same."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its value when unset, and what it does."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("PARLOIR_HOME", "./parloir-data", "Folder of the workspace: vault, tables, runs, records."),
    Setting(
        "DATABASE_URL",
        "",
        "PostgreSQL address of the records, as postgresql://user:password@host:5432/name; "
        "unset, they lie in parloir.sqlite3 in the workspace.",
    ),
    Setting(
        "PARLOIR_ENGINE",
        "duckdb",
        "Where network records are aggregated: duckdb, or Apache Spark (extra parloir[spark], Java 17): "
        "local[2] for two threads of this machine, "
        "spark://host:port for a master whose workers share its files.",
    ),
    Setting("PARLOIR_USER", "", "Name of the person acting; unset, the login name."),
    Setting("PARLOIR_ORGANISATION", "", "Organisation of the person acting, as custody events state it."),
    Setting("PARLOIR_PURPOSE", "", "Why the person acts, as the access log states it."),
)
"""Name, default and meaning of each."""


def value(name: str) -> str:
    """The environment's value of a setting, or its default.

    Raises:
        KeyError: `name` is not in `SETTINGS`, which is a defect.
    """
    default = {setting.name: setting.default for setting in SETTINGS}[name]
    return os.environ.get(name) or default
