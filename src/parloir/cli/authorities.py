"""`parloir authority`: the legal acts under which evidence is held."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, day, workspace
from parloir.cli.output import plain, print_json, tell
from parloir.errors import InputError
from parloir.records.clock import end_of, start_of
from parloir.vault import Authority, Scope

app = typer.Typer(name="authority", help="The legal acts under which evidence is held.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The legal acts under which evidence is held."""


@app.command("add")
def add(
    case: Case,
    reference: Annotated[str, typer.Option("--ref", help="As the issuer wrote it.")],
    issuer: Annotated[str, typer.Option("--issuer", help="Who issued it.")],
    purpose: Annotated[list[str], typer.Option("--purpose", help="What for; may be repeated.")],
    offence: Annotated[str, typer.Option("--offence", help="The offence investigated.")] = "",
    subject: Annotated[
        list[str] | None,
        typer.Option("--subject", help="Person, number, handset or shop named; may be repeated."),
    ] = None,
    radio_cell: Annotated[
        list[int] | None,
        typer.Option("--radio-cell", help="Radio cell named; may be repeated. None: not limited."),
    ] = None,
    data_from: Annotated[str, typer.Option("--data-from", help="First day of the data covered.")] = "",
    data_to: Annotated[str, typer.Option("--data-to", help="Last day of the data covered.")] = "",
    obtain_until: Annotated[str, typer.Option("--obtain-until", help="Last day on which to obtain.")] = "",
    erase_by: Annotated[str, typer.Option("--erase-by", help="Day by whose end all is erased.")] = "",
    as_json: Json = False,
) -> None:
    """Add an authority to a case. Days are days in the time zone of Paris, written 2025-05-20."""
    first = day(data_from, "--data-from")
    authority = Authority(
        reference=reference,
        issuer=issuer,
        scope=Scope(
            subjects=frozenset(subject or ()),
            radio_cells=frozenset(radio_cell) if radio_cell else None,
            data_from_us=start_of(first) if first else None,
            data_to_us=_end(day(data_to, "--data-to")),
            offence=offence,
            purposes=tuple(purpose),
        ),
        obtain_until_us=_end(day(obtain_until, "--obtain-until")),
        erase_by_us=_end(day(erase_by, "--erase-by")),
    )
    if not any(text.strip() for text in purpose):
        raise InputError("an authority without a purpose is none", where="--purpose", do="say what it is for")
    added = actions.add_authority(workspace(), case, authority)
    if as_json:
        print_json(added)
    else:
        act = f"Authority [bold]{plain(added.reference)}[/] of {plain(added.issuer)}"
        tell(f"{act} is in force in {plain(case)}.")


def _end(last: date | None) -> int | None:
    return end_of(last) if last else None
