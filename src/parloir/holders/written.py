"""What a weighing says, as the tables of a run, written down a few handsets at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from parloir.holders.evidence import Evidence
from parloir.holders.findings import held_by
from parloir.holders.leads import lead_rows, ranked
from parloir.holders.orders import Shop, bought_for
from parloir.holders.parameters import Parameters
from parloir.holders.weighed import WeighedHandset
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.posteriors import POSTERIORS
from parloir.tables.schema import arrow_schema

_AT_ONCE = 500
"""Handsets whose rows become tables together."""
_NEGLIGIBLE = 1e-4
"""Posteriors below are not kept: a plan over eighty thousand beds does not feel them."""


def written(
    handsets: Iterable[WeighedHandset], evidence: Evidence, learnt: Parameters
) -> dict[str, pa.Table]:
    """Findings, leads and posteriors (`tables.findings`, `tables.leads`, `tables.posteriors`).

    Args:
        handsets: all of them, in their order.
        evidence: what they were weighed on.
        learnt: parameters.
    """
    leads: list[dict[str, Any]] = []
    findings, posteriors = [], []
    for group in _batches(handsets, _AT_ONCE):
        leads += [row for handset in group for row in lead_rows(handset)]
        rows = (held_by(handset, evidence.known, _rows_of(handset, evidence)) for handset in group)
        findings.append(pa.Table.from_pylist(list(chain.from_iterable(rows)), schema=arrow_schema(FINDINGS)))
        posteriors += [_posterior_rows(handset) for handset in group]
    shop = Shop(
        evidence.orders, len(evidence.world.inmates), learnt.bought_for["visits"], learnt.bought_for["none"]
    )
    orders = list(bought_for(evidence.purchases, evidence.world, shop))
    findings.append(pa.Table.from_pylist(orders, schema=arrow_schema(FINDINGS)))
    return {
        "findings": pa.concat_tables(findings),
        "leads": pa.Table.from_pylist(ranked(leads), schema=arrow_schema(LEADS)),
        "posteriors": pa.concat_tables([arrow_schema(POSTERIORS).empty_table(), *posteriors]),
    }


def _batches(handsets: Iterable[WeighedHandset], size: int) -> Iterator[list[WeighedHandset]]:
    """Some at a time, each gone before the next are weighed."""
    rest = iter(handsets)
    while group := list(islice(rest, size)):
        yield group


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


def _rows_of(handset: WeighedHandset, evidence: Evidence) -> dict[int, str]:
    """One row of the records for each correspondent of a handset."""
    table = evidence.numbers.get(handset.block.view.activity.handset)
    if table is None:
        return {}
    found = handset.block.numbers
    shared = handset.block.view.company.shared
    wanted = {number for group in (*found.matches.values(), *shared.values()) for number in group}
    part = table.filter(pc.is_in(table["number"], pa.array(sorted(wanted), pa.int64())))
    return {int(row["number"]): str(row["locator"]) for row in part.to_pylist()}
