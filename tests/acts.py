"""Acts that tests run in processes of their own, to be killed or to compete with each other.

Each opens its workspace and calls `ready`, so that a kill hits the act and not what comes before it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parloir.actions import Delivery, Rereading, erase_evidence, take_in_evidence
from parloir.actions import read_again as read_item_again
from parloir.actions import weigh as weigh_case
from parloir.records.custody import append, happened
from parloir.records.models import Case
from parloir.records.setup import open_workspace

Ready = Callable[[], object]


def take_in(ready: Ready, home: Path, case: str, authority: str, path: Path) -> None:
    """Take one file in."""
    workspace = open_workspace(home)
    ready()
    take_in_evidence(workspace, case, [path], Delivery(authority=authority))


def erase(ready: Ready, home: Path, case: str, number: int) -> None:
    """Erase one evidence item."""
    workspace = open_workspace(home)
    ready()
    erase_evidence(workspace, case, number, "the authority has ended")


def read_again(ready: Ready, home: Path, case: str, number: int) -> None:
    """Read one evidence item again, in another time zone."""
    workspace = open_workspace(home)
    ready()
    read_item_again(workspace, case, number, Rereading(reason="the clock ran on UTC", timezone="UTC"))


def weigh(ready: Ready, home: Path, case: str) -> None:
    """Weigh a case."""
    workspace = open_workspace(home)
    ready()
    weigh_case(workspace, case)


def write_events(ready: Ready, home: Path, writer: int, times: int) -> None:
    """Append events to the chain of the only case."""
    workspace = open_workspace(home)
    case = Case.objects.get()
    ready()
    for n in range(times):
        append(case, happened(case, workspace.actor, "examined", writer=writer, n=n))


def start(ready: Ready, home: Path) -> None:
    """Open a workspace that may not be there yet."""
    ready()
    open_workspace(home, create=True)
