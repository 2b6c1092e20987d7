"""What a weighing says, as the tables of a run, written down a few handsets at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
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
from parloir.holders.world import World
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.posteriors import POSTERIORS
from parloir.tables.schema import arrow_schema

Numbers = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Candidates = npt.NDArray[np.int32]
_FINDINGS, _POSTERIORS = arrow_schema(FINDINGS), arrow_schema(POSTERIORS)
_SAME = pa.schema([field for field in _POSTERIORS if field.name not in ("inmate", "probability")])
_LEADS = arrow_schema(tuple(column for column in LEADS if column.name not in ("rank", "lead")))
_AT_ONCE = 50
"""Handsets whose rows become tables together."""
_NEGLIGIBLE = 1e-4
"""Posteriors below are not kept: a plan over eighty thousand beds does not feel them."""


@dataclass(frozen=True)
class Posteriors:
    """Who may use some handsets; millions of rows, of which the table is made at the end.

    Attributes:
        handsets: of each handset what the rows of its candidates have in common.
        kept: how many candidates of each.
        inmate: index into `World.inmates`, handset by handset.
        probability: that this candidate is the regular user.
    """

    handsets: pa.Table
    kept: Numbers
    inmate: npt.NDArray[np.int32]
    probability: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """The rows of some handsets.

    Attributes:
        leads: `tables.leads` but rank and lead, packed.
        findings: those of one handset together, packed: they name many rows, most of them in one file.
        posteriors: of the candidates that are kept.
    """

    leads: tuple[pa.Buffer, ...]
    findings: tuple[pa.Buffer, ...]
    posteriors: Posteriors


def rows_of(handsets: Iterable[WeighedHandset], evidence: Evidence) -> Rows:
    """What is written of each.

    Args:
        handsets: in their order.
        evidence: what they were weighed on.
    """
    leads, findings = [_packed([], _LEADS)], [_packed([], _FINDINGS)]
    posteriors: list[tuple[dict[str, Any], Candidates, Floats]] = []
    for group in _batches(handsets, _AT_ONCE):
        leads.append(_packed([row for one in group for row in lead_rows(one)], _LEADS))
        rows = [row for one in group for row in held_by(one, evidence.known, _rows_of(one, evidence))]
        findings.append(_packed(rows, _FINDINGS))
        posteriors += [_likely(handset) for handset in group]
    return Rows(tuple(leads), tuple(findings), _together(posteriors))


def written(
    parts: Sequence[Rows], rows: Sequence[Numbers], evidence: Evidence, learnt: Parameters
) -> dict[str, pa.Table]:
    """Findings in any order, leads and posteriors (`tables.findings`, `tables.leads`, `tables.posteriors`).

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
    return {
        "findings": _unpacked(
            [*(each for one in parts for each in one.findings), _packed(orders, _FINDINGS)]
        ),
        "leads": ranked(_unpacked([each for one in parts for each in one.leads])).select(
            arrow_schema(LEADS).names
        ),
        "posteriors": _posterior_rows([one.posteriors for one in parts], rows, evidence.world),
    }


def _packed(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Buffer:
    """A table in a tenth of its bytes."""
    kept = pa.BufferOutputStream()
    with pa.ipc.new_stream(kept, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(pa.Table.from_pylist(rows, schema=schema))
    return kept.getvalue()


def _unpacked(tables: Iterable[pa.Buffer]) -> pa.Table:
    return pa.concat_tables(pa.ipc.open_stream(each).read_all() for each in tables)


def _batches(handsets: Iterable[WeighedHandset], size: int) -> Iterator[list[WeighedHandset]]:
    """Some at a time, each gone before the next are weighed."""
    rest = iter(handsets)
    while group := list(islice(rest, size)):
        yield group


def _likely(handset: WeighedHandset) -> tuple[dict[str, Any], Candidates, Floats]:
    """What the candidates of a handset have in common, and those who are kept."""
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
    return same, view.candidates[kept], np.round(posterior[kept], 6)


def _together(handsets: Sequence[tuple[dict[str, Any], Candidates, Floats]]) -> Posteriors:
    inmates = [np.zeros(0, np.int32), *(inmate for _, inmate, _ in handsets)]
    return Posteriors(
        pa.Table.from_pylist([same for same, _, _ in handsets], schema=_SAME),
        np.array([inmate.size for inmate in inmates[1:]], np.intp),
        np.concatenate(inmates),
        np.concatenate([np.zeros(0), *(probability for _, _, probability in handsets)]),
    )


def _posterior_rows(parts: Sequence[Posteriors], rows: Sequence[Numbers], world: World) -> pa.Table:
    """The table, in the order of all handsets."""
    kept = np.concatenate([one.kept for one in parts])
    handset = np.argsort(np.concatenate(rows), kind="stable").astype(np.int32)
    begins, many = (np.cumsum(kept) - kept)[handset], kept[handset]
    order = np.repeat(begins - (np.cumsum(many) - many), many) + np.arange(kept.sum())
    same = pa.concat_tables(one.handsets for one in parts).take(np.repeat(handset, many))
    inmate, probability = (
        np.concatenate([getattr(one, name) for one in parts])[order] for name in ("inmate", "probability")
    )
    columns = {
        **{name: same[name] for name in same.column_names},
        "inmate": pa.array(world.inmates, pa.string()).take(pa.array(inmate)),
        "probability": pa.array(probability),
    }
    return pa.table({name: columns[name] for name in _POSTERIORS.names}, schema=_POSTERIORS)


def _rows_of(handset: WeighedHandset, evidence: Evidence) -> dict[int, str]:
    """One row of the records for each correspondent of a handset that is named in a finding."""
    found, shared = handset.block.numbers, handset.block.view.company.shared
    wanted = {number for group in (*found.matches.values(), *shared.values()) for number in group}
    if not wanted:
        return {}
    table = evidence.numbers(handset.block.view.activity.handset)
    numbers, rows = table["number"].to_pylist(), table["locator"]
    return {number: rows[at].as_py() for at, number in enumerate(numbers) if number in wanted}
