"""`statement`: what the evidence says on one lead, for a court."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, RunNumber, day, workspace
from parloir.cli.output import plain, print_json, tell


def statement(
    case: Case,
    lead: Annotated[str, typer.Argument(help="Name of the lead (L00001) or its rank.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="File to write, .html or .pdf.")],
    question: Annotated[str, typer.Option("--question", help="As it was put.")],
    requested_by: Annotated[str, typer.Option("--requested-by", help="Who asked.")],
    author: Annotated[str, typer.Option("--author", help="Who answers for the statement.")],
    dated: Annotated[str, typer.Option("--dated", help="Its day; that of the run unless told.")] = "",
    given: Annotated[
        list[str] | None, typer.Option("--given", help="What else is taken as given; may be repeated.")
    ] = None,
    validation: Annotated[
        list[str] | None,
        typer.Option("--validation", help="A measured figure with its command; may be repeated."),
    ] = None,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Write the evaluative statement on one lead: propositions, findings, weight in words, limits."""
    when = day(dated, "--dated")
    order = actions.StatementOrder(
        question=question,
        requested_by=requested_by,
        author=author,
        out=out,
        dated=datetime(when.year, when.month, when.day, tzinfo=UTC) if when else None,
        given=tuple(given or ()),
        validation=tuple(validation or ()),
    )
    written = actions.write_statement(workspace(), case, lead, order, run)
    if as_json:
        print_json(written)
        return
    tell(f"The findings on {written.lead} give {plain(written.conclusion)}.")
    if written.beside:
        tell(f"Against the others who had the prison cell they give {plain(written.beside)}.")
    tell(f"The statement is in {plain(written.out)}, SHA-256 {written.sha256}.")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("statement")(statement)
