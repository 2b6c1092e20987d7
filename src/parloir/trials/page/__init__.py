"""docs/validation.md: what was measured, section by section."""

from __future__ import annotations

from collections.abc import Callable

from parloir.trials.page import (
    drawing,
    held_to,
    holding,
    inside,
    linking,
    opening,
    planning,
    sweeping,
    worlds,
)
from parloir.trials.page.report import Report

SECTIONS: tuple[Callable[[Report], list[str]], ...] = (
    opening.lines,
    held_to.lines,
    planning.lines,
    holding.lines,
    inside.lines,
    linking.lines,
    drawing.lines,
    sweeping.lines,
    worlds.lines,
)
"""In the order of the page; a section without figures has no lines."""

PAGE = "validation.md"


def write(report: Report) -> None:
    """The page with what has been measured so far: a long run that is stopped leaves what it has."""
    text = "\n".join(line for section in SECTIONS for line in section(report))
    (report.docs / PAGE).write_text(text + "\n", encoding="utf-8")
