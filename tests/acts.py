"""Acts as a program of its own, to be killed: `python -m tests.acts ACT HOME CASE …`.

It prints `READY` when the workspace is open, so that a kill hits the act and not the start of Python.
"""

from __future__ import annotations

import sys
from pathlib import Path

from parloir.actions import Delivery, erase_evidence, take_in_evidence
from parloir.records.setup import open_workspace
from tests.kill import READY


def main(act: str, home: str, case: str, rest: list[str]) -> None:
    """Do one act."""
    workspace = open_workspace(Path(home))
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    if act == "take-in":
        authority, *paths = rest
        take_in_evidence(workspace, case, [Path(path) for path in paths], Delivery(authority=authority))
    else:
        erase_evidence(workspace, case, int(rest[0]), "the authority has ended")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
