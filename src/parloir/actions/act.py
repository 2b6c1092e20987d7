"""What every act has in common: it works in its own workspace, and a failing database is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from parloir.errors import InputError
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


def named(what: str, text: str, longest: int = 100) -> str:
    """A name that a person typed, without spaces around it.

    Raises:
        InputError: it is empty, too long, or holds characters that cannot be printed.
    """
    name = text.strip()
    if not name or len(name) > longest or not name.isprintable():
        raise InputError(
            f"“{readable(name)[:longest]}” cannot be the {what}",
            do=f"give 1 to {longest} printable characters",
        )
    return name


def readable(text: str) -> str:
    """Text from outside as any database and any JSON can hold it; what they cannot becomes U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
