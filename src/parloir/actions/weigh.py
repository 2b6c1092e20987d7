"""Weigh a case: everything that was read, into findings and leads."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import uuid4

import duckdb
import pyarrow as pa

from parloir import __version__
from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.actions.item_reading import file_sha256
from parloir.actions.progress import Progress
from parloir.errors import MissingEvidenceError
from parloir.records.accesses import log_access
from parloir.records.cases import locked, permitted
from parloir.records.custody import append, happened
from parloir.records.judgements import judgements_of
from parloir.records.models import Case, EvidenceItem, Role, User
from parloir.records.retention import Retention, retentions
from parloir.records.runs import Weighed, commit_run, input_of, read_items, unread_items
from parloir.records.workspace import Workspace
from parloir.tables.files import STAGING, sync, write_table
from parloir.tables.store import Store
from parloir.tables.working import RestsOn
from parloir.vault import Kind

if TYPE_CHECKING:
    from parloir.holders import Holders, Parameters, Said
    from parloir.identities import Memory, Persons
    from parloir.presence import Presence

GROUP = 1 << 13
"""Rows of a row group of a run: what explains one pair lies in one or two of them."""
Held = TypeVar("Held", bound="Said")


@dataclass(frozen=True)
class RunWeighed:
    """A weighing: its number in the case, what it found, and the SHA-256 of its findings.

    Attributes:
        walled: rows that the protected register kept out of it, by table; those held back at take-in are
            counted there.
        namesakes: rows of people with a protected person's name that were weighed, since another fact tells
            them apart; by table.
        counts: how many handsets were used inside each prison, rows of `presence.counts.COUNTS`.
        remarks: what was set aside or could not be told of the handsets.
        unread: names of files that lie sealed in the case and were not weighed, since they were not read.
        retention: evidence that must be erased, or must within a month.
    """

    case: str
    run: int
    evidence: int
    findings: int
    leads: int
    handsets_inside: int
    links: int
    walled: Mapping[str, int]
    namesakes: Mapping[str, int]
    findings_sha256: str
    folder: str
    counts: tuple[Mapping[str, Any], ...]
    remarks: tuple[str, ...]
    unread: tuple[str, ...]
    retention: tuple[Retention, ...]


@act
def weigh(workspace: Workspace, case: str, progress: Progress | None = None) -> RunWeighed:
    """Weigh all evidence of a case that has been read, and write a new run.

    Same evidence, same judgements, same version, same parameters: byte-identical findings.

    Args:
        workspace: the open workspace.
        case: its reference.
        progress: told what is being done.

    Raises:
        LawfulnessError: the person acting may not.
        MissingEvidenceError: nothing in the case has been read yet.
    """
    found, user = permitted(case, workspace.actor, Role.INVESTIGATOR)
    items = tuple(read_items(found))
    if not items:
        raise MissingEvidenceError(
            "nothing in this case has been read yet",
            where=f"case {case}",
            do="take evidence in first (parloir take-in)",
        )
    log_access(workspace.actor, user, "weigh", found)
    with workspace.busy():
        staged = workspace.runs / STAGING / uuid4().hex
        staged.mkdir(parents=True)
        try:
            store = case_store(workspace, found, items)
            working = workspace.working_of(found.pk)
            results = weigh_tables(store, judgements_of(found), progress, working)
            results = replace(results, walled=store.walled(), namesakes=store.namesakes())
            return _commit(workspace, (found, user, items), results, staged)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


@dataclass(frozen=True)
class Results:
    """One weighing: its tables by file name, what could be set, what is remarked.

    Attributes:
        walled, namesakes: as in `RunWeighed`.
    """

    tables: Mapping[str, pa.Table]
    parameters: Mapping[str, Any]
    remarks: tuple[str, ...] = ()
    walled: Mapping[str, int] = field(default_factory=dict)
    namesakes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Weighing(Generic[Held]):
    """What each room says of the same tables, as it says it."""

    persons: Persons
    prisons: Presence
    held: Held
    parameters: Parameters


def weigh_rooms(store: Store, judgements: pa.Table, progress: Progress | None = None) -> Weighing[Holders]:
    """Identities and presence, then holders with all their pairs: pure, from tables to weights.

    Args:
        store: the canonical tables.
        judgements: as `records.judgements_of` gives them.
        progress: told what is being done.
    """
    from parloir import holders

    return _rooms(store, judgements, _Told(progress, None), holders.weigh_holders)


@dataclass(frozen=True)
class _Told:
    """Who is told what is being done, and the folder of the case's working tables; None keeps none."""

    progress: Progress | None
    working: Path | None


def _rooms(store: Store, judgements: pa.Table, told: _Told, weigh: Callable[..., Held]) -> Weighing[Held]:
    """One room after the other, `weigh` the last."""
    from parloir import contacts, holders, identities, presence

    say, working = told.progress or (lambda *_: None), told.working
    connection = store.connect()
    say("linking persons", 0, 0)
    pairs = None if working is None else _compared_before(store, working / "links")
    persons = identities.weigh(connection, judgements, identities.Parameters(kept=pairs))
    say("looking for handsets inside", 0, 0)
    kept = None if working is None else presence.kept_engine(store, working)
    there = contacts.people_there(connection, persons.links)
    prisons = presence.weigh(connection, progress=told.progress, engine=kept, people=there)
    start = holders.load_parameters()
    inside = holders.Inside(prisons.handsets, prisons.inside, persons.links)
    return Weighing(persons, prisons, weigh(connection, inside, start, told.progress), start)


def _compared_before(store: Store, folder: Path) -> Memory:
    """The pairs that earlier runs compared; what they rest on is told before they are added to."""
    from parloir.identities import Memory

    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)  # it is erased so many days after its last use
    records = frozenset(one.name for one in store.folders)
    registers = frozenset(path.parent.name for path in store.wall.registers)
    RestsOn(records, registers).write(folder)
    return Memory(folder)


def weigh_tables(
    store: Store, judgements: pa.Table, progress: Progress | None = None, working: Path | None = None
) -> Results:
    """The same, written as the tables of a run; many handsets are weighed in two processes.

    Args:
        store, judgements, progress: as of `weigh_rooms`.
        working: folder of the case's working tables, used again where they stand; None keeps none.

    Returns:
        findings, leads, inside, handsets, counts, links and posteriors.
    """
    from parloir import holders

    said = _rooms(store, judgements, _Told(progress, working), holders.say_holders)
    (progress or (lambda *_: None))("writing", 0, 0)
    findings = [said.persons.findings, said.prisons.findings, said.held.findings]
    return Results(
        {
            "findings": _sorted(store.connect(), findings),
            "leads": said.held.leads,
            "inside": said.prisons.inside,
            "handsets": said.prisons.handsets,
            "counts": said.prisons.counts,
            "links": said.persons.links,
            "posteriors": said.held.posteriors,
        },
        {"holders": said.parameters.raw},
        said.prisons.remarks,
    )


def _sorted(connection: duckdb.DuckDBPyConnection, findings: list[pa.Table]) -> pa.Table:
    """All findings in one fixed order."""
    connection.register("all_findings", pa.concat_tables(findings))
    return connection.execute("SELECT * FROM all_findings ORDER BY ALL").to_arrow_table()


def _commit(
    workspace: Workspace, about: tuple[Case, User, tuple[EvidenceItem, ...]], results: Results, staged: Path
) -> RunWeighed:
    """Write the files, force them to the disk, and write the run down."""
    case, user, items = about
    for name, table in results.tables.items():
        write_table(staged / f"{name}.parquet", table, GROUP)
    digest = file_sha256(staged / "findings.parquet")
    description = {
        "case": case.reference,
        "code_version": __version__,
        "inputs": [input_of(item) for item in items],
        "parameters": results.parameters,
        "walled": results.walled,
        "namesakes": results.namesakes,
        "findings_sha256": digest,
    }
    (staged / "run.json").write_text(json.dumps(description, indent=1, sort_keys=True), encoding="utf-8")
    sync(staged / "run.json")
    sync(staged)
    weighed = Weighed(__version__, results.parameters, digest, items)
    with locked(case):
        run = commit_run(workspace, case, user, weighed, staged)
        append(case, happened(case, workspace.actor, Kind.WEIGHED, reason=f"weighed as run {run.number}"))
    return RunWeighed(
        case=case.reference,
        run=run.number,
        evidence=len(items),
        findings=results.tables["findings"].num_rows,
        leads=results.tables["leads"].num_rows,
        handsets_inside=results.tables["handsets"].num_rows,
        links=results.tables["links"].num_rows,
        walled=results.walled,
        namesakes=results.namesakes,
        findings_sha256=digest,
        folder=str(workspace.run_of(case.pk, run.number)),
        counts=tuple(results.tables["counts"].to_pylist()),
        remarks=results.remarks,
        unread=tuple(item.original_name for item in unread_items(case)),
        retention=retentions(case),
    )


def inputs_sha256(inputs: list[dict[str, Any]]) -> str:
    """One digest over all sealed files that a run weighed."""
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
