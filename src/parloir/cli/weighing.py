"""`weigh`, `leads`, `explain`, `report`: from evidence to what people act on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import pyarrow.compute as pc
import typer
from rich.padding import Padding

from parloir import actions
from parloir.actions.run_links import names_a_pair
from parloir.actions.source_rows import SourceRow
from parloir.cli.links import show_link
from parloir.cli.options import Case, Json, Limit, RunNumber, workspace
from parloir.cli.output import out, plain, print_json, tell, tell_retention, work
from parloir.cli.presence import tell_counts
from parloir.cli.waterfall import waterfall
from parloir.identifiers import imei
from parloir.statements.wording import readable
from parloir.weights.bits import percent


def weigh(case: Case, as_json: Json = False) -> None:
    """Weigh everything that a case has read: a new run of findings and leads."""
    with work() as bar:
        run = actions.weigh(workspace(), case, bar)
    if as_json:
        print_json(run)
        return
    tell(
        f"Run {run.run} of {plain(case)}: {run.evidence} evidence items, {run.links:,} links between "
        f"records, {run.handsets_inside:,} handsets, {run.findings:,} findings, [bold]{run.leads:,} leads[/]."
    )
    tell_counts(run.counts)
    for remark in run.remarks:
        tell(f"[dim]{plain(remark)}[/]")
    if run.walled:
        named = ", ".join(f"{rows:,} of {name}" for name, rows in run.walled.items())
        tell(f"The protected register kept out {named}.")
    if run.namesakes:
        named = ", ".join(f"{rows:,} of {name}" for name, rows in run.namesakes.items())
        tell(
            f"Weighed though they bear a protected name, since another fact differs: {named} "
            "(see `parloir case show`)."
        )
    if run.unread:
        more = f" and {len(run.unread) - 5:,} more" if len(run.unread) > 5 else ""
        verb, they = ("is", "it is") if len(run.unread) == 1 else ("are", "they are")
        tell(f"{plain(', '.join(run.unread[:5]))}{more} {verb} sealed but not read: {they} not weighed.")
    tell_retention(run.retention)
    tell(f"SHA-256 of the findings: {run.findings_sha256}")


def leads(
    case: Case,
    limit: Limit = 20,
    in_use: Annotated[bool, typer.Option("--in-use", help="Only handsets that were not seized.")] = False,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """List the leads: which handset, with which inmate, in which prison cell, and why."""
    found = actions.list_leads(workspace(), case, run)
    found = found.filter(pc.invert(found["seized"])) if in_use else found
    shown = found.slice(0, limit) if limit else found
    if as_json:
        print_json([as_lead(row) for row in shown.to_pylist()])
        return
    tell_leads(shown.to_pylist())
    counted = f"{shown.num_rows:,} of {found.num_rows:,} leads"
    tell(f"[dim]{counted}. Prob.: to rank where to look. Bits: the weight that a report states.[/]")


def as_lead(row: dict[str, Any]) -> dict[str, Any]:
    """A lead for machines: weights in bits; the device by its IMEI14, and which copy of a cloned one."""
    bits = {"weight_bits": row["millibits"] / 1000, "bounded_bits": row["bounded_millibits"] / 1000}
    rest = {name: value for name, value in row.items() if not name.endswith("millibits")}
    device, copy = imei.copy_of(row["handset"])
    return {**rest, "device": device, "copy": copy, **bits}


def _first(reasons: str) -> str:
    """The strongest reason, without its bits: the table has those of all together."""
    return reasons.split(". ", maxsplit=1)[0].rsplit(" (", 1)[0]


def tell_leads(rows: list[dict[str, Any]]) -> None:
    """Leads for people: device → inmate → prison cell and its probability; below, the weight and why."""
    places = [f"{row['prison']} {row['prison_cell'] or '?'}" for row in rows]
    inmates = max((len(row["inmate"]) for row in rows), default=0)
    width = max(map(len, places), default=0)
    for row, place in zip(rows, places, strict=True):
        where = f"{imei.handset_name(row['handset'])} → inmate {row['inmate']:<{inmates}} → {place:<{width}}"
        seized = "  [yellow]seized[/]" if row["seized"] else ""
        tell(f"[bold]{row['lead']}[/]  {plain(where)}  {percent(row['probability']):>7}{seized}")
        why = f"{_weight(row)}  [dim]{plain(_first(row['sentence']))}[/]"
        out.print(Padding(why, (0, 0, 0, 8)))


def _weight(row: dict[str, Any]) -> str:
    """The weight; where a report states less, what it states first: "≥ +11.2 bits (+41.5)"."""
    bits, bounded = row["millibits"] / 1000, row["bounded_millibits"] / 1000
    if bits == bounded:
        return f"{bits:+.1f} bits"
    return f"{'≥' if bits > bounded else '≤'} {bounded:+.1f} bits ({bits:+.1f})"


def explain(
    case: Case,
    lead: Annotated[
        str,
        typer.Argument(
            help="Name of the lead (L00001) or its rank; or of a pair of records.", show_default=False
        ),
    ],
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Explain a lead or a linked pair: its waterfall in words, down to the rows of the sealed files."""
    if names_a_pair(lead):
        _explain_pair(case, lead, run, as_json=as_json)
        return
    explained = actions.explain_lead(workspace(), case, lead, run)
    if as_json:
        print_json(explained)
        return
    found = explained.lead
    tell(
        f"[bold]{found['lead']}[/] device {imei.handset_name(found['handset'])} → "
        f"inmate {plain(found['inmate'])} → prison cell {plain(found['prison_cell'] or 'unknown')} "
        f"in {plain(found['prison'])}"
    )
    tell(f"Investigative: probability {percent(found['probability'])} (prior {percent(found['prior'])}).")
    tell(f"Evaluative: {plain(found['verbal'])} ({_weight(found)}).")
    out.print(waterfall(explained.findings))
    if found["against"]:
        tell(f"Against: {plain(found['against'])}.")
    if found["missing"]:
        tell(f"Missing: {plain(found['missing'])}.")
    for told in explained.told:
        tell(f"[dim]{plain(told.sentence())}[/]")
    _tell_all_rows(explained.rows)


def _explain_pair(case: str, pair: str, run: int | None, *, as_json: bool) -> None:
    """The same of a linked pair of records."""
    explained = actions.explain_link(workspace(), case, pair, run)
    if as_json:
        print_json(explained)
        return
    link = explained.link
    tell(f"[bold]{link.pair}[/] {plain(link.left)} = {plain(link.right)}, run {explained.run}")
    show_link(link)
    if explained.judgement:
        word = explained.judgement
        tell(f"Last word: {plain(word['author'])} says “{word['word']}”: {plain(word['reason'])}")
    _tell_all_rows(explained.rows)


def _tell_all_rows(found: Sequence[SourceRow]) -> None:
    tell("\n[bold]Rows it rests on[/], the first of each file")
    for file, rows in groupby(found, key=lambda row: (row.file, row.sha256)):
        _tell_rows(file, list(rows), shown=3)


def _tell_rows(file: tuple[str, str], rows: list[SourceRow], shown: int) -> None:
    """The first rows of a file as they were read, and how many there are."""
    more = f"; {len(rows) - shown} more rows: --json has all" if len(rows) > shown else ""
    tell(f"{plain(file[0])} [dim]SHA-256 {file[1][:12]}…{more}[/]")
    for row in rows[:shown]:
        tell(f"  {plain(row.place)}: [dim]{plain(_values(row.values))}[/]")


def _values(values: dict[str, str]) -> str:
    return ", ".join(f"{name.removesuffix('_us')} {readable(name, value)}" for name, value in values.items())


def report(
    case: Case,
    out_file: Annotated[Path, typer.Option("--out", help="HTML file to write.")],
    number: Annotated[int, typer.Option("--leads", help="How many leads to open.")] = 200,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Write the report of a run: one HTML file that needs no network and prints well."""
    written = actions.write_report(workspace(), case, out_file, run, number)
    if as_json:
        print_json(written)
    else:
        tell(f"{written.leads:,} of {written.of:,} leads of run {written.run} are in {plain(written.out)}.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("weigh")(weigh)
    app.command("leads")(leads)
    app.command("explain")(explain)
    app.command("report")(report)
