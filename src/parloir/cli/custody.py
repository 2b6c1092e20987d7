"""`parloir custody`: what people do with evidence by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, workspace
from parloir.cli.output import plain, print_json, tell
from parloir.vault import Party

app = typer.Typer(name="custody", help="Record what is done with evidence by hand.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Record what is done with evidence by hand."""


@app.command("record")
def record(
    case: Case,
    kind: Annotated[str, typer.Argument(help="handed_over, opened, resealed, examined or corrected.")],
    evidence: Annotated[int | None, typer.Option("--evidence", help="Number of the evidence item.")] = None,
    handed_by: Annotated[
        str, typer.Option("--handed-by", help="Who gave it away: person, organisation.")
    ] = "",
    received_by: Annotated[
        str, typer.Option("--received-by", help="Who took it: person, organisation.")
    ] = "",
    place: Annotated[str, typer.Option("--place", help="Where.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    seal_before: Annotated[list[str] | None, typer.Option("--seal-before", help="Seal number found.")] = None,
    seal_after: Annotated[list[str] | None, typer.Option("--seal-after", help="Seal number put on.")] = None,
    corrects: Annotated[int | None, typer.Option("--corrects", help="Event that this one corrects.")] = None,
    as_json: Json = False,
) -> None:
    """Add an event to the chain of custody. A mistake is corrected by a new event, never changed."""
    handling = actions.Handling(
        kind=kind,
        evidence=evidence,
        handed_by=_party(handed_by),
        received_by=_party(received_by),
        place=place,
        reason=reason,
        seals_before=tuple(seal_before or ()),
        seals_after=tuple(seal_after or ()),
        corrects=corrects,
    )
    written = actions.record_custody(workspace(), case, handling)
    if as_json:
        print_json(written)
    else:
        tell(f"Event {written.sequence} is written down. Checkpoint: {plain(written.checkpoint)}")


def _party(text: str) -> Party:
    """“Alice Martin, Prison intelligence” as person and organisation."""
    person, _, organisation = text.partition(",")
    return Party(person.strip(), organisation.strip())
