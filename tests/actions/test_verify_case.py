"""Whatever is changed behind the program's back is found and named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from parloir.actions import (
    Delivery,
    Handling,
    Link,
    Saying,
    judge_link,
    record_custody,
    take_in_evidence,
    verify_case,
)
from parloir.errors import InputError
from parloir.records import guards
from parloir.records.models import Case, EvidenceItem, User
from parloir.records.runs import Weighed, commit_run
from parloir.records.workspace import Workspace
from tests.actions.conftest import AUTHORITY


@pytest.fixture(autouse=True)
def _evidence(workspace: Workspace, case: str, visits_file: Path) -> None:
    take_in_evidence(workspace, case, [visits_file], Delivery(authority=AUTHORITY))
    judge_link(workspace, case, Link("same_person", "person:1", "person:2"), Saying("same", "one number"))
    assert verify_case(workspace, case).holds


@contextmanager
def _unguarded() -> Iterator[None]:
    """What somebody with the database's own tools can do."""
    with connection.cursor() as cursor:
        for name in [f"{table}_no_{act}" for table in guards.TABLES for act in ("update", "delete")]:
            table = name.rsplit("_no_")[0]
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{suffix}")
        yield
    guards.make(connection)


def _execute(statement: str) -> None:
    with _unguarded(), connection.cursor() as cursor:
        cursor.execute(statement)


def _sealed_path(workspace: Workspace) -> Path:
    sha256 = EvidenceItem.objects.get().sha256
    return workspace.vault / sha256[:2] / sha256[2:4] / sha256


def _flip_a_bit(path: Path) -> None:
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _tables(workspace: Workspace) -> Path:
    return workspace.tables_of(Case.objects.get().pk, 1)


TAMPERING: dict[str, tuple[Callable[[Workspace], object], str]] = {
    "a bit of the sealed file": (
        lambda w: _flip_a_bit(_sealed_path(w)),
        r"evidence item 1 \(visits.csv\): the bytes in the vault are not the bytes that were sealed",
    ),
    "the sealed file is gone": (lambda w: _sealed_path(w).unlink(), r"missing from the vault"),
    "a bit of a table": (
        lambda w: _flip_a_bit(_tables(w) / "visits.parquet"),
        r"evidence item 1 .*: the table visits is missing or altered",
    ),
    "a table is gone": (lambda w: shutil.rmtree(_tables(w)), r"the table visits is missing or altered"),
    "a table too many": (
        lambda w: (_tables(w) / "orders.parquet").write_bytes(b""),
        r"a table orders that was not read from it",
    ),
    "a word of an event": (
        lambda _: _execute(
            "UPDATE records_custodyevent SET body = replace(body, 'Alice', 'Alicf') WHERE sequence = 2"
        ),
        r"2",
    ),
    "an event in the middle": (
        lambda _: _execute("DELETE FROM records_custodyevent WHERE sequence = 2"),
        r"2",
    ),
    "an event that is none": (
        lambda _: _execute("UPDATE records_custodyevent SET body = '[]' WHERE sequence = 4"),
        r"custody event",
    ),
    "the record of an item": (
        lambda _: EvidenceItem.objects.update(original_name="other.csv"),
        r"not as it was when it was sealed",
    ),
    "the status of an item": (
        lambda _: EvidenceItem.objects.update(status="sealed"),
        r"is sealed in the records and read in the chain",
    ),
    "a count": (lambda _: EvidenceItem.objects.update(warnings=7), r"other row counts"),
    "an item is gone": (
        lambda _: EvidenceItem.objects.all().delete(),
        r"evidence item 1 is in the chain and not in the records",
    ),
    "a judgement": (
        lambda _: _execute("UPDATE records_judgement SET word = 'different'"),
        r"the judgements in the records are not those",
    ),
    "an authority is widened": (
        lambda _: _execute("UPDATE records_authority SET erase_by_us = 9000000000000000"),
        rf"authority {AUTHORITY} is not as it was when it was added",
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_found_and_named(workspace: Workspace, case: str, what: str) -> None:
    tamper, named = TAMPERING[what]
    tamper(workspace)
    found = verify_case(workspace, case)
    assert not found.holds
    assert any(re.search(named, fault) for fault in found.faults), found.faults


def test_a_removed_last_event_is_seen_against_a_printed_checkpoint(workspace: Workspace, case: str) -> None:
    record_custody(workspace, case, Handling(kind="examined"))
    printed = verify_case(workspace, case).checkpoint
    assert verify_case(workspace, case, printed).holds
    _execute("DELETE FROM records_custodyevent WHERE sequence = 6")
    assert verify_case(workspace, case).holds, "nothing inside a chain shows that its end is gone"
    assert not verify_case(workspace, case, printed).holds


def test_a_checkpoint_that_is_none(workspace: Workspace, case: str) -> None:
    with pytest.raises(InputError, match="not a checkpoint"):
        verify_case(workspace, case, "yesterday")


def test_the_findings_of_a_run_are_checked(workspace: Workspace, case: str) -> None:
    found, folder = Case.objects.get(), workspace.runs / ".staging" / "one"
    folder.mkdir(parents=True)
    (folder / "findings.parquet").write_bytes(b"findings")
    sha256 = "d9e1e6f6c1d9d6c1" + "0" * 48
    run = commit_run(workspace, found, User.objects.get(), Weighed("0", {}, sha256, ()), folder)
    assert verify_case(workspace, case).faults == ("run 1: its findings are altered",)
    (workspace.run_of(found.pk, run.number) / "findings.parquet").unlink()
    assert verify_case(workspace, case).faults == ("run 1: its findings are missing",)
