"""The plans that a case issued: kept byte by byte beside their run, and named by custody events.

The rules:

1. The file comes first, the event of kind `planned` after it: a file that no event names is none.
2. An event bears the SHA-256 of its plan, so propensities are those that were logged, and papers are made of
   nothing but what a named person issued.
3. Erasing the evidence under a run takes its plans along; the events stay.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv

from parloir.actions.runs import RunFiles
from parloir.errors import InputError, MissingEvidenceError, TamperedError
from parloir.records.cases import locked
from parloir.records.clock import microseconds
from parloir.records.custody import append, chain, happened
from parloir.records.models import Case
from parloir.records.runs import standing_runs
from parloir.records.workspace import Workspace
from parloir.tables.files import replacing
from parloir.vault import Event, Kind

if TYPE_CHECKING:
    from parloir import searches

FOLDER = "plans"


@dataclass(frozen=True)
class Issued:
    """What a plan was issued with.

    Attributes:
        at: the one start, aware.
        issued_by: who answers for it.
        shift, slope: the recalibration that its probabilities went through; 0 and 1 for none.
    """

    at: datetime
    issued_by: str
    shift: float = 0.0
    slope: float = 1.0

    def day(self) -> tuple[int, int]:
        """The day of the searches where they take place, first and last microsecond UTC."""
        start = self.at.replace(hour=0, minute=0, second=0, microsecond=0)
        return microseconds(start), microseconds(start + timedelta(days=1)) - 1


@dataclass(frozen=True)
class KeptPlan:
    """A plan as the case keeps it; `rows` has the schema `searches.PLAN`."""

    number: int
    run: int
    issued: Issued
    sha256: str
    path: Path

    def rows(self) -> pa.Table:
        """Its rows.

        Raises:
            TamperedError: the file is not the one that was issued.
        """
        from parloir import searches

        data = self.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise TamperedError(
                f"plan {self.number} is not the one that was issued",
                where=str(self.path),
                do="plan again, and find out who changed it",
            )
        types = pyarrow.csv.ConvertOptions(column_types=searches.PLAN)
        return pyarrow.csv.read_csv(io.BytesIO(data), convert_options=types).cast(searches.PLAN)


def as_csv(plan: searches.Plan) -> bytes:
    """A plan as it is handed out and kept."""
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(plan.rows, sink)
    return bytes(sink.getvalue())


def keep(workspace: Workspace, case: Case, files: RunFiles, issued: Issued, data: bytes) -> KeptPlan:
    """Keep a plan beside its run and write it down; the caller holds `workspace.busy()`."""
    with locked(case):
        number = sum(event.kind == Kind.PLANNED for event in chain(case)) + 1
        digest = hashlib.sha256(data).hexdigest()
        kept = KeptPlan(number, files.run.number, issued, digest, _path(files, number))
        kept.path.parent.mkdir(exist_ok=True)
        with replacing(kept.path) as temporary:
            temporary.write_bytes(data)
        append(case, _event(workspace, case, kept))
    return kept


def _event(workspace: Workspace, case: Case, kept: KeptPlan) -> Event:
    at, issuer = kept.issued.at.isoformat(), kept.issued.issued_by
    event = happened(
        case,
        workspace.actor,
        Kind.PLANNED,
        number=kept.number,
        run=kept.run,
        sha256=kept.sha256,
        at=at,
        issued_by=issuer,
        shift=str(kept.issued.shift),
        slope=str(kept.issued.slope),
    )
    return replace(event, reason=f"plan of {at} from run {kept.run}, issued by {issuer}")


def kept_plans(workspace: Workspace, case: Case) -> list[KeptPlan]:
    """The plans of a case whose runs stand, in the order in which they were issued."""
    standing = {
        run.number: RunFiles(run, workspace.run_of(case.pk, run.number)) for run in standing_runs(case)
    }
    return [
        KeptPlan(
            number=details["number"],
            run=details["run"],
            issued=Issued(
                datetime.fromisoformat(details["at"]),
                details["issued_by"],
                float(details["shift"]),
                float(details["slope"]),
            ),
            sha256=details["sha256"],
            path=_path(standing[details["run"]], details["number"]),
        )
        for event in chain(case)
        if event.kind == Kind.PLANNED and (details := event.details).get("run") in standing
    ]


def kept_plan(workspace: Workspace, case: Case, file: Path | None = None) -> KeptPlan:
    """The plan that a file holds, or of that number in the case, or the last one.

    Raises:
        MissingEvidenceError: the case keeps no plan.
        InputError: no such number, or the file cannot be read or is no plan that this case issued.
    """
    plans = kept_plans(workspace, case)
    if not plans:
        raise MissingEvidenceError(
            "no plan was issued", where=f"case {case.reference}", do="plan first (parloir plan)"
        )
    if file is None:
        return plans[-1]
    if str(file).isdecimal() and not file.exists():
        return _numbered(plans, int(str(file)), case)
    digest = hashlib.sha256(_bytes(file)).hexdigest()
    found = next((plan for plan in reversed(plans) if plan.sha256 == digest), None)
    if found is None:
        raise InputError(
            f"this is no plan that case {case.reference} issued, or it was changed since",
            where=str(file),
            do="give the file as `parloir plan` wrote it, or plan again",
        )
    return found


def _numbered(plans: list[KeptPlan], number: int, case: Case) -> KeptPlan:
    found = next((plan for plan in plans if plan.number == number), None)
    if found is None:
        known = ", ".join(str(plan.number) for plan in plans)
        raise InputError(
            f"there is no plan {number}", where=f"case {case.reference}", do=f"choose of {known}"
        )
    return found


def _path(files: RunFiles, number: int) -> Path:
    return files.folder / FOLDER / f"plan{number}.csv"


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be opened ({error.strerror})", where=str(file), do="check the path of the plan"
        ) from error
