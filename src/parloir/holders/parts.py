"""The handsets of some prisons, weighed step by step: each step is taken with all before the next one.

A part holds what its handsets were seen to do, and answers questions whose answers are small. All of them
together say the same bytes as one part with all handsets: whatever is summed over handsets is summed outside,
in the order of the handsets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from parloir import catalogue
from parloir.holders.activity import Activity
from parloir.holders.blocks import Background, Block, look_again, observe
from parloir.holders.company import LIKELY, Society
from parloir.holders.evidence import Evidence
from parloir.holders.kinds import Company, Draws, Mixture, Talked, View, draws, number_evidence
from parloir.holders.kinds.kind import Candidates
from parloir.holders.learning import Counts, Learnt, expect, log_likelihood
from parloir.holders.mixtures import Fellow, Weighing, lived_in
from parloir.holders.parameters import Parameters
from parloir.holders.weighed import Handsets, WeighedHandset
from parloir.holders.world import World
from parloir.holders.written import Rows, rows_of

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Part:
    """Some handsets; those that were last in one prison are all in one part.

    Attributes:
        handsets: how many.
        blocks: what was observed of each.
    """

    def __init__(
        self,
        evidence: Evidence,
        found: Sequence[Activity],
        parameters: Parameters,
        progress: Progress | None = None,
    ) -> None:
        """Prepare them.

        Args:
            evidence: what they are weighed on.
            found: the handsets.
            parameters: where learning starts.
            progress: told as they are looked at.
        """
        self.evidence, self.parameters, self.progress = evidence, parameters, progress or (lambda *_: None)
        self.handsets = len(found)
        self._views = [_view(activity, evidence) for activity in found]
        self._drawn = [_draws(view, evidence, parameters) for view in self._views]
        self._views = [_of_last_user(*both) for both in zip(self._views, self._drawn, strict=True)]
        self.blocks: list[Block] = []

    def telling(self) -> list[bool]:
        """Whether each handset may be asked which mixture is likeliest."""
        return [one.inside >= 0.5 and one.has_people.size > 0 for one in self._drawn]

    def likelihoods(self, rows: Numbers) -> list[list[float]]:
        """log2 probability of the correspondents of some handsets under each mixture, P(inside) times."""
        return [[self._likelihood(self._drawn[row], m) for m in self.parameters.mixtures] for row in rows]

    def _likelihood(self, drawn: Draws, mixture: Mixture) -> float:
        return drawn.inside * log_likelihood(number_evidence(drawn, mixture), self.parameters)

    def observe(self, mixture: Mixture) -> list[Floats]:
        """Let every kind of evidence look at each; `Block.counts` of each."""
        for view, drawn in zip(self._views, self._drawn, strict=True):
            self.blocks.append(observe(view, number_evidence(drawn, mixture)))
            self.progress("looking at handsets", len(self.blocks), len(self._views))
        self._views = []
        return [block.counts for block in self.blocks]

    def expect(self, rows: Numbers, background: Background, parameters: Parameters) -> list[Counts | None]:
        """Expected counts of some handsets."""
        return expect([self.blocks[row] for row in rows], background, parameters)

    def first(self, learnt: Learnt) -> list[Fellow]:
        """What a first weighing tells the others."""
        handsets = Handsets(self.blocks, learnt)
        self._weighings = [_told(one, drawn) for one, drawn in zip(handsets, self._drawn, strict=True)]
        self._drawn = []
        return [one.told for one in self._weighings]

    def second(self, rows: Numbers, every: Sequence[Fellow]) -> list[Floats]:
        """Look again, now that all are known; `Block.counts` of each.

        Args:
            rows: which of all handsets these are.
            every: what all handsets tell.
        """
        weighings = dict(zip(rows.tolist(), self._weighings, strict=True))
        society = Society(weighings, every, self.evidence.finds, self.evidence.served)
        for place, row in enumerate(weighings):
            self.blocks[place] = look_again(self.blocks[place], society.of(row))
        self._weighings = []
        return [block.counts for block in self.blocks]

    def write(self, learnt: Learnt, keep: bool) -> Rows:
        """Findings, leads and posteriors of each; the handsets are kept to be looked at, or given back."""
        rows = rows_of(Handsets(self.blocks, learnt), self.evidence)
        self.blocks = self.blocks if keep else []
        return rows


def _told(handset: WeighedHandset, drawn: Draws) -> Weighing:
    """What one handset tells the others."""
    view = handset.block.view
    last = view.activity.segments[-1]
    posterior = handset.weighed.posterior * last.probability
    sections, size = lived_in(view.last_prison(), view.candidates, view.activity.last)
    known, likely = sections >= 0, posterior >= LIKELY
    unknown = drawn.of_last_user & ~np.isin(np.arange(drawn.talked.numbers.size), drawn.number)
    return Weighing(
        activity=view.activity,
        prison=last.prison,
        candidates=view.candidates,
        sections=sections,
        share=np.bincount(sections[known], weights=posterior[known], minlength=size).astype(np.float64),
        told=Fellow(view.candidates[likely], posterior[likely], drawn.talked.numbers[unknown]),
        rarity=drawn.unknown_user[unknown],
    )


def _of_last_user(view: View, drawn: Draws) -> View:
    """What the last user did with it, where it has rather changed hands than not."""
    if drawn.change is None or not drawn.change.likely:
        return view
    return replace(view, activity=view.activity.since(drawn.change.moment))


def _draws(view: View, evidence: Evidence, parameters: Parameters) -> Draws:
    talked = Talked.of(evidence.numbers(view.activity.handset))
    return draws(
        view, talked, evidence.known, evidence.rarity, replace(parameters.common, inside=evidence.own_numbers)
    )


def _view(activity: Activity, evidence: Evidence) -> View:
    imeis = evidence.imeis.get(activity.handset, (activity.handset,))
    model = evidence.models.of(imeis)
    candidates = _candidates(activity, evidence.world)
    return View(
        activity=activity,
        candidates=candidates,
        world=evidence.world,
        purchases=evidence.purchases,
        seizure=evidence.seizures.get(activity.handset),
        model=model.key if model else None,
        mini=catalogue.is_mini(model) if model else None,
        imeis=imeis,
        observed=evidence.observed,
        company=Company.unknown(candidates.size),
        people=evidence.known.sizes,
        read=not evidence.read.isdisjoint(imeis),
    )


def _candidates(activity: Activity, world: World) -> Candidates:
    """Who had a stay in one of the handset's prisons while it was there."""
    present = [
        world.prisons[s.prison].present(s.start, s.end)
        for s in activity.segments
        if s.prison in world.prisons
    ]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *present])).astype(np.int32)
