"""`plan`: which prison cells to search tomorrow at six."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from parloir import actions
from parloir.cli.options import Case, Json, RunNumber, day, workspace
from parloir.cli.output import plain, print_json, tell
from parloir.errors import InputError

_HOUR = 6


def plan(
    case: Case,
    date: Annotated[str, typer.Option("--date", help="Day of the searches; they start at six.")],
    teams: Annotated[Path, typer.Option("--teams", help="CSV of prison, teams, hours and minutes a search.")],
    issued_by: Annotated[str, typer.Option("--issued-by", help="Who answers for the plan.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    number: Annotated[int, typer.Option("--searches", help="At most so many, reserves aside.")] = 500,
    random_share: Annotated[
        float, typer.Option("--random-share", help="Share drawn at random; for routine searches only.")
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Of that draw.")] = 0,
    timezone: Annotated[str, typer.Option("--timezone", help="Of the searches.")] = "Europe/Paris",
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Plan the searches of one morning on that day's occupancy; a named person issues the plan."""
    from parloir import searches

    when = day(date, "--date")
    if when is None:
        raise InputError("a plan needs its day", where="--date", do="write it as 2025-05-20")
    order = actions.Order(
        at=datetime(when.year, when.month, when.day, _HOUR, tzinfo=ZoneInfo(timezone)),
        teams=teams,
        issued_by=issued_by,
        operation=searches.Operation(number, random_share=random_share, seed=seed),
    )
    planned = actions.plan_search(workspace(), case, order, out, run)
    if as_json:
        print_json(planned)
        return
    tell(
        f"{planned.searches:,} searches and {planned.reserves:,} reserves are in {plain(planned.out)}, "
        f"issued by {plain(planned.issued_by)}."
    )
    tell(
        f"Expected finds: {planned.expected:.1f}; no choice within the same limits promises more than "
        f"{planned.bound:.1f} (gap {planned.gap:.2%})."
    )
    if planned.drawn:
        tell(f"{planned.drawn:,} drawn at random; effective sample size {planned.effective_sample_size:.0f}.")
    if planned.without_teams:
        tell(f"Something is expected where no team is: {plain(', '.join(planned.without_teams[:10]))}.")


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("plan")(plan)
