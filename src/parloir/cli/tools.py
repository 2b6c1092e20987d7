"""Commands that need no case: `catalogue` and `layouts check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parloir.cli.options import Json
from parloir.cli.output import print_json, table
from parloir.errors import InputError

layouts = typer.Typer(name="layouts", help="Layouts of delimited files and workbooks.", no_args_is_help=True)


@layouts.callback()
def _group() -> None:
    """Layouts of delimited files and workbooks."""


@layouts.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A sample.", show_default=False)], as_json: Json = False
) -> None:
    """Propose a TOML layout for a file; correct it and give it to `take-in --mapping`."""
    from parloir.readers.proposal import propose_layout

    proposed = propose_layout(file)
    if as_json:
        print_json({"layout": proposed})
    else:
        typer.echo(proposed)


def catalogue(
    model: Annotated[str, typer.Argument(help="Key or title; none for all.")] = "",
    picture: Annotated[
        Path | None, typer.Option("--picture", help="SVG to write: to scale beside a lighter.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the device models that Parloir knows, each fact with its source."""
    from parloir import catalogue as known

    chosen = [known.find(model)] if model else list(known.models())
    rows = known.description(chosen[0]) if model else known.overview(chosen)
    if picture is not None:
        _write(picture, known.size_comparison(chosen))
    if as_json:
        print_json(rows)
    elif model:
        table(
            chosen[0].title,
            ("fact", "value", "unit", "~source"),
            [list(r.values()) for r in rows.to_pylist()],
        )
    else:
        columns = ("~key", "~model", "dimensions (mm)", ">SIM slots", ">IMEIs", ">facts")
        table("", columns, [[_shown(v) for v in r.values()] for r in rows.to_pylist()])


def _shown(value: object) -> object:
    return " × ".join(f"{v:g}" for v in value) if isinstance(value, list) else value


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"it cannot be written ({error.strerror})",
            where=str(path),
            do="name a folder that you may write to",
        ) from error


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("catalogue")(catalogue)
    app.add_typer(layouts)
