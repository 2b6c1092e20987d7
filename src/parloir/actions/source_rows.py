"""The rows that locators name, as they were read from the sealed files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from parloir.actions.as_written import as_written
from parloir.actions.case_store import case_store
from parloir.provenance import Locator
from parloir.records.models import Case, EvidenceItem
from parloir.records.runs import read_items
from parloir.records.workspace import Workspace
from parloir.tables import TABLES
from parloir.tables.store import Store


@dataclass(frozen=True)
class SourceRow:
    """One row of a sealed file.

    Attributes:
        locator: as the findings write it.
        file: name the sealed file arrived under.
        sha256: of the sealed file.
        place: member, table and row in words.
        values: what was read, in the form of the file, empty values left out; column to text.
    """

    locator: str
    file: str
    sha256: str
    place: str
    values: dict[str, str]


def source_rows(workspace: Workspace, case: Case, locators: Iterable[str]) -> list[SourceRow]:
    """Look up each locator once, in the order given; of erased evidence only the place is known."""
    wanted = {text: Locator.parse(text) for text in dict.fromkeys(locators)}
    items = {item.sha256: item for item in read_items(case)}
    values: dict[str, dict[str, str]] = {}
    for sha256, item in items.items():
        part = {text: locator for text, locator in wanted.items() if locator.evidence == sha256}
        if part:
            values |= _values(case_store(workspace, case, [item]), part)
    return [_row(text, locator, items.get(locator.evidence), values) for text, locator in wanted.items()]


def _row(
    text: str, locator: Locator, item: EvidenceItem | None, values: dict[str, dict[str, str]]
) -> SourceRow:
    table = f"table {locator.table}, " if locator.table else ""
    member = f"file {locator.member}, " if locator.member else ""
    return SourceRow(
        locator=text,
        file=item.original_name if item else "(erased)",
        sha256=locator.evidence,
        place=f"{member}{table}row {locator.row}",
        values=values.get(text, {}),
    )


def _values(store: Store, wanted: dict[str, Locator]) -> dict[str, dict[str, str]]:
    """Values of the wanted rows of one evidence item, from whichever canonical tables hold them."""
    connection = store.connect()
    keys = pa.table(
        {
            "text": pa.array(list(wanted), pa.string()),
            "member": pa.array([w.member for w in wanted.values()], pa.string()),
            "source_table": pa.array([w.table for w in wanted.values()], pa.string()),
            "source_row": pa.array([w.row for w in wanted.values()], pa.int64()),
        }
    )
    connection.register("keys", keys)
    found: dict[str, dict[str, str]] = {}
    for table in filter(store.files, sorted(TABLES)):
        rows = connection.execute(
            f'SELECT k.text AS locator_text, t.* FROM "{table}" t JOIN keys k'
            " USING (member, source_table, source_row)"
        )
        for row in rows.to_arrow_table().to_pylist():
            found.setdefault(row.pop("locator_text"), {}).update(as_written(row))
    return found
