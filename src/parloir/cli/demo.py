"""`parloir demo`: a fictitious case in real formats, from sealed files to leads and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("demo")(demo)


def demo(
    home: Annotated[Path, typer.Option("--home", help="Folder to make.")] = Path("parloir-demo"),
    size: Annotated[str, typer.Option("--size", help="demo, small, operation or nation.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another country.")] = 1,
) -> None:
    """Take in a fictitious case, weigh it, and score the leads against the truth."""
