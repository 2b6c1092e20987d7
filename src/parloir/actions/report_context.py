"""What a report says beside leads and findings: case, run, sealed files, rows, names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pyarrow as pa

from parloir import statements
from parloir.actions.case_store import case_store
from parloir.actions.item_reading import intake_of
from parloir.actions.prison_names import names_of_prisons
from parloir.actions.runs import RunFiles
from parloir.actions.source_rows import source_rows
from parloir.actions.told import told_of
from parloir.actions.weigh import inputs_sha256
from parloir.records.authorities import authority_of
from parloir.records.clock import from_microseconds
from parloir.records.models import Case
from parloir.records.models import EvidenceItem as Item
from parloir.records.runs import read_items
from parloir.records.workspace import Workspace
from parloir.vault import Authority


def report_context(
    workspace: Workspace, case: Case, files: RunFiles, findings: pa.Table
) -> statements.ReportContext:
    """The context of some findings of a run."""
    description = files.description()
    locators = sorted({text for group in findings["locators"].to_pylist() for text in group or ()})
    rows = source_rows(workspace, case, locators)
    items = list(read_items(case))
    connection = case_store(workspace, case).connect()
    objects = [str(key) for key in findings["object"].to_pylist()]
    prisons = [key.removeprefix("prison:") for key in objects if key.startswith("prison:")]
    return statements.ReportContext(
        case=_case(case),
        run=statements.Run(
            reference=f"run {files.run.number}",
            finished=files.run.at,
            code_version=files.run.code_version,
            parameters="as shipped with this version, moved by the case itself",
            inputs_sha256=inputs_sha256(description["inputs"]),
        ),
        evidence={item.sha256: _item(item) for item in items},
        rows={row.locator: row.values for row in rows},
        persons=_persons(connection),
        seized=files.seized(),
        counts=_counts(files, names_of_prisons(connection)),
        notes=tuple(told.sentence() for told in told_of(connection, prisons)),
    )


def _counts(files: RunFiles, names: Mapping[str, str]) -> tuple[statements.PrisonCount, ...]:
    """Of the run; runs of earlier versions kept none."""
    rows = files.table("counts").to_pylist() if files.has("counts") else []
    return tuple(
        statements.PrisonCount(
            prison=" · ".join(filter(None, (row["prison"], names.get(row["prison"])))),
            expected=row["expected"],
            low=row["low"],
            high=row["high"],
            weighed=row["candidates"],
        )
        for row in sorted(rows, key=lambda row: (-row["expected"], row["prison"]))
    )


def _case(case: Case) -> statements.Case:
    authorities = [_authority(authority_of(row)) for row in case.authorities.order_by("pk")]
    return statements.Case(reference=case.reference, title=case.title, authorities=tuple(authorities))


def _authority(authority: Authority) -> statements.Authority:
    scope = authority.scope
    period = f"{_day(scope.data_from_us) or 'open'} to {_day(scope.data_to_us) or 'open'}"
    return statements.Authority(
        reference=authority.reference,
        issuer=authority.issuer,
        purposes=", ".join(scope.purposes),
        obtain_until=_day(authority.obtain_until_us),
        data_period=period,
        erase_by=_day(authority.erase_by_us),
    )


def _day(us: int | None) -> str:
    return from_microseconds(us).date().isoformat() if us is not None else ""


def _item(item: Item) -> statements.EvidenceItem:
    return statements.EvidenceItem(
        name=item.original_name,
        size=item.size,
        received_from=item.from_whom,
        authority=item.authority.reference,
        sealed=item.taken_in,
        recognised=intake_of(item, already=True).says,
    )


def _persons(connection: duckdb.DuckDBPyConnection) -> dict[str, statements.Person]:
    """Names of inmates by key, from the registers."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "SELECT DISTINCT ON (inmate) inmate, concat_ws(' ', given_name, upper(family_name)) FROM inmates"
        " WHERE inmate IS NOT NULL ORDER BY inmate, family_name"
    ).fetchall()
    return {f"inmate:{inmate}": statements.Person(name or inmate) for inmate, name in rows}
