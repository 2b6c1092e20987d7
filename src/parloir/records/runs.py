"""Weighings: numbering them, writing them down, and which of them still stand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from parloir.records.cases import locked
from parloir.records.clock import now
from parloir.records.models import Case, EvidenceItem, Run, Status, User
from parloir.records.workspace import Workspace
from parloir.tables.files import sync


@dataclass(frozen=True)
class Weighed:
    """What a run is written down with.

    Attributes:
        code_version: of Parloir.
        parameters: everything that could be set, JSON values.
        findings_sha256: of the findings file.
        items: the evidence that it rests on.
    """

    code_version: str
    parameters: Mapping[str, Any]
    findings_sha256: str
    items: tuple[EvidenceItem, ...]


def read_items(case: Case) -> QuerySet[EvidenceItem]:
    """The evidence items of a case that have tables, in their order."""
    return case.evidence.filter(status=Status.READ).order_by("number")


def input_of(item: EvidenceItem) -> dict[str, Any]:
    """How a run names an evidence item that it rests on; which reading is told after the first."""
    again = {"reading": item.reading} if item.reading > 1 else {}
    return {"number": item.number, "sha256": item.sha256, **again}


def unread_items(case: Case) -> QuerySet[EvidenceItem]:
    """The evidence items that lie sealed without tables, in their order."""
    return case.evidence.filter(status__in=[Status.SEALED, Status.REFUSED]).order_by("number")


def standing_runs(case: Case) -> QuerySet[Run]:
    """The runs of a case whose files were not erased, in their order."""
    return case.runs.filter(erasure=None).order_by("number")


def commit_run(workspace: Workspace, case: Case, user: User, weighed: Weighed, staged: Path) -> Run:
    """Number a run, move its files to `workspace.run_of(…)` and write it down, which is its commit point.

    Call it within `workspace.busy()`, or a sweep takes the files for a dead process's.

    Args:
        workspace: the open workspace.
        case: the case weighed.
        user: who weighed.
        weighed: what to write down.
        staged: a folder under `workspace.runs` with the run's files, forced to the disk.
    """
    with locked(case):
        last = case.runs.order_by("-number").first()
        number = last.number + 1 if last else 1
        place(staged, workspace.run_of(case.pk, number))
        return Run.objects.create(
            case=case,
            number=number,
            inputs=[input_of(item) for item in weighed.items],
            code_version=weighed.code_version,
            parameters=dict(weighed.parameters),
            findings_sha256=weighed.findings_sha256,
            at=now(),
            by=user,
        )


def place(staged: Path, target: Path) -> None:
    """Rename a folder to its place; what a dead process left there, without a record, makes way."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(target)
    sync(target.parent)
