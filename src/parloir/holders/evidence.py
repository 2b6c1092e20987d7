"""Everything that is read from the tables once, before any handset is weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from parloir.contacts import Rarity, correspondents, known_numbers, rarity, records_inside
from parloir.holders.activity import Activity, activities
from parloir.holders.company import Finds, own_numbers
from parloir.holders.kinds import Known, Seizure
from parloir.holders.mixtures import served
from parloir.holders.models import Models, load_models
from parloir.holders.parameters import Parameters
from parloir.holders.purchases import Purchases, load_purchases
from parloir.holders.world import World, load_world


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
class Evidence:
    """Everything read from the tables once."""

    world: World
    purchases: Purchases
    known: Known
    rarity: Rarity
    talked: pa.Table
    seizures: Mapping[int, Seizure]
    imeis: Mapping[int, tuple[int, ...]]
    models: Models
    observed: tuple[int, int]
    orders: int
    finds: Finds
    served: pa.Table
    own_numbers: npt.NDArray[np.int64]
    read: frozenset[int]

    def numbers(self, handset: int) -> pa.Table:
        """The correspondents of one handset."""
        begin, end = np.searchsorted(self._talking, (handset, handset + 1))
        return self.talked.slice(begin, end - begin)

    @cached_property
    def _talking(self) -> npt.NDArray[np.int64]:
        """Whose each row of the correspondents is; they come sorted."""
        return np.asarray(self.talked["handset"], np.int64)

    def of(self, found: Sequence[Activity]) -> Evidence:
        """What some handsets are weighed on, those of a prison together; the rest is left out."""
        handsets = {one.handset for one in found}
        prisons = {segment.prison for one in found for segment in one.segments}
        talked = self.talked.filter(pc.is_in(self.talked["handset"], pa.array(sorted(handsets), pa.int64())))
        numbers = set(talked["number"].to_pylist())
        here = {name: prison for name, prison in self.world.prisons.items() if name in prisons}
        known = {number: group for number, group in self.known.by_number.items() if number in numbers}
        return replace(
            self,
            world=replace(self.world, prisons=here),
            known=replace(self.known, by_number=known),
            talked=talked,
            seizures={name: one for name, one in self.seizures.items() if name in handsets},
            imeis={name: these for name, these in self.imeis.items() if name in handsets},
            served=self.served.filter(
                pc.is_in(self.served["prison"], pa.array(sorted(prisons), pa.string()))
            ),
        )


def read_evidence(
    connection: duckdb.DuckDBPyConnection, inside: Inside, parameters: Parameters
) -> tuple[Evidence, tuple[Activity, ...]]:
    """Read it, and what each handset did.

    Args:
        connection: with the canonical views.
        inside: as `presence` and `identities` hand it on.
        parameters: of rarity.
    """
    with records_inside(connection, inside.handsets, inside.inside):
        talked, by_radio_cell = correspondents(connection), served(connection)
        inmates_numbers = own_numbers(connection)
        found = tuple(activities(connection, inside.inside))
    known = known_numbers(connection, inside.links, talked)
    world = load_world(connection)
    orders = connection.execute("SELECT count(DISTINCT evidence || order_id) FROM orders").fetchone()
    evidence = Evidence(
        world=world,
        purchases=load_purchases(connection, world.index),
        known=Known.of(known, world.index),
        rarity=rarity(talked, parameters.rarity_strength, parameters.numbers_in_use),
        talked=talked,
        seizures=_seizures(connection, inside.handsets),
        imeis=_imeis(inside.handsets),
        models=load_models(connection),
        observed=_observed(connection),
        orders=orders[0] if orders else 0,
        finds=Finds.read(connection, world, inside.handsets),
        served=by_radio_cell,
        own_numbers=inmates_numbers,
        read=_contents_read(connection),
    )
    return evidence, found


def _imeis(handsets: pa.Table) -> dict[int, tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    for row in handsets.to_pylist():
        groups.setdefault(row["handset"], []).append(row["imei14"])
    return {handset: tuple(sorted(imeis)) for handset, imeis in groups.items()}


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
