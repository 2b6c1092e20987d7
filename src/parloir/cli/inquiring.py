"""`requests`, `resellers`, `stock`: what to ask for next, and what stands out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from parloir import actions
from parloir.cli.options import Case, Json, Limit, RunNumber, day, workspace
from parloir.cli.output import counted, plain, print_json, table, tell
from parloir.provenance import Locator
from parloir.records.clock import end_of, start_of


def requests(
    case: Case,
    page: Annotated[Path | None, typer.Option("--out", help="HTML file to write.")] = None,
    sheet: Annotated[Path | None, typer.Option("--csv", help="CSV file to write.")] = None,
    first: Annotated[str, typer.Option("--from", help="First day to ask for.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last day to ask for.")] = "",
    prison: Annotated[
        list[str] | None, typer.Option("--prison", help="Ask about this one only; may be repeated.")
    ] = None,
    handsets: Annotated[
        int, typer.Option("--handsets", help="Handsets of a weighing to ask full records of.", min=0)
    ] = actions.HANDSETS,
    run: RunNumber = None,
    as_json: Json = False,
) -> None:
    """Draft what to ask operators for next, and why; only what the case has not asked for."""
    start, end = day(first, "--from"), day(last, "--to")
    wanted = actions.Wanted(
        from_us=start_of(start) if start else None,
        to_us=end_of(end) if end else None,
        prisons=frozenset(prison or ()),
        handsets=handsets,
        run=run,
    )
    drafted = actions.draft_requests(workspace(), case, wanted, page, sheet)
    if as_json:
        print_json({**vars(drafted), "drafts": drafted.drafts.to_pylist()})
        return
    columns = ("draft", "~operator", "prison", "~what", "period (UTC)", "~under")
    table("", columns, [_line(row) for row in drafted.drafts.to_pylist()])
    needing = f"{drafted.needing:,} need{'s' * (drafted.needing == 1)} a new authority"
    tell(f"{counted(drafted.ready, 'draft')} may be sent; {needing}. Nothing was sent.")
    for path in filter(None, (page, sheet)):
        tell(f"Written: {plain(path)}")


def _line(row: dict[str, str]) -> tuple[object, ...]:
    named = {"radio cells": row["radio_cells"], "IMEIs": row["imeis"], "codes": row["tacs"]}
    things = [f"{len(values.split())} {name}" for name, values in named.items() if values]
    what = ": ".join(filter(None, [row["kind"].replace("_", " "), ", ".join(things)]))
    period = f"{row['from'][:10]} – {row['to'][:10]}"
    under = f"needs: {row['needs']}" if row["needs"] else row["authority"]
    return row["request"], row["operator"], row["prison"], what, period, under


def resellers(
    case: Case,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Show orders of many units, repeat orders, and one card, payer or relay point under several names."""
    found = actions.find_resellers(workspace(), case)
    shown = found.slice(0, limit) if limit else found
    if as_json:
        print_json(shown)
        return
    columns = (">rank", "kind", "~shared", "~names", "~why", "~rows")
    table("", columns, [_reseller(row) for row in shown.to_pylist()])
    tell(f"{shown.num_rows:,} of {found.num_rows:,}. Other parties, not suspects; shown, not weighed.")


def _reseller(row: dict[str, list[str]]) -> tuple[object, ...]:
    names, rows = row["names"] or [], row["locators"]
    some = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    first = Locator.parse(rows[0])
    more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
    place = " ".join(filter(None, (f"{first.evidence[:12]}…", first.table, f"row {first.row}{more}")))
    return row["rank"], row["kind"], row["shared"], some, row["why"], place


def stock(case: Case, as_json: Json = False) -> None:
    """Show the codes and serial runs that the case has learnt, and labels typed wrong."""
    found = actions.show_stock(workspace(), case)
    if as_json:
        learnt, mistyped = found.learnt.to_pylist(), found.mistyped.to_pylist()
        print_json({"labels": found.labels, "learnt": learnt, "mistyped": mistyped})
        return
    columns = ("TAC", "~model", ">serial from", ">serial to", ">IMEIs")
    table("", columns, [_run(row) for row in found.learnt.to_pylist()])
    if found.mistyped.num_rows:
        proposed = ("written", "origin", "perhaps", "~change", "~model", ">from the run")
        rows = found.mistyped.drop_columns(["locator"]).to_pylist()
        table("Wrong check digit", proposed, [list(row.values()) for row in rows])
    wrong = len(set(found.mistyped["locator"].to_pylist()))
    tell(f"{found.labels:,} IMEIs from lists and seizures; rows with a wrong check digit: {wrong:,}.")


def _run(row: dict[str, int]) -> tuple[object, ...]:
    serials = (f"{row[name]:06d}" for name in ("serial_from", "serial_to"))
    return row["tac"], row["model"], *serials, row["handsets"]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("requests")(requests)
    app.command("resellers")(resellers)
    app.command("stock")(stock)
