from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from parloir.errors import InputError, RecordsError
from parloir.records.databases import SQLITE_FILE
from parloir.records.models import Binding, User
from parloir.records.setup import MARK, open_workspace
from parloir.records.workspace import Workspace
from tests import acts
from tests.conftest import FUTURE, LEADER
from tests.kill import Act, together


def test_a_workspace_opens_again(workspace: Workspace) -> None:
    again = open_workspace(workspace.home, actor=LEADER)
    assert again == workspace
    assert (workspace.home / MARK).read_text().strip() == str(Binding.objects.get().workspace)


def test_no_workspace_is_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="no workspace in this folder"):
        open_workspace(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_home_comes_from_the_environment(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOIR_HOME", str(new_home))
    workspace = open_workspace(create=True)
    assert workspace.home == new_home
    assert workspace.actor.name == LEADER.name


def test_an_empty_folder_gets_all_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = tmp_path / "deep" / "home"
    open_workspace(home, create=True, actor=LEADER)
    assert (home / SQLITE_FILE).exists()
    assert home.stat().st_mode & 0o077 == 0, "others may not look into the workspace"
    assert not User.objects.exists()


def test_several_workspaces_in_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    first = open_workspace(tmp_path / "first", create=True, actor=LEADER)
    User.objects.create(username="only in the first")
    second = open_workspace(tmp_path / "second", create=True, actor=LEADER)
    assert not User.objects.exists()
    first.use()
    assert User.objects.count() == 1
    second.use()
    assert not User.objects.exists()


def test_starting_together_migrates_once(tmp_path: Path, new_home: Path) -> None:
    if "DATABASE_URL" in os.environ:
        home = new_home
        call_command("migrate", "records", "zero", verbosity=0, interactive=False)
        connections["default"].close()
    else:
        home = tmp_path / "fresh"
    assert together([Act(acts.start, (home,))] * 3) == [0, 0, 0]
    open_workspace(home, actor=LEADER)
    assert Binding.objects.count() == 1


def test_a_newer_database_is_refused(workspace: Workspace) -> None:
    MigrationRecorder(connection).Migration.objects.create(
        app="records", name=FUTURE, applied=datetime.now(UTC)
    )
    with pytest.raises(RecordsError, match="a newer Parloir wrote these records"):
        open_workspace(workspace.home)


def test_a_missing_guard_is_refused(workspace: Workspace) -> None:
    with connection.cursor() as cursor:
        suffix = " ON records_custodyevent" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER records_custodyevent_no_update{suffix}")
    with pytest.raises(RecordsError, match="records_custodyevent_no_update"):
        open_workspace(workspace.home)


def test_records_of_another_workspace_are_refused(workspace: Workspace) -> None:
    (workspace.home / MARK).write_text("00000000-0000-0000-0000-000000000000\n")
    sealed = workspace.vault / "aa" / "bb" / ("aabb" + "0" * 60)
    sealed.parent.mkdir(parents=True)
    sealed.write_bytes(b"evidence")
    with pytest.raises(RecordsError, match="not the one of this workspace"):
        open_workspace(workspace.home)
    assert sealed.exists(), "nothing may be swept by the records of another workspace"


def test_a_second_folder_on_one_database_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    if connection.vendor == "sqlite":
        connections["default"].close()
        shutil.copy(workspace.home / SQLITE_FILE, other / SQLITE_FILE)
    with pytest.raises(RecordsError, match="not the one of this workspace"):
        open_workspace(other, create=True)


def test_a_lost_database_is_not_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = open_workspace(tmp_path / "home", create=True, actor=LEADER).home
    connections["default"].close()
    for path in home.glob(f"{SQLITE_FILE}*"):
        path.unlink()
    with pytest.raises(RecordsError, match="from a backup"):
        open_workspace(home, create=True)
    assert not (home / SQLITE_FILE).exists()


def test_a_crash_between_mark_and_binding_is_mended(new_home: Path) -> None:
    name = "0d8fe7ad-6f0a-4d0c-9d5c-0f3f2a3c9d11"
    (new_home / MARK).write_text(f"{name}\n")
    open_workspace(new_home)
    assert str(Binding.objects.get().workspace) == name


@pytest.mark.parametrize("url", ["mysql://somewhere/else", "postgresql://host:port:port/%%"])
def test_an_address_that_is_none_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(InputError, match="DATABASE_URL"):
        open_workspace(tmp_path / "home", create=True)


def test_an_unreachable_server_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(RecordsError, match="the records database failed"):
        open_workspace(tmp_path / "home", create=True)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / SQLITE_FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(RecordsError, match="the records database failed"):
        open_workspace(tmp_path, create=True)


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    open_workspace(tmp_path / "home", create=True, actor=LEADER)
    with connection.cursor() as cursor:
        found = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 60_000,
    }


def test_every_model_is_migrated(workspace: Workspace) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    assert workspace


def test_a_folder_that_may_not_be_written_is_one_sentence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(workspace.home / ".busy"))

    monkeypatch.setattr("parloir.records.workspace.os.open", forbidden)
    with pytest.raises(RecordsError, match="Permission denied"):
        open_workspace(workspace.home)
