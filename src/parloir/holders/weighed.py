"""Handsets with their weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from parloir.holders.activity import still_in_use
from parloir.holders.blocks import Block
from parloir.holders.learning import Learnt, Weighed
from parloir.holders.parameters import Parameters

_RAISED = 1.01
"""Posterior over prior from which the evidence has raised a candidate: nobody is named for nothing."""


@dataclass(frozen=True)
class WeighedHandset:
    """One handset, what was observed of it, and the weights, with the parameters that gave them."""

    block: Block
    weighed: Weighed
    parameters: Parameters

    @property
    def alive(self) -> float:
        """P(still in use at the end of the records), by its own habit."""
        view = self.block.view
        return still_in_use(view.activity, view.observed[1], self.parameters.life)

    @cached_property
    def top(self) -> npt.NDArray[np.intp]:
        """Positions of the candidates worth writing down, likeliest first, equal ones by inmate."""
        posterior = self.weighed.posterior
        order = np.argsort(-posterior, kind="stable")[: self.parameters.candidates]
        worth = min(self.parameters.floor, self.weighed.prior * _RAISED)
        keep = posterior[order] >= worth
        keep[:1] = True
        return np.asarray(order[keep])


@dataclass(frozen=True)
class Handsets:
    """All handsets of a case, each weighed when it is asked for: the weights of all would fill the memory.

    Attributes:
        blocks: what was observed of each.
        learnt: what they are weighed with.
    """

    blocks: Sequence[Block]
    learnt: Learnt

    def __len__(self) -> int:
        """How many there are."""
        return len(self.blocks)

    def __iter__(self) -> Iterator[WeighedHandset]:
        """One after another."""
        for block in self.blocks:
            yield WeighedHandset(block, *self.learnt.weigh(block))
