"""How things are shown: tables and words for people, JSON for machines, progress on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any, Literal

import pyarrow as pa
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from parloir.actions import Retention, Step

_FILE_WIDTH = 110
"""Characters a line where output goes to a file or another program, unless `COLUMNS` says otherwise."""


def _width() -> int | None:
    """None for what the terminal has."""
    return None if sys.stdout.isatty() or "COLUMNS" in os.environ else _FILE_WIDTH


out = Console(highlight=False, width=_width())
err = Console(stderr=True, highlight=False)


def tell(text: str) -> None:
    """A line for a person; it may hold Rich markup, so escape what comes from outside with `plain`."""
    out.print(text)


def tell_error(text: str) -> None:
    """One sentence on standard error."""
    err.print(f"[bold red]parloir:[/] {plain(text)}", soft_wrap=True)


def plain(text: object) -> str:
    """Text from outside, with markup and control characters made harmless."""
    return escape(printable(text))


def printable(text: object) -> str:
    """Text from outside with control characters made harmless, for Rich values that read no markup."""
    return "".join(c if c.isprintable() else "�" for c in str(text))


def tell_retention(found: Iterable[Retention]) -> None:
    """One line for each authority whose evidence must be erased, or soon must be."""
    for one in found:
        colour = "red" if one.passed else "yellow"
        tell(f"[{colour}]Retention:[/] {plain(one.says)}.")


def counted(number: int, noun: str, plural: str = "") -> str:
    """ "1 row", "1,204 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def print_json(value: Any) -> None:
    """A value as JSON on standard output: dataclasses, Arrow tables and what they hold."""
    sys.stdout.write(json.dumps(_jsonable(value), ensure_ascii=False, indent=2, default=str) + "\n")


def _jsonable(value: Any) -> Any:
    if isinstance(value, pa.Table):
        return value.to_pylist()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {name: _jsonable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    return value


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; a column named “>…” is set to the right, one named “~…” holds text that wraps.

    Where the screen is too narrow the others wrap too: nothing is cut off. Without rows nothing is shown.
    """
    cells = [["" if value is None else plain(value) for value in row] for row in rows]
    if not cells:
        return
    tight = _needed(columns, cells) > out.width
    shown = Table(
        title=title or None, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for column in columns:
        name = column.lstrip(">~")
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        wraps = column.startswith("~") or (tight and justify == "left")
        shown.add_column(name, justify=justify, no_wrap=not wraps, overflow="fold")
    for row in cells:
        shown.add_row(*row)
    out.print(shown)


_LEAST = 12
"""Characters that a column of text that wraps wants at least."""


def _needed(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """Characters that a table wants."""
    widths = [
        max([len(column.lstrip(">~")), *(len(row[place]) for row in cells)])
        for place, column in enumerate(columns)
    ]
    wraps = [column.startswith("~") for column in columns]
    return sum(2 + (min(width, _LEAST) if wrap else width) for width, wrap in zip(widths, wraps, strict=True))


@contextmanager
def _bar() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


class StepBar:
    """Progress of files being sealed and read, for `actions.take_in_evidence`."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)
        self._now = ("", "")

    def __call__(self, step: Step) -> None:
        """Show one step."""
        if (step.doing, step.file_name) != self._now:
            self._now = (step.doing, step.file_name)
            self._progress.reset(
                self._task, total=step.total, description=f"{step.doing} {plain(step.file_name)}"
            )
        self._progress.update(self._task, completed=step.done)


class WorkBar:
    """Progress of a long computation: what is being done, how much is done, how much there is."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None)
        self._now = ""

    def __call__(self, doing: str, done: int, total: int) -> None:
        """Show where it stands."""
        if doing != self._now:
            self._now = doing
            self._progress.reset(self._task, total=total or None, description=doing)
        self._progress.update(self._task, completed=done)


@contextmanager
def steps() -> Iterator[StepBar]:
    """A bar for files, with the time left."""
    with _bar() as progress:
        yield StepBar(progress)


@contextmanager
def work() -> Iterator[WorkBar]:
    """A bar for a computation, with the time left."""
    with _bar() as progress:
        yield WorkBar(progress)
