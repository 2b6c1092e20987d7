"""What all acts have in common: their own workspace, and one sentence when a database or disk fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from parloir.records.databases import reported
from parloir.records.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[Concatenate[Workspace, P], R]) -> Callable[Concatenate[Workspace, P], R]:
    """Point the records at the act's workspace first; several may be open in one process."""

    @wraps(function)
    def acting(workspace: Workspace, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with reported(str(workspace.home)):
            workspace.use()
            return function(workspace, *args, **kwargs)

    return acting
