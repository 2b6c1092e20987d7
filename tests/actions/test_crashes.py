"""kill -9 at random moments; `python -m tests.kill 100` does more of it."""

from __future__ import annotations

from pathlib import Path

from tests.actions.crashes import CrashSite


def test_take_in_and_erase_survive_being_killed(new_home: Path, tmp_path: Path) -> None:
    site = CrashSite.make(tmp_path, new_home)
    outcomes = site.kill_take_in(3) + site.kill_erase(2)
    assert any(outcome.killed for outcome in outcomes), "no kill came before the end: nothing was tried"
