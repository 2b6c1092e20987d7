"""All evidence on handsets inside prisons, together: who holds each, and in which prison cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parloir import catalogue
from parloir.holders.activity import Activity, activities, learn_life
from parloir.holders.blocks import Block, look_again, observe
from parloir.holders.company import LIKELY, Society
from parloir.holders.evidence import Evidence, Inside, read_evidence
from parloir.holders.kinds import Company, Draws, Mixture, Talked, View, draws, number_evidence
from parloir.holders.kinds.kind import Candidates
from parloir.holders.learning import learn, log_likelihood
from parloir.holders.mixtures import Weighing, lived_in
from parloir.holders.parameters import Parameters
from parloir.holders.weighed import Handsets, WeighedHandset
from parloir.holders.world import World
from parloir.holders.written import written

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Holders:
    """The result.

    Attributes:
        findings: `tables.findings`, propositions held_by and bought_for.
        leads: `tables.leads`, ranked.
        posteriors: `tables.posteriors`, for plans.
        handsets: every handset, weighed when it is looked at.
        learnt: parameters after learning from all handsets.
        world: the registers.
    """

    findings: pa.Table
    leads: pa.Table
    posteriors: pa.Table
    handsets: Handsets
    learnt: Parameters
    world: World


def weigh_holders(
    connection: duckdb.DuckDBPyConnection,
    inside: Inside,
    parameters: Parameters,
    progress: Progress | None = None,
) -> Holders:
    """Weigh every handset inside against every inmate who was there.

    Args:
        connection: with the canonical views.
        inside: handsets found inside, and links between records of persons.
        parameters: where learning starts.
        progress: told as handsets are read and weighed.
    """
    told = progress or (lambda *_: None)
    likely = inside.inside.filter(pc.field("probability") >= pc.scalar(parameters.inside))
    inside = replace(inside, inside=likely)
    evidence = read_evidence(connection, inside, parameters)
    found = tuple(activities(connection, inside.inside))
    parameters = replace(parameters, life=learn_life(found, parameters.life))
    blocks, drawn = _observed([_view(a, evidence) for a in found], evidence, parameters, told)
    society = _society(Handsets(blocks, learn(blocks, parameters)), drawn, evidence)
    blocks = [look_again(block, society.of(row)) for row, block in enumerate(blocks)]
    learnt = learn(blocks, parameters)
    handsets = Handsets(blocks, learnt)
    tables = written(handsets, evidence, learnt.parameters)
    return Holders(**tables, handsets=handsets, learnt=learnt.parameters, world=evidence.world)


def _observed(
    views: Sequence[View], evidence: Evidence, parameters: Parameters, told: Progress
) -> tuple[list[Block], list[Draws]]:
    """What every kind of evidence sees, and the correspondents that it rests on."""
    drawn = [_draws(view, evidence, parameters) for view in views]
    mixture = _mixture(drawn, parameters)
    blocks = []
    for view, one in zip(views, drawn, strict=True):
        blocks.append(observe(view, number_evidence(one, mixture)))
        told("looking at handsets", len(blocks), len(views))
    return blocks, drawn


def _society(first: Iterable[WeighedHandset], drawn: list[Draws], evidence: Evidence) -> Society:
    """What the first weighing tells about all handsets together."""
    weighings = [_told(handset, one) for handset, one in zip(first, drawn, strict=True)]
    return Society(weighings, evidence.finds, evidence.served)


def _told(handset: WeighedHandset, drawn: Draws) -> Weighing:
    """What one handset tells the others."""
    view = handset.block.view
    last = view.activity.segments[-1]
    posterior = handset.weighed.posterior * last.probability
    sections, size = lived_in(view.last_prison(), view.candidates, view.activity.last)
    known, likely = sections >= 0, posterior >= LIKELY
    unknown = ~np.isin(np.arange(drawn.talked.numbers.size), drawn.number)
    return Weighing(
        activity=view.activity,
        prison=last.prison,
        candidates=view.candidates,
        sections=sections,
        share=np.bincount(sections[known], weights=posterior[known], minlength=size).astype(np.float64),
        likely=view.candidates[likely],
        chance=posterior[likely],
        numbers=drawn.talked.numbers[unknown],
        rarity=drawn.unknown_user[unknown],
    )


def _mixture(drawn: list[Draws], parameters: Parameters) -> Mixture:
    """The mixture that makes the correspondents of a sample of handsets likely to be inside likeliest."""
    at_least, at_most = parameters.sample
    likely = [one for one in drawn if one.inside >= 0.5 and one.has_people.size]
    if len(likely) < at_least:
        return parameters.mixtures[0]
    sample = likely[:: -(-len(likely) // at_most)]

    def likelihood(mixture: Mixture) -> float:
        return sum(one.inside * log_likelihood(number_evidence(one, mixture), parameters) for one in sample)

    return max(parameters.mixtures, key=likelihood)


def _draws(view: View, evidence: Evidence, parameters: Parameters) -> Draws:
    talked = Talked.of(evidence.numbers.get(view.activity.handset))
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
