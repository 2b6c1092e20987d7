"""What a weighing says, as the tables of a run, written down a few handsets at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

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

Numbers = npt.NDArray[np.intp]
_FINDINGS, _POSTERIORS = arrow_schema(FINDINGS), arrow_schema(POSTERIORS)
_LEADS = arrow_schema(tuple(column for column in LEADS if column.name not in ("rank", "lead")))
_AT_ONCE = 500
"""Handsets whose rows become tables together."""
_NEGLIGIBLE = 1e-4
"""Posteriors below are not kept: a plan over eighty thousand beds does not feel them."""


@dataclass(frozen=True)
class Rows:
    """The rows of some handsets.

    Attributes:
        leads: `tables.leads` but rank and lead.
        findings, posteriors: those of one handset together.
        found, kept: how many of either each handset has.
    """

    leads: pa.Table
    findings: pa.Table
    posteriors: pa.Table
    found: Numbers
    kept: Numbers


def rows_of(handsets: Iterable[WeighedHandset], evidence: Evidence) -> Rows:
    """What is written of each.

    Args:
        handsets: in their order.
        evidence: what they were weighed on.
    """
    found: list[int] = []
    leads, findings, posteriors = ([one.empty_table()] for one in (_LEADS, _FINDINGS, _POSTERIORS))
    for group in _batches(handsets, _AT_ONCE):
        leads.append(pa.Table.from_pylist([row for one in group for row in lead_rows(one)], schema=_LEADS))
        rows = [list(held_by(one, evidence.known, _rows_of(one, evidence))) for one in group]
        found += [len(of_one) for of_one in rows]
        findings.append(pa.Table.from_pylist(list(chain.from_iterable(rows)), schema=_FINDINGS))
        posteriors += [_posterior_rows(handset) for handset in group]
    kept = [part.num_rows for part in posteriors[1:]]
    return Rows(
        pa.concat_tables(leads).combine_chunks(),
        pa.concat_tables(findings).combine_chunks(),
        pa.concat_tables(posteriors).combine_chunks(),
        np.array(found, np.intp),
        np.array(kept, np.intp),
    )


def written(
    parts: Sequence[Rows], rows: Sequence[Numbers], evidence: Evidence, learnt: Parameters
) -> dict[str, pa.Table]:
    """Findings, leads and posteriors (`tables.findings`, `tables.leads`, `tables.posteriors`).

    Args:
        parts: of all handsets.
        rows: the place of each part's handsets among all.
        evidence: what they were weighed on.
        learnt: parameters.
    """
    shop = Shop(
        evidence.orders, len(evidence.world.inmates), learnt.bought_for["visits"], learnt.bought_for["none"]
    )
    orders = list(bought_for(evidence.purchases, evidence.world, shop))
    found = _merged([one.findings for one in parts], [one.found for one in parts], rows)
    return {
        "findings": pa.concat_tables([found, pa.Table.from_pylist(orders, schema=_FINDINGS)]),
        "leads": ranked(pa.concat_tables(one.leads for one in parts)).select(arrow_schema(LEADS).names),
        "posteriors": _merged([one.posteriors for one in parts], [one.kept for one in parts], rows),
    }


def _merged(tables: Sequence[pa.Table], sizes: Sequence[Numbers], rows: Sequence[Numbers]) -> pa.Table:
    """The rows of the handsets in the order of all handsets."""
    whole = pa.concat_tables(tables)
    if len(tables) == 1:
        return whole
    place = np.concatenate([np.repeat(own, size) for own, size in zip(rows, sizes, strict=True)])
    return whole.take(np.argsort(place, kind="stable"))


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
    schema = _POSTERIORS
    columns: dict[str, Any] = {
        name: pa.repeat(pa.scalar(v, schema.field(name).type), kept.size) for name, v in same.items()
    }
    columns["inmate"] = pa.array(view.world.inmates[view.candidates[kept]], pa.string())
    columns["probability"] = pa.array(np.round(posterior[kept], 6), pa.float64())
    return pa.table({name: columns[name] for name in schema.names}, schema=schema)


def _rows_of(handset: WeighedHandset, evidence: Evidence) -> dict[int, str]:
    """One row of the records for each correspondent of a handset that is named in a finding."""
    table = evidence.numbers.get(handset.block.view.activity.handset)
    if table is None:
        return {}
    found, shared = handset.block.numbers, handset.block.view.company.shared
    wanted = {number for group in (*found.matches.values(), *shared.values()) for number in group}
    if not wanted:
        return {}
    numbers, rows = table["number"].to_pylist(), table["locator"]
    return {number: rows[at].as_py() for at, number in enumerate(numbers) if number in wanted}
