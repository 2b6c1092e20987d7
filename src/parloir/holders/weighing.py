"""All evidence on handsets inside prisons, together: who holds each, and in which prison cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir import catalogue
from parloir.contacts import Rarity, correspondents, known_numbers, rarity
from parloir.holders.activity import Activity, activities, learn_life
from parloir.holders.blocks import Background, Block, look_again, observe
from parloir.holders.company import Finds, Society, own_numbers
from parloir.holders.findings import held_by
from parloir.holders.kinds import (
    Company,
    Draws,
    Known,
    Mixture,
    Seizure,
    Talked,
    View,
    draws,
    number_evidence,
)
from parloir.holders.leads import WeighedHandset, lead_rows, ranked
from parloir.holders.learning import learn, log_likelihood, weigh_block
from parloir.holders.mixtures import Weighing, served
from parloir.holders.models import Models, load_models
from parloir.holders.orders import Shop, bought_for
from parloir.holders.parameters import Parameters
from parloir.holders.purchases import Purchases, load_purchases
from parloir.holders.world import World, load_world
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.posteriors import POSTERIORS
from parloir.tables.schema import arrow_schema

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Inside:
    """What `presence` and `identities` hand on.

    Attributes:
        handsets: imei14, handset (int64): which IMEIs are one handset.
        inside: handset (int64), prison, from_us, to_us, millibits, probability, status.
        links: left, right (person keys), probability.
    """

    handsets: pa.Table
    inside: pa.Table
    links: pa.Table


@dataclass(frozen=True)
class Holders:
    """The result.

    Attributes:
        findings: `tables.findings`, propositions held_by and bought_for.
        leads: `tables.leads`, ranked.
        posteriors: `tables.posteriors`, for plans.
        handsets: every handset as weighed, for a closer look.
        learnt: parameters after learning from all handsets.
        world: the registers.
    """

    findings: pa.Table
    leads: pa.Table
    posteriors: pa.Table
    handsets: tuple[WeighedHandset, ...]
    learnt: Parameters
    world: World


@dataclass(frozen=True)
class _Evidence:
    """Everything read from the tables once."""

    world: World
    purchases: Purchases
    known: Known
    rarity: Rarity
    numbers: Mapping[int, pa.Table]
    seizures: Mapping[int, Seizure]
    imeis: Mapping[int, tuple[int, ...]]
    models: Models
    observed: tuple[int, int]
    orders: int
    finds: Finds
    served: pa.Table
    own_numbers: npt.NDArray[np.int64]
    read: frozenset[int]


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
    evidence = _read(connection, inside, parameters)
    found = tuple(activities(connection, inside.handsets, inside.inside))
    parameters = replace(parameters, life=learn_life(found, parameters.life))
    views = [_view(a, evidence) for a in found]
    drawn = [_draws(view, evidence, parameters) for view in views]
    mixture = _mixture(drawn, parameters)
    blocks = []
    for view, one in zip(views, drawn, strict=True):
        blocks.append(observe(view, number_evidence(one, mixture)))
        told("looking at handsets", len(blocks), len(views))
    first, _ = _weighed(blocks, parameters)
    society = _society(first, drawn, evidence)
    blocks = [look_again(block, society.of(row)) for row, block in enumerate(blocks)]
    weighed, learnt = _weighed(blocks, parameters)
    return _written(weighed, evidence, learnt)


def _weighed(blocks: list[Block], parameters: Parameters) -> tuple[tuple[WeighedHandset, ...], Parameters]:
    """Learn from all handsets and weigh each without those of its own prison."""
    background = Background.of(blocks, parameters.smoothing)
    learnt, apart = learn(blocks, background, parameters)
    own = [apart.get(block.prison, learnt) for block in blocks]
    return tuple(
        WeighedHandset(block, weigh_block(block, background, with_), with_)
        for block, with_ in zip(blocks, own, strict=True)
    ), learnt


def _society(first: tuple[WeighedHandset, ...], drawn: list[Draws], evidence: _Evidence) -> Society:
    """What the first weighing tells about all handsets together."""
    weighings = []
    for handset, one in zip(first, drawn, strict=True):
        view = handset.block.view
        last = view.activity.segments[-1]
        unknown = ~np.isin(np.arange(one.talked.numbers.size), one.number)
        weighings.append(
            Weighing(
                view.activity,
                last.prison,
                view.candidates,
                handset.weighed.posterior * last.probability,
                one.talked.numbers[unknown],
                one.unknown_user[unknown],
            )
        )
    return Society(weighings, evidence.world, evidence.finds, evidence.served)


def _read(connection: duckdb.DuckDBPyConnection, inside: Inside, parameters: Parameters) -> _Evidence:
    talked = correspondents(connection, inside.handsets, inside.inside)
    known = known_numbers(connection, inside.links)
    world = load_world(connection)
    orders = connection.execute("SELECT count(DISTINCT evidence || order_id) FROM orders").fetchone()
    return _Evidence(
        world=world,
        purchases=load_purchases(connection, world.index),
        known=Known.of(known, world.index),
        rarity=rarity(talked, parameters.rarity_strength, parameters.numbers_in_use),
        numbers=_by_handset(talked),
        seizures=_seizures(connection, inside.handsets),
        imeis=_imeis(inside.handsets),
        models=load_models(connection),
        observed=_observed(connection),
        orders=orders[0] if orders else 0,
        finds=Finds.read(connection, world, inside.handsets),
        served=served(connection, inside.handsets, inside.inside),
        own_numbers=own_numbers(connection, inside.handsets, inside.inside),
        read=_contents_read(connection),
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


def _draws(view: View, evidence: _Evidence, parameters: Parameters) -> Draws:
    talked = Talked.of(evidence.numbers.get(view.activity.handset))
    return draws(
        view, talked, evidence.known, evidence.rarity, replace(parameters.common, inside=evidence.own_numbers)
    )


def _view(activity: Activity, evidence: _Evidence) -> View:
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
        people=evidence.known.sizes[candidates],
        read=not evidence.read.isdisjoint(imeis),
    )


def _candidates(activity: Activity, world: World) -> Any:
    """Who had a stay in one of the handset's prisons while it was there."""
    present = [
        world.prisons[s.prison].present(s.start, s.end)
        for s in activity.segments
        if s.prison in world.prisons
    ]
    return np.unique(np.concatenate(present)) if present else np.zeros(0, np.int64)


def _imeis(handsets: pa.Table) -> dict[int, tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    for row in handsets.to_pylist():
        groups.setdefault(row["handset"], []).append(row["imei14"])
    return {handset: tuple(sorted(imeis)) for handset, imeis in groups.items()}


def _by_handset(talked: pa.Table) -> dict[int, pa.Table]:
    """The table cut by handset; it comes sorted."""
    owners = talked["handset"].to_numpy()
    if not owners.size:
        return {}
    edges = np.concatenate([[0], np.flatnonzero(np.diff(owners)) + 1, [owners.size]])
    return {int(owners[a]): talked.slice(a, b - a) for a, b in pairwise(edges)}


def _contents_read(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """IMEIs of handsets whose contents are there."""
    rows = connection.execute("SELECT DISTINCT imei14 FROM handset_contents WHERE imei14 IS NOT NULL")
    return frozenset(imei14 for (imei14,) in rows.fetchall())


def _observed(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    row = connection.execute("SELECT min(started_us), max(started_us) FROM network_records").fetchone()
    return (row[0], row[1]) if row and row[0] is not None else (0, 0)


def _seizures(connection: duckdb.DuckDBPyConnection, handsets: pa.Table) -> dict[int, Seizure]:
    """The first seizure of each handset."""
    connection.register("handsets", handsets)
    rows = connection.execute(
        "SELECT h.handset, s.prison, s.prison_cell, s.found_us, s.inmate,"
        " s.evidence || '!' || s.member || '!' || s.source_table || '#' || CAST(s.source_row AS VARCHAR)"
        " FROM (SELECT *, unnest(imeis) AS imei14 FROM seizures) s JOIN handsets h ON h.imei14 = s.imei14"
        " WHERE s.found_us IS NOT NULL AND s.prison IS NOT NULL ORDER BY ALL"
    ).fetchall()
    found: dict[int, Seizure] = {}
    for handset, *values in rows:
        found.setdefault(handset, Seizure(*values))
    return found


def _written(weighed: tuple[WeighedHandset, ...], evidence: _Evidence, learnt: Parameters) -> Holders:
    leads = ranked([row for handset in weighed for row in lead_rows(handset)])
    found = [
        row for handset in weighed for row in held_by(handset, evidence.known, _rows_of(handset, evidence))
    ]
    shop = Shop(
        evidence.orders, len(evidence.world.inmates), learnt.bought_for["visits"], learnt.bought_for["none"]
    )
    found += bought_for(evidence.purchases, evidence.world, shop)
    return Holders(
        findings=pa.Table.from_pylist(found, schema=arrow_schema(FINDINGS)),
        leads=pa.Table.from_pylist(leads, schema=arrow_schema(LEADS)),
        posteriors=_posteriors(weighed),
        handsets=weighed,
        learnt=learnt,
        world=evidence.world,
    )


_NEGLIGIBLE = 1e-4
"""Posteriors below are not kept: a plan over eighty thousand beds does not feel them."""


def _posteriors(weighed: tuple[WeighedHandset, ...]) -> pa.Table:
    parts = [part for handset in weighed if (part := _posterior_rows(handset)).num_rows]
    return pa.concat_tables(parts) if parts else arrow_schema(POSTERIORS).empty_table()


def _posterior_rows(handset: WeighedHandset) -> pa.Table:
    view, posterior = handset.block.view, handset.weighed.posterior
    last, kept = view.activity.segments[-1], np.flatnonzero(posterior >= _NEGLIGIBLE)
    same = {
        "handset": view.activity.handset,
        "prison": last.prison,
        "inside": last.probability,
        "last_us": view.activity.last,
        "seized": view.seizure is not None,
        "alive": handset.alive,
        "until_us": view.observed[1],
    }
    schema = arrow_schema(POSTERIORS)
    columns: dict[str, Any] = {
        name: pa.repeat(pa.scalar(v, schema.field(name).type), kept.size) for name, v in same.items()
    }
    columns["inmate"] = pa.array(view.world.inmates[view.candidates[kept]], pa.string())
    columns["probability"] = pa.array(np.round(posterior[kept], 6), pa.float64())
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _rows_of(handset: WeighedHandset, evidence: _Evidence) -> dict[int, str]:
    """One row of the records for each correspondent of a handset."""
    table = evidence.numbers.get(handset.block.view.activity.handset)
    if table is None:
        return {}
    found = handset.block.numbers
    wanted = {number for group in found.matches.values() for number in group}
    part = table.filter(pc.is_in(table["number"], pa.array(sorted(wanted), pa.int64())))
    return {int(row["number"]): str(row["locator"]) for row in part.to_pylist()}
