"""Settings in the code, in the table and in the documentation are the same ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parloir.errors import InputError
from parloir.records import actor
from parloir.records.actor import Actor
from parloir.records.environment import SETTINGS, value

ROOT = Path(__file__).parents[2]
NAMES = {setting.name for setting in SETTINGS}


def test_every_setting_that_the_code_reads_is_in_the_table() -> None:
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "environment.py":
            found.update(re.findall(r'"(PARLOIR_[A-Z_]+|DATABASE_URL)"', path.read_text("utf-8")))
    assert found == NAMES


def test_every_setting_is_documented_with_its_default_and_meaning() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else 'unset'} | {s.meaning} |" for s in SETTINGS]
    assert [line for line in page.splitlines() if line.startswith("| `")] == rows


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOIR_HOME", "")
    assert value("PARLOIR_HOME") == "./parloir-data"


def test_the_person_acting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLOIR_USER", "Alice Martin")
    monkeypatch.setenv("PARLOIR_ORGANISATION", "Prison intelligence unit")
    monkeypatch.setenv("PARLOIR_PURPOSE", "inquiry 2025-117")
    assert Actor.from_environment() == Actor("Alice Martin", "Prison intelligence unit", "inquiry 2025-117")
    monkeypatch.delenv("PARLOIR_USER")
    monkeypatch.setattr(actor.getpass, "getuser", lambda: "amartin")
    assert Actor.from_environment().name == "amartin"


def test_a_system_without_names_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLOIR_USER", raising=False)

    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr(actor.getpass, "getuser", nobody)
    with pytest.raises(InputError, match="set PARLOIR_USER"):
        Actor.from_environment()
