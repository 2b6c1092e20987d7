"""`parloir case`: open, list and show cases, and let people in."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated, Any

import typer

from parloir import actions
from parloir.cli.options import Case, Json, workspace
from parloir.cli.output import counted, plain, print_json, table, tell, tell_retention

app = typer.Typer(name="case", help="Open, list and show cases.", no_args_is_help=True)


_LONGEST = 120
"""Characters of a row as written that are shown."""
_MOST = 50
"""Namesakes shown at most."""
_HELD = {
    "period": "outside the period of the authority",
    "radio_cell": "a radio cell that the authority does not name",
    "protected": "of the protected register",
    "protected_name": "a name of the protected register, and nothing that tells the two apart",
    "source_row": "made of a row that is held back",
}
"""Why rows are held back, in words."""


@app.command("new")
def new(
    case: Case,
    title: Annotated[str, typer.Option("--title", help="What it is about.")] = "",
    as_json: Json = False,
) -> None:
    """Open a case; the workspace is made if there is none."""
    opened = actions.open_case(workspace(create=True), case, title)
    if as_json:
        print_json(opened)
    else:
        tell(f"Case [bold]{plain(opened.case)}[/] is open, led by {plain(opened.leader)}.")
        tell(f"Checkpoint of its chain of custody: {plain(opened.checkpoint)}")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the cases you are a member of."""
    cases = actions.list_cases(workspace())
    if as_json:
        print_json(cases)
    elif not cases:
        tell("You are a member of no case in this workspace. Open one with `parloir case new`.")
    else:
        rows = [(c.case, c.title, c.opened[:10], c.role, c.evidence, c.runs) for c in cases]
        table("", ("case", "~title", "opened", "your role", ">evidence", ">runs"), rows)


@app.command("show")
def show(
    case: Case,
    evidence: Annotated[
        int | None, typer.Option("--evidence", help="One evidence item: rows set aside or doubted, and why.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what a case holds: evidence with its counts, authorities, members, runs."""
    if evidence is not None:
        _show_evidence(case, evidence, as_json=as_json)
        return
    shown = actions.show_case(workspace(), case)
    if as_json:
        print_json(shown)
        return
    opened = f"opened {shown.opened[:10]} · {counted(shown.events, 'event')}"
    tell(f"[bold]{plain(shown.case)}[/] {plain(shown.title)} · {opened}")
    tell("Members: " + plain(", ".join(f"{name} ({role})" for name, role in shown.members.items())))
    for authority in shown.authorities:
        tell(f"Authority {plain(authority['reference'])}, {plain(authority['issuer'])}")
    tell_retention(shown.retention)
    for sentence in shown.protection.says if shown.protection else ():
        tell(f"Protected register: {plain(sentence)}.")
    columns = (">no.", "~file", "~format", ">in", ">out", ">quarant.", ">warnings", ">remarks", "SHA-256")
    table("Evidence", columns, map(_evidence_row, shown.evidence))
    if not shown.evidence:
        tell("No evidence yet: `parloir take-in` seals and reads files.")
    tell(f"Runs: {', '.join(map(str, shown.runs)) or 'none yet'}")
    tell(f"Checkpoint: {plain(shown.checkpoint)}")


def _evidence_row(item: actions.EvidenceLine) -> tuple[object, ...]:
    counts = (item.rows_in, item.rows_out, item.quarantined, item.warnings, item.remarks)
    seen = item.format if item.status == "read" else item.status
    shown = (f"{count:,}" if item.status == "read" else "" for count in counts)
    return (item.number, item.original_name, seen, *shown, item.sha256[:8])


def _show_evidence(case: str, number: int, *, as_json: bool) -> None:
    shown = actions.show_evidence(workspace(), case, number)
    if as_json:
        print_json(shown)
        return
    tell(f"{shown.number}. [bold]{plain(shown.original_name)}[/] {plain(shown.status)}: {plain(shown.says)}")
    doubts = sorted(shown.doubts.to_pylist(), key=_same_doubt, reverse=True)
    rows = []
    for (severity, reason, column), alike in groupby(doubts, key=_same_doubt):
        first, *others = alike
        raw = (first["raw"] or "")[:_LONGEST]
        rows.append((severity, reason, column, len(others) + 1, _place(first), raw))
    if rows:
        table("", ("", "~reason", "column", ">rows", "~first", "~as written"), rows)
    else:
        tell("No row was set aside or doubted.")
    for held in shown.held_back.to_pylist():
        tell(
            f"Held back: {counted(held['rows'], 'row')} of {plain(held['table'])} ({_HELD[held['reason']]})."
        )
    _tell_namesakes(shown.namesakes.to_pylist())


def _tell_namesakes(found: list[dict[str, Any]]) -> None:
    rows = [(row["table"], _place(row), row["name"]) for row in found]
    if rows:
        table("Shown though they bear a protected person's name", ("table", "~row", "~name"), rows[:_MOST])
    if len(rows) > _MOST:
        tell(f"[dim]and {len(rows) - _MOST:,} more: --json has all.[/]")


def _place(row: dict[str, Any]) -> str:
    return " ".join(filter(None, (row["member"], row["source_table"], f"row {row['source_row']}")))


def _same_doubt(doubt: dict[str, str | None]) -> tuple[str, str, str]:
    """What became of the row, reason and column."""
    became = "set aside" if doubt["severity"] == "warning" else "remark"
    return (became, doubt["reason"] or "", doubt["column"] or "")


@app.command("admit")
def admit(
    case: Case,
    person: Annotated[str, typer.Argument(help="Name of the person.", show_default=False)],
    role: Annotated[str, typer.Option("--role", help="reader, investigator or leader.")] = "investigator",
    as_json: Json = False,
) -> None:
    """Let a person into a case, or give them another role."""
    added = actions.add_member(workspace(), case, person, role)
    if as_json:
        print_json(added)
    else:
        tell(f"{plain(person)} is now {plain(role)} in {plain(case)}.")
