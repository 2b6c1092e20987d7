"""`link`: which records of two files, or of one, are one person."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parloir.cli.options import Json
from parloir.cli.output import plain, print_json, tell

if TYPE_CHECKING:
    from parloir.identities.files import Linked


def link(
    left: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet.", show_default=False)],
    right: Annotated[Path | None, typer.Argument(help="Another; without it, duplicates within LEFT.")] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", help="TOML of column = role under [left] and [right].")
    ] = None,
    truth: Annotated[str, typer.Option("--truth", help="Column that tells who is who; never compared.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Parquet file of the pairs.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="HTML file.")] = None,
    country: Annotated[str, typer.Option("--country", help="Of numbers in national form.")] = "FR",
    as_json: Json = False,
) -> None:
    """Link two files of persons, or find the duplicates within one: pairs with a weight, never merged."""
    from parloir.identities.files import Wanted, link_files
    from parloir.identities.quality import decided

    found = link_files(Wanted(left, right, columns, truth, out, report, country))
    if as_json:
        print_json(_figures(found))
        return
    told = found.links.diagnostics
    links, compared = decided(found.links), told["compared"]
    tell(f"{links:,} links among {compared:,} pairs compared, in {told['seconds']:.1f} s.")
    for remark in told["remarks"]:
        tell(f"  {plain(remark)}")
    if found.quality:
        quality = found.quality
        tell(
            f"Against “{plain(truth)}”: precision {quality.precision:.4f}, recall {quality.recall:.4f}, "
            f"F1 {quality.f1:.4f} (best {quality.best_f1:.4f}), ECE {quality.ece:.4f}."
        )
    for path in (out, report):
        if path:
            tell(f"Written: {plain(path)}")


def _figures(found: Linked) -> dict[str, object]:
    """What `--json` prints: the figures against the truth, or the counts where there is none."""
    from parloir.identities.quality import decided

    if found.quality:
        return asdict(found.quality)
    return {
        "pairs": decided(found.links),
        "seconds": found.links.diagnostics["seconds"],
        "compared": found.links.diagnostics["compared"],
        "remarks": found.links.diagnostics["remarks"],
    }


def register(app: typer.Typer) -> None:
    """Put the command where `parloir` finds it."""
    app.command()(link)
