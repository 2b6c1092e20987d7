"""Full records of named handsets: those seized, and those that a weighing names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from parloir.inquiries.asked import Asked
from parloir.inquiries.draft import EVERY, Draft

SEIZED, LEAD, INSIDE = "seized", "lead", "inside"
_WHY = {
    SEIZED: "Seized in {prison}: whom they called, and where they were before they came in, leads to those "
    "who brought them and to the handsets that follow",
    LEAD: "Named by leads in {prison}, on records of radio cells only: their full records would show whether "
    "they are ever elsewhere, and all whom they call",
    INSIDE: "Weighed as inside {prison} without a lead, on records of radio cells only: their full records "
    "would show whether they are ever elsewhere, and whom they call",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A handset to ask for.

    Attributes:
        imei14: one of its IMEIs.
        prison: where it is, or was found; empty when unknown.
        reason: `SEIZED`, `LEAD` or `INSIDE`.
        until_us: it is in official hands from this moment on; None while it is not.
    """

    imei14: int
    prison: str
    reason: str
    until_us: int | None = None


def seized_handsets(connection: duckdb.DuckDBPyConnection) -> list[Named]:
    """Handsets of the seizures, each with its last find."""
    rows = connection.execute(
        "SELECT imei14, arg_max(coalesce(prison, ''), coalesce(found_us, 0)), max(found_us) FROM"
        " (SELECT unnest(imeis) AS imei14, prison, found_us FROM seizures)"
        " WHERE imei14 IS NOT NULL GROUP BY imei14 ORDER BY imei14"
    ).fetchall()
    return [Named(imei14, prison, SEIZED, found) for imei14, prison, found in rows]


def weighed_handsets(leads: pa.Table, inside: pa.Table, handsets: pa.Table, most: int) -> list[Named]:
    """Handsets of the best leads, then those most probably inside without a lead; at most so many.

    Args:
        leads: schema `tables.leads.LEADS`.
        inside: handset, prison, probability, … of a run.
        handsets: imei14, handset of a run.
        most: how many handsets.
    """
    imeis: dict[str, list[int]] = defaultdict(list)
    for row in handsets.to_pylist():
        imeis[str(row["handset"]).zfill(14)].append(row["imei14"])
    chosen: dict[str, tuple[str, str]] = {}
    for row in leads.sort_by("rank").to_pylist():
        chosen.setdefault(str(row["handset"]).zfill(14), (row["prison"], LEAD))
    for row in inside.sort_by([("probability", "descending"), ("handset", "ascending")]).to_pylist():
        chosen.setdefault(str(row["handset"]).zfill(14), (row["prison"], INSIDE))
    best = list(chosen.items())[:most]
    return [Named(one, *about) for name, about in best for one in sorted(imeis.get(name, [int(name)]))]


def of_handsets(
    connection: duckdb.DuckDBPyConnection, named: Sequence[Named], known: Asked, period: tuple[int, int]
) -> list[Draft]:
    """One draft an operator, prison, reason and gap. Operators that no record tells are all to be asked."""
    operators = _operators(connection, named)
    groups: dict[tuple[str, str, str, int, int], list[int]] = defaultdict(list)
    for one in {handset.imei14: handset for handset in reversed(named)}.values():
        for start, end in known.handset_gaps(one.imei14, period):
            if one.until_us is None or start < one.until_us:
                for operator in operators.get(one.imei14, (EVERY,)):
                    groups[operator, one.prison, one.reason, start, end].append(one.imei14)
    return [
        Draft("handsets", who, prison, start, end, _why(reason, prison), imeis=tuple(sorted(imeis)))
        for (who, prison, reason, start, end), imeis in sorted(groups.items())
    ]


def _why(reason: str, prison: str) -> str:
    return _WHY[reason].format(prison=prison or "prison")


def _operators(connection: duckdb.DuckDBPyConnection, named: Sequence[Named]) -> dict[int, list[str]]:
    connection.register("named", pa.table({"imei14": pa.array([one.imei14 for one in named], pa.int64())}))
    rows = connection.execute(
        "SELECT DISTINCT imei14, operator FROM network_records SEMI JOIN named USING (imei14)"
        " WHERE operator IS NOT NULL ORDER BY ALL"
    ).fetchall()
    found: dict[int, list[str]] = defaultdict(list)
    for imei14, operator in rows:
        found[imei14].append(operator)
    return found
