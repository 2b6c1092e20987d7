"""`presence`: which handsets live inside, from files alone, without a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parloir.cli.output import counted, plain, tell, work


def presence(
    records: Annotated[list[Path], typer.Argument(help="Network records.", show_default=False)],
    radio_cells: Annotated[list[Path], typer.Option("--radio-cells", help="List of radio cells.")],
    prisons: Annotated[list[Path], typer.Option("--prisons", help="List of prisons with coordinates.")],
    out: Annotated[Path, typer.Option("--out", help="Result: CSV, or Parquet by its name.")],
    known: Annotated[
        list[Path] | None,
        typer.Option("--known", help="What else is known: seizures, requests, stays. May be repeated."),
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Report, one HTML file.")] = None,
    parameters: Annotated[
        Path | None, typer.Option("--parameters", help="Parameters that were fitted.")
    ] = None,
    mapping: Annotated[str, typer.Option("--mapping", help="TOML layout of the files.")] = "",
    format_: Annotated[str, typer.Option("--as", help="Format of the records, where it is not told.")] = "",
) -> None:
    """Tell which handsets live inside which prison, from files alone."""
    from parloir.presence import files
    from parloir.presence.parameters import load
    from parloir.readers import Options

    wanted = files.Files(records, (*radio_cells, *prisons, *(known or ())), Options(mapping=mapping), format_)
    with work() as bar:
        rows = files.weigh_to(
            wanted, files.Outputs(out, report), load(parameters) if parameters else None, bar
        )
    tell(
        f"{counted(rows.handsets, 'handset')} with a probability of 1 % or more, {rows.likely:,} of them "
        f"more likely inside than not; {rows.weighed:,} weighed: {plain(out)}"
    )
    for remark in rows.remarks:
        tell(f"[dim]{plain(remark)}[/]")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="presence")(presence)
