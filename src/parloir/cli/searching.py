"""`plan`, `papers`, `outcomes`: which prison cells to search tomorrow at six, and what came of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from parloir import actions
from parloir.cli.evidence import tell_intake
from parloir.cli.options import (
    FRANCE,
    PARIS,
    AuthorityReference,
    Case,
    Country,
    Format,
    FromWhom,
    Json,
    Mapping,
    RunNumber,
    Timezone,
    day,
    workspace,
)
from parloir.cli.output import counted, plain, print_json, steps, tell, tell_retention, work
from parloir.errors import InputError
from parloir.readers.reader import Options
from parloir.readers.times import zone

_HOUR = 6
_OLD_DAYS = 7
_REFUSED = 3


def plan(
    case: Case,
    date: Annotated[str, typer.Option("--date", help="Day of the searches; they start at six.")],
    teams: Annotated[Path, typer.Option("--teams", help="CSV of prison, teams, hours and minutes a search.")],
    issued_by: Annotated[str, typer.Option("--issued-by", help="Who answers for the plan.")],
    out: Annotated[Path, typer.Option("--out", help="CSV to write.")],
    number: Annotated[int, typer.Option("--searches", min=1, help="At most so many, reserves aside.")] = 500,
    random_share: Annotated[
        float, typer.Option("--random-share", help="Share drawn at random; for routine searches only.")
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="Of that draw.")] = 0,
    timezone: Annotated[str, typer.Option("--timezone", help="Of the searches.")] = PARIS,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Plan the searches of one morning on that day's occupancy; a named person issues the plan."""
    from parloir import searches

    when = day(date, "--date")
    if when is None:
        raise InputError("a plan needs its day", where="--date", do="write it as 2025-05-20")
    order = actions.Order(
        at=datetime(when.year, when.month, when.day, _HOUR, tzinfo=zone(timezone)),
        teams=teams,
        issued_by=issued_by,
        operation=searches.Operation(number, random_share=random_share, seed=seed),
    )
    planned = actions.plan_search(workspace(), case, order, out, run)
    if as_json:
        print_json(planned)
        return
    tell(
        f"Plan {planned.plan}: {counted(planned.searches, 'search', 'searches')} and "
        f"{counted(planned.reserves, 'reserve')} are in {plain(planned.out)}, "
        f"issued by {plain(planned.issued_by)}."
    )
    tell(
        f"Expected finds: {planned.expected:.1f}; no choice within the same limits promises more than "
        f"{planned.bound:.1f} (gap {planned.gap:.2%})."
    )
    if planned.age_days >= _OLD_DAYS:
        tell(
            f"The last record is {planned.age_days:,.0f} days older than the searches: of the handsets then "
            f"in use {planned.still_in_use:.0%} are taken to be so still."
        )
    if planned.drawn:
        tell(f"{planned.drawn:,} drawn at random; effective sample size {planned.effective_sample_size:.0f}.")
    tell(plain(planned.learnt))
    if planned.without_lead:
        tell(
            f"{planned.without_lead:,} of the searches rest on no lead on anybody who has the prison cell: "
            "only what is expected of the prison as a whole speaks for them."
        )
    if planned.unknown_prisons:
        tell(f"The teams file names prisons that the case does not know: {_some(planned.unknown_prisons)}.")
    if planned.without_teams:
        tell(f"Something is expected where no team is: {_some(planned.without_teams)}.")


def _some(names: tuple[str, ...]) -> str:
    """The first ten, and how many more."""
    more = f" and {len(names) - 10:,} more" if len(names) > 10 else ""
    return plain(", ".join(names[:10])) + more


def outcomes(
    case: Case,
    file: Annotated[Path, typer.Argument(help="Report of the searches.", show_default=False)],
    authority: AuthorityReference,
    plan_file: Annotated[
        Path | None,
        typer.Option("--plan", help="The plan as it was written, or its number; else the last one."),
    ] = None,
    format_: Format = "",
    from_whom: FromWhom = "",
    country: Country = FRANCE,
    timezone: Timezone = PARIS,
    mapping: Mapping = "",
    as_json: Json = False,
) -> None:
    """Take in what searches found or did not find; the next plan takes it into account."""
    delivery = actions.Delivery(
        authority=authority,
        format=format_,
        from_whom=from_whom,
        options=Options(country=country, timezone=timezone, mapping=mapping),
    )
    with steps() as bar:
        report = actions.SearchReport(file, delivery, plan_file)
        taken = actions.take_in_outcomes(workspace(), case, report, bar)
    if as_json:
        print_json(taken)
    else:
        tell_outcomes(case, taken)
    if taken.intake.refusal:
        raise typer.Exit(_REFUSED)


def tell_outcomes(case: str, taken: actions.OutcomesTaken) -> None:
    """What became of the file, then of the plan."""
    tell_intake(case, taken.intake)
    tell_retention(filter(None, [taken.intake.retention]))
    if taken.intake.refusal:
        return
    tell(
        f"Plan {taken.plan}: {taken.searched:,} of {taken.planned:,} searches have a report, and "
        f"{taken.reserves:,} reserves; {taken.empty:,} found no handset."
    )
    if taken.elsewhere:
        unknown = f"; {taken.unknown:,} of them in no register of the case: check how they are written" * (
            taken.unknown > 0
        )
        tell(
            f"The plan does not name {counted(taken.elsewhere, 'prison cell')} of the report: not counted "
            f"here{unknown}."
        )
    tell(f"Handsets found: {taken.handsets:,}; expected in what was searched: {taken.expected:.1f}.")
    tell(plain(taken.says))


def papers(
    case: Case,
    plan_file: Annotated[
        Path, typer.Argument(help="The plan as it was written, or its number.", show_default=False)
    ],
    teams: Annotated[Path, typer.Option("--teams", help="CSV of prison, teams, hours.")],
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")],
    operation: Annotated[
        str, typer.Option("--operation", help="What the papers call it; the day of the searches unless told.")
    ] = "",
    bags: Annotated[int, typer.Option("--bags", help="Labels for each search.")] = 3,
    as_json: Json = False,
) -> None:
    """Write each prison's papers: where to search in what order, what to look for, forms, labels."""
    order = actions.PapersOrder(plan_file, teams, out, operation, bags)
    with work() as bar:
        written = actions.write_papers(workspace(), case, order, bar)
    if as_json:
        print_json(written)
        return
    tell(
        f"Papers of operation {plain(written.operation)} for {written.prisons:,} prisons and "
        f"{written.searches:,} searches, reserves included, are in {plain(written.out)}."
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("plan")(plan)
    app.command("papers")(papers)
    app.command("outcomes")(outcomes)
