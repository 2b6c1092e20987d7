"""Parts of the handsets, here or each in a process of its own."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from parloir.errors import ParloirError
from parloir.holders.activity import Activity
from parloir.holders.evidence import Evidence
from parloir.holders.parameters import Parameters
from parloir.holders.parts import Part, Progress
from parloir.weights.fusion import fold_of

Numbers = npt.NDArray[np.intp]
One = TypeVar("One")


class Parts(Protocol):
    """All handsets, in one part or several.

    Attributes:
        rows: which handsets each part has, by their place among all.
        keep: whether the handsets can be looked at after they are written.
    """

    rows: Sequence[Numbers]
    keep: bool

    def ask(self, what: str, *same: Any) -> list[Any]:
        """Ask every part the same question, a method of `Part`; an answer from each."""
        ...

    def ask_each(self, what: str, own: Sequence[Any], *same: Any) -> list[Any]:
        """The same, with a first argument of its own for each."""
        ...

    def end(self) -> None:
        """Nothing more will be asked: what other processes hold is given back."""
        ...


class Here:
    """One part, in this process."""

    keep = True

    def __init__(self, part: Part) -> None:
        self.part = part
        self.rows: Sequence[Numbers] = [np.arange(part.handsets)]

    def ask(self, what: str, *same: Any) -> list[Any]:
        """See `Parts`."""
        return [getattr(self.part, what)(*same)]

    def ask_each(self, what: str, own: Sequence[Any], *same: Any) -> list[Any]:
        """See `Parts`."""
        return self.ask(what, *own, *same)

    def end(self) -> None:
        """See `Parts`."""


class Apart:
    """Several parts: the first here, each other in a process of its own, begun anew, that shares nothing."""

    keep = False

    def __init__(self, part: Part, pools: Sequence[ProcessPoolExecutor], rows: Sequence[Numbers]) -> None:
        self.part, self.pools, self.rows = part, pools, rows

    def ask(self, what: str, *same: Any) -> list[Any]:
        """See `Parts`."""
        asked = [pool.submit(_answer, what, *same) for pool in self.pools]
        return [getattr(self.part, what)(*same), *_ended(asked)]

    def ask_each(self, what: str, own: Sequence[Any], *same: Any) -> list[Any]:
        """See `Parts`."""
        first, *others = own
        asked = [pool.submit(_answer, what, one, *same) for pool, one in zip(self.pools, others, strict=True)]
        return [getattr(self.part, what)(first, *same), *_ended(asked)]

    def end(self) -> None:
        """See `Parts`."""
        for pool in self.pools:
            pool.shutdown()
        _give_back()


def _give_back() -> None:
    """What the handsets took goes back to the system, which the C library would keep for more of the like."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _ended(asked: Sequence[Future[Any]]) -> list[Any]:
    """The answers; an error where a process is gone."""
    try:
        return [one.result() for one in asked]
    except BrokenProcessPool as error:
        raise ParloirError(
            "a process that weighed handsets was ended from outside",
            do="see that there is memory enough, then weigh again",
        ) from error


def in_order(parts: Parts, answers: Sequence[Sequence[One]]) -> list[One]:
    """What the parts say of their handsets, in the order of all handsets."""
    rows = np.concatenate([np.zeros(0, np.intp), *parts.rows])
    said = [one for answer in answers for one in answer]
    return [said[place] for place in np.argsort(rows, kind="stable")]


@contextmanager
def apart(
    evidence: Evidence, found: Sequence[Activity], start: tuple[Parameters, Progress | None], processes: int
) -> Iterator[Apart]:
    """Deal out the prisons, largest first, to so many processes, of which this is one.

    Args:
        evidence: what all handsets are weighed on.
        found: the handsets.
        start: where learning starts, and who is told how far this process is.
        processes: how many; the others end with the context.
    """
    dealt = fold_of([one.segments[-1].prison for one in found], processes)
    rows = [np.flatnonzero(dealt == place) for place in range(processes)]
    here, *others = [[found[row] for row in own.tolist()] for own in rows]
    with ExitStack() as stack:
        pools = [stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn"))) for _ in others]
        asked = [
            pool.submit(_begin, evidence.of(some), some, start[0])
            for pool, some in zip(pools, others, strict=True)
        ]
        part = Part(evidence, here, *start)
        _ended(asked)
        yield Apart(part, pools, rows)


_PART: list[Part] = []
"""The part of this process, where it was begun for one."""


def _begin(evidence: Evidence, found: Sequence[Activity], parameters: Parameters) -> None:
    _PART[:] = [Part(evidence, found, parameters)]


def _answer(what: str, *args: Any) -> Any:
    return getattr(_PART[0], what)(*args)
