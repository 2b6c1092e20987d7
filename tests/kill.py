"""Killing a program at random moments. `python -m tests.kill 100` does it a hundred times to each act.

A command that prints `READY` on a line of its own is killed after that line, so that the kill hits what it
does and not the start of Python. The moments are spread evenly over the time that it takes undisturbed.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = "ready"


@dataclass(frozen=True)
class Outcome:
    """What became of one command: whether the kill came before its end, and after how many seconds."""

    killed: bool
    after_s: float


def undisturbed(command: Sequence[str]) -> float:
    """Seconds from `READY` to the end.

    Raises:
        subprocess.CalledProcessError: the command failed.
    """
    with _started(command) as process:
        start = time.monotonic()
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, command)
        return time.monotonic() - start


def kill(command: Sequence[str], after_s: float) -> Outcome:
    """Start the command and send SIGKILL so many seconds after it is ready."""
    with _started(command) as process:
        time.sleep(after_s)
        process.kill()
        return Outcome(process.wait() < 0, after_s)


def kills(
    command: Callable[[int], Sequence[str]], check: Callable[[int], None], times: int, longest_s: float
) -> list[Outcome]:
    """Kill `command(n)` for n = 0, 1, … at random moments; `check(n)` raises if something is not whole."""
    moments = random.Random(20250520)  # noqa: S311 - moments of a test
    outcomes = []
    for n in range(times):
        outcomes.append(kill(command(n), moments.uniform(0, longest_s)))
        check(n)
    return outcomes


@contextmanager
def _started(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            while process.stdout and (line := process.stdout.readline()) and line.strip() != READY:
                pass
            yield process
        finally:
            process.kill()


def main(times: int) -> None:
    """Kill taking in and erasing `times` times each, in a workspace of its own, and print the count."""
    from tests.actions.crashes import CrashSite

    with tempfile.TemporaryDirectory() as folder:
        site = CrashSite.make(Path(folder))
        for name, outcomes in (("take-in", site.kill_take_in(times)), ("erase", site.kill_erase(times))):
            killed = sum(outcome.killed for outcome in outcomes)
            print(f"{name}: {killed} of {times} killed midway; nothing lost, nothing twice")  # noqa: T201 - its output


if __name__ == "__main__":
    main(int(sys.argv[1]))
