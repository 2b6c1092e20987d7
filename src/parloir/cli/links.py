"""`parloir judge`: an analyst's word on a link."""

from __future__ import annotations

from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, workspace
from parloir.cli.output import plain, print_json, tell

app = typer.Typer(name="judge", help="An analyst's word on a link.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """An analyst's word on a link."""


@app.command("pair")
def pair(
    case: Case,
    subject: Annotated[str, typer.Argument(help="As findings write it: person:…, handset:…")],
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="As findings write it.")],
    word: Annotated[str, typer.Argument(help="same, different, unsure, accept or reject.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; a judgement is evidence.")],
    proposition: Annotated[
        str, typer.Option("--proposition", help="What the pair is about.")
    ] = "same_person",
    as_json: Json = False,
) -> None:
    """Write a judgement down. It outlives every run and is never overridden by one."""
    link = actions.Link(proposition, subject, object_)
    judged = actions.judge_link(workspace(), case, link, word, reason)
    if as_json:
        print_json(judged)
    else:
        tell(f"{plain(judged.author)} says “{plain(judged.word)}”. The next weighing respects it.")
