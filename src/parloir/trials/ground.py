"""From who may hold each handset to a ranking of prison cells, whatever the weights are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from parloir import holders, searches
from parloir.tables.posteriors import POSTERIORS
from parloir.tables.schema import arrow_schema
from parloir.tables.store import Store
from parloir.trials.plans import Morning
from parloir.trials.truth import CellKey, Truth

Floats = npt.NDArray[np.float64]
NEGLIGIBLE = 1e-4
"""Posteriors below are left out, as a run leaves them out."""


@dataclass(frozen=True)
class Ground:
    """The registers, the searches so far and what they teach, and the moment of the searches to come."""

    world: holders.World
    searched: holders.Searched
    moment: int
    place: Mapping[str, float]

    @classmethod
    def of(cls, store: Store, handsets: pa.Table, moment: int) -> Ground:
        """Read once for all plans of a world."""
        connection, parameters = store.connect(), holders.load_parameters()
        world = holders.load_world(connection)
        unseen = holders.learn_unseen(connection, handsets, parameters.unseen, moment)
        searched = replace(holders.load_searched(connection, handsets), unseen=unseen)
        place = holders.learn_places(connection, world, parameters.place, moment).shares
        return cls(world, searched, moment, place)

    def ranked(self, posteriors: pa.Table) -> list[CellKey]:
        """Prison cells by what is expected in them, most first, those with nothing expected left out."""
        return by_expectation(
            holders.expected_handsets(posteriors, self.world, self.moment, self.place, self.searched)
        )


def by_expectation(expected: pa.Table) -> list[CellKey]:
    """Prison cells with something expected, most first, names breaking ties."""
    rows = [
        (-row["expected_handsets"], row["prison"], row["prison_cell"])
        for row in expected.to_pylist()
        if row["expected_handsets"] > 0
    ]
    return [(prison, prison_cell) for _, prison, prison_cell in sorted(rows)]


def planned(expected: pa.Table, morning: Morning) -> Sequence[CellKey]:
    """The prison cells that `parloir plan` sends the teams to."""
    plan = searches.plan(expected, morning.teams(), searches.Operation(morning.searches, reserve_share=0.0))
    return [(row["prison"], row["prison_cell"]) for row in plan.rows.to_pylist()]


def as_posteriors(pairs: pa.Table, probability: Floats, floor: Floats | float = NEGLIGIBLE) -> pa.Table:
    """Other probabilities of the same pairs, in the form of a run's (`tables.posteriors`).

    Args:
        floor: below which a pair is left out, one for all or (n,).
    """
    worth, schema = probability >= floor, arrow_schema(POSTERIORS)
    columns = [name for name in schema.names if name != "probability"]
    kept = pairs.select(columns).filter(pa.array(worth))
    return kept.append_column("probability", pa.array(probability[worth])).select(schema.names).cast(schema)


def true_posteriors(truth: Truth, seen: set[int]) -> pa.Table:
    """What nobody could know better from evidence: each handset that left records, with its true holder.

    Where it is hidden is not told, nor handsets that were never switched on: the ceiling of any weighing.
    """
    rows = [
        {
            "handset": h["imeis"][0],
            "prison": h["prison"],
            "inmate": h["holder"],
            "probability": 1.0,
            "inside": 1.0,
            "last_us": truth.world["end_us"],
            "seized": False,
        }
        for h in truth.at_end
        if seen.intersection(h["imeis"])
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(POSTERIORS))
