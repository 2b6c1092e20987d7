"""`presence`: which handsets live inside, from files alone, without a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from parloir.cli.options import Json
from parloir.cli.output import counted, plain, print_json, tell, work

_SHOWN = 8


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
    as_json: Json = False,
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
    if as_json:
        print_json(rows)
        return
    tell(
        f"{counted(rows.handsets, 'handset')} with a probability of 1 % or more, {rows.likely:,} of them "
        f"more likely inside than not; {rows.weighed:,} weighed: {plain(out)}"
    )
    tell_counts(rows.counts)
    for remark in rows.remarks:
        tell(f"[dim]{plain(remark)}[/]")


def tell_counts(counts: Sequence[Mapping[str, Any]]) -> None:
    """How many handsets were used inside each prison, those with most first."""
    most = sorted(counts, key=lambda row: (-row["expected"], row["prison"]))
    told = [
        f"{plain(row['prison'])} {row['expected']:.0f} ({row['low']:.0f} to {row['high']:.0f})"
        for row in most[:_SHOWN]
    ]
    more = f"; {len(most) - _SHOWN:,} more prisons in the report" if len(most) > _SHOWN else ""
    if told:
        tell(f"Used inside during the records, with 95 % intervals: {'; '.join(told)}{more}.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="presence")(presence)
