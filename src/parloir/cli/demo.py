"""`parloir demo`: a fictitious case in real formats, from sealed files to leads and a report."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parloir import actions
from parloir.actions import Intake
from parloir.cli.output import plain, steps, table, tell, tell_error, work
from parloir.cli.weighing import tell_leads
from parloir.errors import InputError
from parloir.records.clock import end_of, start_of
from parloir.records.setup import open_workspace
from parloir.records.workspace import Workspace
from parloir.vault import Authority, Scope

if TYPE_CHECKING:
    from parloir import trials

CASE = "DEMO"
_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("demo")(demo)


def demo(
    home: Annotated[Path, typer.Option("--home", help="Folder to make.")] = Path("parloir-demo"),
    size: Annotated[str, typer.Option("--size", help="demo, small, operation or nation.")] = "demo",
    seed: Annotated[int, typer.Option("--seed", help="Another seed is another country.")] = 1,
) -> None:
    """Take in a fictitious case, weigh it, and score the leads against the truth."""
    from parloir import simulation, trials

    _make_room(home)
    with work() as bar:
        country = simulation.write_nation(size, seed, home / "simulated", progress=bar)
    tell(
        f"A made-up country: {country.prisons} prisons, {country.inmates:,} inmates, "
        f"{country.records:,} network records. Nobody in it exists."
    )
    workspace = open_workspace(home / "parloir-data", create=True)
    actions.open_case(workspace, CASE, "A demonstration on simulated evidence")
    taken = _take_in(workspace, country.evidence, tomllib.loads(country.manifest.read_text(encoding="utf-8")))
    _tell_taken(taken)
    with work() as bar:
        run = actions.weigh(workspace, CASE, bar)
    leads = actions.list_leads(workspace, CASE)
    tell(f"\nRun {run.run}: {run.findings:,} findings, {run.leads:,} leads. The first {_SHOWN}:")
    tell_leads(leads.slice(0, _SHOWN).to_pylist())
    _tell_scores(trials.score_leads(leads, country.truth))
    report = home / "report.html"
    actions.write_report(workspace, CASE, report, leads=_SHOWN * 5)
    checked = actions.verify_case(workspace, CASE)
    tell(f"\nThe case {'holds' if checked.holds else 'does not hold'}: {checked.events} custody events.")
    tell(f"Report:    {plain(report)}")
    tell(f"Look at a lead:  parloir --home {plain(home / 'parloir-data')} explain {CASE} L00001")


def _make_room(home: Path) -> None:
    """Remove an earlier demonstration; anything else is left alone."""
    if not home.exists():
        return
    if not (home / "simulated").is_dir():
        raise InputError(
            "this folder is not an earlier demonstration", where=str(home), do="name another one"
        )
    shutil.rmtree(home)


def _take_in(workspace: Workspace, evidence: Path, manifest: Mapping[str, Any]) -> list[Intake]:
    """Take in every file of the manifest as it says."""
    for authority in manifest["authority"]:
        actions.add_authority(workspace, CASE, _authority(authority))
    taken: list[Intake] = []
    with steps() as bar:
        for (authority, from_whom), files in _deliveries(manifest["file"]):
            delivery = actions.Delivery(authority=authority, from_whom=from_whom)
            taken += actions.take_in_evidence(
                workspace, CASE, [evidence / f["path"] for f in files], delivery, bar
            )
    return taken


def _deliveries(files: list[dict[str, str]]) -> Iterator[tuple[tuple[str, str], list[dict[str, str]]]]:
    """Files that came together."""
    for key, group in groupby(files, key=lambda f: (f["authority"], f["from_whom"])):
        yield key, list(group)


def _authority(values: Mapping[str, Any]) -> Authority:
    return Authority(
        reference=values["reference"],
        issuer=values["issuer"],
        scope=Scope(
            data_from_us=start_of(values["covers_from"]),
            data_to_us=end_of(values["covers_to"]),
            offence=values["offence"],
            purposes=tuple(values["purposes"]),
        ),
        erase_by_us=end_of(values["erase_by"]),
    )


def _tell_taken(taken: list[Intake]) -> None:
    """One line a format."""
    formats = sorted({intake.format for intake in taken if intake.format})
    columns = ("format", ">files", ">rows in", ">out", ">quarantined", ">warnings", ">remarks")
    rows = []
    for name in formats:
        group = [intake for intake in taken if intake.format == name]
        sums = [sum(getattr(i, field) for i in group) for field in
                ("rows_in", "rows_out", "quarantined", "warnings", "remarks")]  # fmt: skip
        rows.append((name, len(group), *(f"{value:,}" for value in sums)))
    table("Sealed and read: rows in = out + quarantined + warnings", columns, rows)
    for intake in taken:
        if intake.refusal:
            tell_error(intake.refusal)


def _tell_scores(scores: trials.LeadScores) -> None:
    """How the leads do against the truth of the simulation."""
    plan = scores.plan
    tell("\nAgainst the truth of this simulation, not of any real prison:")
    tell(
        f"  {scores.scored:,} handsets in use whose holder has left any trace ({scores.coverage:.0%} of "
        f"{scores.handsets:,}): the true holder stands first for {scores.top1:.0%}, among the first five for "
        f"{scores.top5:.0%}."
    )
    tell(
        f"  {plan.searches:,} searches where the leads point would find {plan.plan:.1f} handsets; at random "
        f"{plan.chance:.1f}; somebody who knew everything {plan.oracle:.1f}."
    )
