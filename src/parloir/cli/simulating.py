"""`parloir simulate`: a made-up country, its evidence and its truth in folders of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parloir.cli.options import Json
from parloir.cli.output import plain, print_json, tell, work
from parloir.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("simulate")(simulate)


def simulate(
    out: Annotated[Path, typer.Option("--out", help="Folder to make.")],
    size: Annotated[str, typer.Option("--size", help="demo, few, small, operation or nation.")] = "small",
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another country.")] = 1,
    draw: Annotated[
        int, typer.Option("--drawn", help="Another make-up: draw all doubtful parameters by this number.")
    ] = 0,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter as key=value; may be given again.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a country with known truth, in the formats that an investigator gets."""
    from parloir import simulation

    with work() as bar:
        overrides = {**simulation.drawn(draw), **_overrides(changes or [])}
        made = simulation.write_nation(size, seed, out, overrides, progress=bar)
    if as_json:
        print_json(made)
        return
    tell(
        f"{made.prisons} prisons, {made.inmates:,} inmates, {made.handsets:,} contraband handsets in all, "
        f"{made.records:,} network records of which {made.inside_records:,} are theirs. Nobody in it exists."
    )
    tell(f"Evidence:  {plain(made.evidence)}\nTruth:     {plain(made.truth)}")


def _overrides(changes: list[str]) -> dict[str, str]:
    pairs = [change.partition("=") for change in changes]
    if wrong := [name for name, equals, _ in pairs if not equals or not name]:
        raise InputError(f"“{wrong[0]}” says no value", where="--set", do="write it as prevalence=0.2")
    return {name: value for name, _, value in pairs}
