"""Documents are true: nothing that people can use is undocumented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from parloir.cli.application import app
from parloir.readers import READERS
from parloir.records.environment import SETTINGS

ROOT = Path(__file__).parents[2]
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")


def _commands(command: Any, path: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Every command below, with its name as it is typed."""
    below = getattr(command, "commands", None)
    if below is None:
        return [(" ".join(path), command)]
    return [found for name, child in sorted(below.items()) for found in _commands(child, (*path, name))]


ALL_COMMANDS = _commands(typer.main.get_command(app), ("parloir",))


@pytest.mark.parametrize(("name", "command"), ALL_COMMANDS, ids=[name for name, _ in ALL_COMMANDS])
def test_every_command_and_option_is_documented(name, command):
    section = re.search(rf"^## `{re.escape(name)}\b[^\n]*\n(.*?)(?=^## |\Z)", COMMANDS, re.M | re.S)
    assert section, f"docs/commands.md has no section on {name}"
    for parameter in command.params:
        longest = max(parameter.opts, key=len)
        if longest.startswith("--") and longest != "--help":
            assert longest in section.group(0), f"{longest} of {name} is not documented"


def test_no_command_is_documented_that_does_not_exist():
    written = set(re.findall(r"^## `(parloir(?: [a-z-]+)*)", COMMANDS, re.M))
    assert written == {name for name, _ in ALL_COMMANDS}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.name)
def test_every_setting_is_documented(setting):
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert setting.name in text
    assert setting.meaning in text


@pytest.mark.parametrize("reader", READERS, ids=lambda r: r.format)
def test_every_reader_has_its_page(reader):
    page = ROOT / f"docs/formats/{reader.format}.md"
    assert page.exists(), f"docs/formats/{reader.format}.md is missing"
    text = page.read_text(encoding="utf-8").lower()
    assert "source" in text, "a page names the source of the format"
    assert "proved on" in text or "sample" in text, "a page names the samples it was proved on"
