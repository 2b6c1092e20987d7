"""List the leads of a case."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from parloir.actions.act import act
from parloir.actions.runs import run_files
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace


@act
def list_leads(workspace: Workspace, case: str, run: int | None = None) -> pa.Table:
    """The leads of the last run, or of another one, ranked; the look is logged.

    Returns:
        `tables.leads` and `seized`, whether the handset was seized: no search will find it again.

    Raises:
        LawfulnessError: the person acting is not a member.
        RecordsError: the case has not been weighed.
    """
    found, user = permitted(case, workspace.actor, Role.READER)
    files = run_files(workspace, found, run)
    log_access(workspace.actor, user, "list_leads", found, f"run {files.run.number}")
    leads = files.table("leads")
    seized = pa.array(sorted(files.seized()), pa.string())
    return leads.append_column("seized", pc.is_in(leads["handset"], value_set=seized))
