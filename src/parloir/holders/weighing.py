"""All evidence on handsets inside prisons, together: who holds each, and in which prison cell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parloir.holders.activity import Activity, learn_life
from parloir.holders.blocks import Background
from parloir.holders.evidence import Evidence, Inside, read_evidence
from parloir.holders.kinds import KINDS, Mixture
from parloir.holders.learning import Counts, Learnt, learn
from parloir.holders.ordered import ordered_handsets
from parloir.holders.parameters import Parameters
from parloir.holders.parts import Floats, Numbers, Part, Progress
from parloir.holders.processes import Here, Parts, apart, in_order
from parloir.holders.weighed import Handsets
from parloir.holders.world import World
from parloir.holders.written import written

_MANY = 4000
"""Handsets from which on a second process takes less time than it takes to begin."""
_PROCESSES = 2


@dataclass(frozen=True)
class Said:
    """What is written of a weighing.

    Attributes:
        findings: `tables.findings`, propositions held_by and bought_for.
        leads: `tables.leads`, ranked.
        posteriors: `tables.posteriors`, for plans.
        learnt: parameters after learning from all handsets.
        world: the registers.
        weighed: how many handsets. pairs: how many of a handset and a candidate.
    """

    findings: pa.Table
    leads: pa.Table
    posteriors: pa.Table
    learnt: Parameters
    world: World
    weighed: int
    pairs: int


@dataclass(frozen=True)
class Holders(Said):
    """The result, with all pairs.

    Attributes:
        handsets: every handset, weighed when it is looked at.
    """

    handsets: Handsets


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
    evidence, found, parameters = _read(connection, inside, parameters)
    here = Here(Part(evidence, found, parameters, progress))
    said, learnt = _weigh(here, evidence, found, parameters)
    return Holders(**vars(said), handsets=Handsets(here.part.blocks, learnt))


def say_holders(
    connection: duckdb.DuckDBPyConnection,
    inside: Inside,
    parameters: Parameters,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Said:
    """The same tables, byte for byte, without the pairs: of many handsets in several processes.

    Args:
        connection, inside, parameters, progress: as of `weigh_holders`.
        processes: how many; None for two where there are thousands of handsets and two cores.
    """
    evidence, found, start = _read(connection, inside, parameters)
    if processes is None:
        processes = min(_PROCESSES, os.cpu_count() or 1) if len(found) >= _MANY else 1
    if processes < 2:
        here = Here(Part(evidence, found, start, progress))
        return _weigh(here, evidence, found, start)[0]
    with apart(evidence, found, (start, progress), processes) as parts:
        return _weigh(parts, evidence, found, start)[0]


def _read(
    connection: duckdb.DuckDBPyConnection, inside: Inside, parameters: Parameters
) -> tuple[Evidence, tuple[Activity, ...], Parameters]:
    """All that the tables say."""
    likely = inside.inside.filter(pc.field("probability") >= pc.scalar(parameters.inside))
    inside = replace(inside, inside=likely)
    evidence, found = read_evidence(connection, inside, parameters)
    bought = ordered_handsets(connection, evidence, found, parameters)
    found = tuple(sorted([*found, *bought], key=lambda one: one.handset))
    return evidence, found, replace(parameters, life=learn_life(found, parameters.life))


def _weigh(
    parts: Parts, evidence: Evidence, found: Sequence[Activity], parameters: Parameters
) -> tuple[Said, Learnt]:
    """Step by step, each of all handsets before the next."""
    prisons = [one.segments[-1].prison for one in found]

    def taught(counts: list[list[Floats]]) -> Learnt:
        return learn(in_order(parts, counts), prisons, parameters, partial(_expecting, parts))

    seen = parts.ask("observe", _mixture(parts, parameters))
    pairs = sum(int(counts.sum()) for counts in in_order(parts, seen)) // len(KINDS)
    first = taught(seen)
    every = in_order(parts, parts.ask("first", first))
    learnt = taught(parts.ask_each("second", parts.rows, every))
    said_of_parts = parts.ask("write", learnt, parts.keep)
    parts.end()
    tables = written(said_of_parts, parts.rows, evidence, learnt.parameters)
    said = Said(**tables, learnt=learnt.parameters, world=evidence.world, weighed=len(found), pairs=pairs)
    return said, learnt


def _expecting(
    parts: Parts, rows: Numbers, background: Background, parameters: Parameters
) -> list[Counts | None]:
    """Expected counts of some handsets."""
    return _of_some(parts, "expect", rows, background, parameters)


def _mixture(parts: Parts, parameters: Parameters) -> Mixture:
    """The mixture that makes the correspondents of a sample of handsets likely to be inside likeliest."""
    at_least, at_most = parameters.sample
    likely = np.flatnonzero(in_order(parts, parts.ask("telling")))
    if likely.size < at_least:
        return parameters.mixtures[0]
    sample = _of_some(parts, "likelihoods", likely[:: -(-likely.size // at_most)])
    totals = [sum(each) for each in zip(*sample, strict=True)]
    return parameters.mixtures[totals.index(max(totals))]


def _of_some(parts: Parts, what: str, rows: Numbers, *same: object) -> list[Any]:
    """What the parts say of some handsets, in their order; `rows` ascend."""
    own = [np.flatnonzero(np.isin(those, rows)) for those in parts.rows]
    said = [one for answer in parts.ask_each(what, own, *same) for one in answer]
    place = np.concatenate([those[chosen] for those, chosen in zip(parts.rows, own, strict=True)])
    return [said[row] for row in np.argsort(place, kind="stable")]
