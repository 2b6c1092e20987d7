"""Look at what is shown and never weighed: resellers among the orders, and the stock of handsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from parloir.actions.act import act
from parloir.actions.case_store import case_store
from parloir.records.accesses import log_access
from parloir.records.cases import permitted
from parloir.records.models import Role
from parloir.records.workspace import Workspace

if TYPE_CHECKING:
    from parloir.inquiries import Stock


@act
def find_resellers(workspace: Workspace, case: str) -> pa.Table:
    """Orders of many units, repeat orders and keys under several names; the look is logged.

    Returns:
        `inquiries.RESELLERS`, most units first.

    Raises:
        LawfulnessError: the person acting is not a member.
    """
    from parloir import inquiries

    return inquiries.resellers(_opened(workspace, case, "find_resellers"))


@act
def show_stock(workspace: Workspace, case: str) -> Stock:
    """Codes and serial runs that the case has learnt, and labels typed wrong; the look is logged.

    Raises:
        LawfulnessError: the person acting is not a member.
    """
    from parloir import inquiries

    return inquiries.stock(_opened(workspace, case, "show_stock"))


def _opened(workspace: Workspace, case: str, look: str) -> duckdb.DuckDBPyConnection:
    found, user = permitted(case, workspace.actor, Role.READER)
    log_access(workspace.actor, user, look, found)
    return case_store(workspace, found).connect()
