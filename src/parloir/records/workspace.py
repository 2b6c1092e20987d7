"""One folder with everything: vault, tables, runs and, without `DATABASE_URL`, the records."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from parloir.records.actor import Actor
from parloir.records.databases import database_of, point_at


@dataclass(frozen=True)
class Workspace:
    """An open workspace and the person who acts in it.

    Attributes:
        home: the folder, absolute.
        actor: every act in this workspace is this person's.
    """

    home: Path
    actor: Actor = field(default_factory=Actor.from_environment)

    @property
    def vault(self) -> Path:
        """Sealed files."""
        return self.home / "vault"

    @property
    def tables(self) -> Path:
        """Canonical tables, one folder a case and below it one an evidence item."""
        return self.home / "tables"

    @property
    def runs(self) -> Path:
        """Findings and leads, one folder a case and below it one a run."""
        return self.home / "runs"

    @property
    def working(self) -> Path:
        """Working tables, one folder a case; see `parloir.tables.working`."""
        return self.home / "working"

    def tables_of(self, case: int, number: int, reading: int = 1) -> Path:
        """Folder of the tables of a reading of evidence item `number` of the case whose key is `case`."""
        name = f"evidence{number}" if reading == 1 else f"evidence{number}-{reading}"
        return self.tables / f"case{case}" / name

    def run_of(self, case: int, number: int) -> Path:
        """Folder of run `number` of the case whose key is `case`."""
        return self.runs / f"case{case}" / f"run{number}"

    def working_of(self, case: int) -> Path:
        """Folder of the working tables of the case whose key is `case`."""
        return self.working / f"case{case}"

    def by(self, actor: Actor) -> Workspace:
        """The same workspace in another person's hands."""
        return replace(self, actor=actor)

    def use(self) -> None:
        """Point this thread's default database at the records of this workspace."""
        point_at(database_of(self.home))

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Held while files and records change hands, by any number of processes.

        The kernel drops the lock of a process that dies, however it dies: a sweep, which runs only while
        nobody is busy, may take whatever no record names for a dead process's.
        """
        with _locked(self.home, fcntl.LOCK_SH):
            yield

    @contextmanager
    def idle(self) -> Iterator[bool]:
        """Held by a sweep; yields False at once when somebody is busy."""
        with _locked(self.home, fcntl.LOCK_EX | fcntl.LOCK_NB) as held:
            yield held

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Held by a migration: waits until nobody is busy, and keeps all others waiting."""
        with _locked(self.home, fcntl.LOCK_EX):
            yield


@contextmanager
def _locked(home: Path, kind: int) -> Iterator[bool]:
    descriptor = os.open(home / ".busy", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, kind)
            held = True
        except BlockingIOError:
            held = False
        yield held
    finally:
        os.close(descriptor)
