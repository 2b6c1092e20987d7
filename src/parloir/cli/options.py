"""Options that several commands share, and how a day is typed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from parloir.errors import InputError
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Case = Annotated[str, typer.Argument(help="Reference of the case.", show_default=False)]
RunNumber = Annotated[int | None, typer.Option("--run", help="Number of the run; the last one unless told.")]
EvidenceNumber = Annotated[int, typer.Argument(help="Number of the evidence item.", show_default=False)]
AuthorityReference = Annotated[str, typer.Option("--authority", help="Reference of the legal act.")]
Format = Annotated[str, typer.Option("--as", help="Format, when recognition is wrong.")]
FromWhom = Annotated[str, typer.Option("--from", help="Who handed it over.")]
Country = Annotated[str, typer.Option("--country", help="Of numbers in national form.")]
Timezone = Annotated[str, typer.Option("--timezone", help="Of local times.")]
Mapping = Annotated[str, typer.Option("--mapping", help="TOML layout for columns of your own.")]
FRANCE, PARIS = "FR", "Europe/Paris"
Limit = Annotated[int, typer.Option("--limit", min=0, help="How many to show; 0 for all.")]


def workspace(*, create: bool = False) -> Workspace:
    """The workspace that `--home` or the environment names."""
    return open_workspace(create=create)


def day(text: str, option: str) -> date | None:
    """A calendar day as ISO 8601 writes it; None for nothing.

    Raises:
        InputError: it is no such day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"“{text}” is not a day", where=option, do="write it as 2025-05-20") from error
