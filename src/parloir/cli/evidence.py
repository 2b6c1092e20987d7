"""`take-in`, `read-again`, `verify`, `export`, `erase`: evidence from its arrival to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parloir import actions
from parloir.actions import Intake
from parloir.cli.options import (
    FRANCE,
    PARIS,
    AuthorityReference,
    Case,
    Country,
    EvidenceNumber,
    Format,
    FromWhom,
    Json,
    Mapping,
    Timezone,
    workspace,
)
from parloir.cli.output import counted, plain, print_json, steps, tell, tell_retention, work
from parloir.readers.reader import Options

_REFUSED = 3
_BROKEN = 5


def take_in(
    case: Case,
    files: Annotated[list[Path], typer.Argument(help="Files as they arrived.", show_default=False)],
    authority: AuthorityReference,
    format_: Format = "",
    from_whom: FromWhom = "",
    country: Country = FRANCE,
    timezone: Timezone = PARIS,
    mapping: Mapping = "",
    handling: Annotated[str, typer.Option("--handling", help="Handling code.")] = "",
    as_json: Json = False,
) -> None:
    """Seal files and read them. A file that cannot be read stays sealed, and the exit code is 3."""
    delivery = actions.Delivery(
        authority=authority,
        format=format_,
        from_whom=from_whom,
        handling=handling,
        options=Options(country=country, timezone=timezone, mapping=mapping),
    )
    with steps() as bar:
        taken = actions.take_in_evidence(workspace(), case, files, delivery, bar)
    if as_json:
        print_json(taken)
    else:
        for intake in taken:
            tell_intake(case, intake)
        tell_retention({intake.retention: None for intake in taken if intake.retention})
    if any(intake.refusal for intake in taken):
        raise typer.Exit(_REFUSED)


def read_again(
    case: Case,
    number: EvidenceNumber,
    reason: Annotated[str, typer.Option("--reason", help="Why, as the custody event will state it.")],
    format_: Annotated[str | None, typer.Option("--as", help="Format; empty to tell it by content.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Of numbers in national form.")] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", help="Of local times.")] = None,
    mapping: Annotated[str | None, typer.Option("--mapping", help="TOML layout; empty for none.")] = None,
    as_json: Json = False,
) -> None:
    """Read a sealed file again in another way; what is not told stays as it was told the last time."""
    how = actions.Rereading(
        reason=reason, format=format_, country=country, timezone=timezone, mapping=mapping
    )
    with steps() as bar:
        done = actions.read_again(workspace(), case, number, how, bar)
    if as_json:
        print_json(done)
    else:
        _tell_read_again(done)
    if done.intake.refusal:
        raise typer.Exit(_REFUSED)


def _tell_read_again(done: actions.ReadAgain) -> None:
    tell_intake(done.case, done.intake)
    tell_retention(filter(None, [done.intake.retention]))
    if done.intake.refusal:
        return
    if done.before.status == "read":
        before = done.before
        tell(
            f"   Before: {counted(before.rows_in, 'row')} in = {before.rows_out:,} out"
            f" + {before.quarantined:,} quarantined + {counted(before.warnings, 'warning')}"
        )
    if done.runs:
        numbers = ", ".join(map(str, done.runs))
        tell(f"Weigh the case again: runs that rest on the earlier rows ({numbers}) are shown no more.")


def tell_intake(case: str, intake: Intake) -> None:
    """What became of one file, in three lines."""
    mark = "[yellow]sealed, not read[/]" if intake.refusal else "[green]sealed and read[/]"
    again = " (already in the case; nothing was done)" if intake.already else ""
    name = f"{intake.number}. [bold]{plain(intake.original_name)}[/]"
    tell(f"{name} {mark}{again} · SHA-256 {intake.sha256[:16]}…")
    if intake.refusal:
        tell(f"   {plain(intake.refusal)}")
        return
    if intake.differs:
        tell(
            f"   [yellow]It was read with {plain(intake.differs)}[/]; to read it otherwise: "
            f"`parloir read-again {plain(case)} {intake.number}`."
        )
    tell(f"   {plain(intake.says)}")
    remarks = f"; {counted(intake.remarks, 'remark')} on rows kept" if intake.remarks else ""
    tell(
        f"   {counted(intake.rows_in, 'row')} in = {intake.rows_out:,} out"
        f" + {intake.quarantined:,} quarantined + {counted(intake.warnings, 'warning')}{remarks}"
    )
    if intake.warnings or intake.remarks:
        tell(f"   [dim]parloir case show {plain(case)} --evidence {intake.number} says which and why.[/]")
    unread = {table: rows for member in intake.members for table, rows in member.unread.items() if rows}
    if unread:
        named = ", ".join(f"{table} ({rows:,})" for table, rows in sorted(unread.items())[:8])
        more = f" and {len(unread) - 8} more" if len(unread) > 8 else ""
        tell(f"   [dim]left unread: {plain(named)}{more}[/]")


def verify(
    case: Case,
    checkpoint: Annotated[str, typer.Option("--checkpoint", help="An earlier printed checkpoint.")] = "",
    as_json: Json = False,
) -> None:
    """Check every sealed file and every event of a case; the exit code is 5 when something does not hold."""
    with work() as bar:
        checked = actions.verify_case(workspace(), case, checkpoint, bar)
    if as_json:
        print_json(checked)
    else:
        for fault in checked.faults:
            tell(f"[red]✗[/] {plain(fault)}")
        for line in checked.erased:
            tell(f"[dim]–[/] {plain(line)}")
        word = "[green]holds[/]" if checked.holds else "[red]does not hold[/]"
        tell(
            f"{plain(case)} {word}: {counted(checked.evidence, 'evidence item')}, "
            f"{counted(checked.events, 'event')}."
        )
        tell(f"Checkpoint: {plain(checked.checkpoint)}")
    if not checked.holds:
        raise typer.Exit(_BROKEN)


def export(
    case: Case,
    out: Annotated[Path, typer.Option("--out", help="ZIP to write.")],
    recipient: Annotated[str, typer.Option("--to", help="Who will receive it.")] = "",
    as_json: Json = False,
) -> None:
    """Write a case to a ZIP that anybody can check with the verifier inside it."""
    with work() as bar:
        exported = actions.export_case(workspace(), case, out, recipient, bar)
    if as_json:
        print_json(exported)
    else:
        tell(
            f"{counted(exported.files, 'sealed file')} and {counted(exported.events, 'event')} are in "
            f"{plain(exported.out)}."
        )
        tell(f"Checkpoint to send apart: {plain(exported.checkpoint)}")


def erase(
    case: Case,
    number: EvidenceNumber,
    reason: Annotated[str, typer.Option("--reason", help="Why, as the custody event will state it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Json = False,
) -> None:
    """Erase an evidence item and all rows made of it; its hash and the event stay."""
    if not yes:
        typer.confirm(f"Erase evidence item {number} of {case} for good?", abort=True, err=True)
    erased = actions.erase_evidence(workspace(), case, number, reason)
    if as_json:
        print_json(erased)
    else:
        word = "is erased" if erased.event else "was erased before"
        tell(f"Evidence item {number} of {plain(case)} {word} under {plain(erased.authority)}.")
        for other in erased.kept_for:
            tell(f"The sealed file itself stays for {plain(other)}.")
        if erased.runs:
            tell(f"Runs that rested on it are gone too: {', '.join(map(str, erased.runs))}.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("take-in")(take_in)
    app.command("read-again")(read_again)
    app.command("verify")(verify)
    app.command("export")(export)
    app.command("erase")(erase)
