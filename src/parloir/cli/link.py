"""`link`: which records of two files, or of one, are one person."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parloir.cli.options import Json
from parloir.cli.output import plain, print_json, tell, work

if TYPE_CHECKING:
    from parloir.identities.files import Linked


def link(
    left: Annotated[Path, typer.Argument(help="CSV, XLSX or Parquet.", show_default=False)],
    right: Annotated[Path | None, typer.Argument(help="Another; without it, duplicates within LEFT.")] = None,
    columns: Annotated[
        Path | None, typer.Option("--columns", help="TOML of column = role, in tables left and right.")
    ] = None,
    truth: Annotated[str, typer.Option("--truth", help="Column that tells who is who; never compared.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Parquet file of the pairs.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="HTML file.")] = None,
    country: Annotated[str, typer.Option("--country", help="Of numbers in national form.")] = "FR",
    memory: Annotated[
        Path | None, typer.Option("--memory", help="Folder that keeps compared pairs for the next run.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Link two files of persons, or find the duplicates within one: pairs with a weight, never merged."""
    from parloir.identities.files import Wanted, link_files
    from parloir.identities.quality import decided

    with work() as progress:
        found = link_files(Wanted(left, right, columns, truth, out, report, country, memory), progress)
    if as_json:
        print_json(_figures(found))
        return
    told = found.links.diagnostics
    links, compared = decided(found.links), told["compared"]
    tell(f"{_count(links, 'link')} among {_count(compared, 'pair')} compared, in {told['seconds']:.1f} s.")
    if memory:
        tell(f"  {told['known']:,} pairs were known from before, {told['new']:,} were compared anew.")
    for file, roles in zip(filter(None, (left, right)), told["roles"], strict=True):
        taken = (f"{role.replace('_', ' ')} is “{'”, “'.join(names)}”" for role, names in roles.items())
        tell(f"  {plain(file.name)}: {plain('; '.join(taken))}")
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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _figures(found: Linked) -> dict[str, object]:
    """What `--json` prints: the figures against the truth, or the counts where there is none."""
    from parloir.identities.quality import decided, one_to_one

    told = found.links.diagnostics
    figures = asdict(found.quality) if found.quality else {"pairs": decided(found.links)}
    said = ("seconds", "compared", "new", "known", "once", "roles", "remarks")
    return {name: told[name] for name in said if name in told} | figures | {"best": one_to_one(found.links)}


def register(app: typer.Typer) -> None:
    """Put the command where `parloir` finds it."""
    app.command()(link)
