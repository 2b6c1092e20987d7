"""Running acts in processes of their own, and killing them at random moments.

The processes are forked from one that has imported everything, so that many kills take little time. An act is
a function of `tests.acts`: it gets `ready` to call, and its arguments. It is killed after it was ready, at
moments spread evenly over the time that it takes undisturbed. `python -m tests.kill 100` kills each act a
hundred times.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.acts"])
TIMED = 3


@dataclass(frozen=True)
class Act:
    """A function of `tests.acts` and its arguments after `ready`."""

    function: Callable[..., None]
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one act: whether the kill came before its end, and after how many seconds."""

    killed: bool
    after_s: float


def together(acts: Sequence[Act]) -> list[int | None]:
    """Run the acts at the same time; their exit codes."""
    started = [_started(act) for act in acts]
    for process in started:
        process.join()
    return [process.exitcode for process in started]


def undisturbed(act: Act) -> float:
    """Seconds from being ready to the end.

    Raises:
        RuntimeError: the act failed.
    """
    process, start = _started(act), time.monotonic()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{act} ended with {process.exitcode}")
    return time.monotonic() - start


def kill(act: Act, after_s: float) -> Outcome:
    """Start the act and send SIGKILL so many seconds after it is ready."""
    process = _started(act)
    time.sleep(after_s)
    process.kill()
    process.join()
    return Outcome(process.exitcode == -9, after_s)


def kills(act: Callable[[int], Act], check: Callable[[int], None], times: int) -> list[Outcome]:
    """Kill `act(n)` for n = 0, 1, …; `check(n)` raises if something is not whole.

    The `TIMED` acts after them are timed, and the shortest counts: a later kill would come after the end.
    """
    longest_s = min(undisturbed(act(times + n)) for n in range(TIMED))
    moments = random.Random(20250520)  # noqa: S311 - moments of a test
    outcomes = []
    for n in range(times):
        outcomes.append(kill(act(n), moments.uniform(0, longest_s)))
        check(n)
    return outcomes


def _started(act: Act) -> ForkServerProcess:
    ready = CONTEXT.Event()
    process = CONTEXT.Process(target=_child, args=(dict(os.environ), ready, act))
    process.start()
    while not ready.wait(0.05) and process.is_alive():
        pass
    return process


def _child(environment: dict[str, str], ready: Any, act: Act) -> None:
    os.environ.clear()  # the server that forked us has the environment of its own start
    os.environ.update(environment)
    act.function(ready.set, *act.arguments)


def main(times: int) -> None:
    """Kill each act `times` times, in a workspace of its own, and print the counts."""
    from tests.actions.crashes import CrashSite

    with tempfile.TemporaryDirectory() as folder:
        site = CrashSite.make(Path(folder))
        acts = (
            ("take-in", site.kill_take_in),
            ("read-again", site.kill_read_again),
            ("erase", site.kill_erase),
            ("weigh", site.kill_weigh),
        )
        for name, kill_act in acts:
            outcomes = kill_act(times)
            killed = sum(outcome.killed for outcome in outcomes)
            print(f"{name}: {killed} of {times} killed midway; nothing lost, nothing twice")  # noqa: T201 - its output


if __name__ == "__main__":
    main(int(sys.argv[1]))
