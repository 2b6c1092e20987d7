"""Handsets that somebody's visitor may have ordered and that no record shows: known by the shop alone.

A handset that was bought for an inmate, is in use now and left no record, against all else that leaves none:
with b_I = P(bought for I), A the chance that a handset lasts from the parcel's arrival to now, u the share of
the handsets inside that records do not show, and w the chance that one which is gone was not shown either,

    P(inside, I | not shown) = b_I A u / (Σ_J b_J [A u + (1 − A) w] + 1 − Σ_J b_J).

Where no records were asked for, or the parcel came after them, u = w = 1: their silence says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from parloir.holders.activity import DAY_US, ORDERED, Activity, Life, Segment
from parloir.holders.evidence import Evidence
from parloir.holders.orders import Shop, posteriors_of_orders
from parloir.holders.parameters import Parameters
from parloir.holders.world import World

_SHOWN = """
SELECT imei14 FROM network_records SEMI JOIN bought USING (imei14)
UNION SELECT imei14 FROM (SELECT unnest(imeis) AS imei14 FROM seizures) SEMI JOIN bought USING (imei14)
"""


@dataclass(frozen=True)
class _Records:
    """What the records could have shown.

    Attributes:
        begin, end: microseconds UTC.
        prisons: of which there are any.
        unseen: share of the handsets inside that they do not show.
        life: of handsets.
    """

    begin: int
    end: int
    prisons: frozenset[str]
    unseen: float
    life: Life

    def chances(self, arrived: int, prison: str | None) -> tuple[float, float]:
        """Of a handset that came then: P(in use now, not shown), P(gone by now, not shown)."""
        lasts = self.life.survival((self.end - arrived) / DAY_US)
        if prison not in self.prisons or arrived >= self.end:
            return lasts, 1 - lasts
        before = 1 - self.life.survival((self.begin - arrived) / DAY_US)
        return lasts * self.unseen, before + (1 - lasts - before) * self.unseen


def ordered_handsets(
    connection: duckdb.DuckDBPyConnection,
    evidence: Evidence,
    found: Sequence[Activity],
    parameters: Parameters,
) -> list[Activity]:
    """Those likely enough to be weighed, each in the prison where its likeliest holders are at the end.

    Args:
        connection: with the canonical views.
        evidence: registers and purchases.
        found: handsets that records show inside.
        parameters: of [bought_for], [unseen], [life] and [leads].
    """
    begin, end = evidence.observed
    bought = _bought(connection, evidence, parameters)
    if not bought or not end:
        return []
    prisons = frozenset(segment.prison for one in found for segment in one.segments)
    records = _Records(begin, end, prisons, parameters.unseen["share"], parameters.life)
    where = _whereabouts(evidence.world, {inmate for group in bought.values() for inmate, _, _ in group}, end)
    each = (_handset(imei14, group, where, records) for imei14, group in sorted(bought.items()))
    return [one for one in each if one is not None and one.segments[0].probability >= parameters.inside]


_Group = list[tuple[int, float, int]]
"""Inmate, P(bought for that inmate), when the parcel was there."""


def _bought(
    connection: duckdb.DuckDBPyConnection, evidence: Evidence, parameters: Parameters
) -> Mapping[int, _Group]:
    """By IMEI14 that nothing shows, whom it may have been bought for."""
    about = parameters.bought_for
    shop = Shop(evidence.orders, len(evidence.world.inmates), about["visits"], about["none"])
    bought: dict[int, _Group] = defaultdict(list)
    for purchase, _, posterior in posteriors_of_orders(evidence.purchases, shop):
        for imei14 in purchase.imeis:
            bought[imei14].append((purchase.inmate, posterior, purchase.arrived))
    if not bought:
        return {}
    connection.register("bought", pa.table({"imei14": pa.array(sorted(bought), pa.int64())}))
    shown = {imei14 for (imei14,) in connection.execute(_SHOWN).fetchall()}
    connection.unregister("bought")
    return {imei14: group for imei14, group in bought.items() if imei14 not in shown}


def _whereabouts(world: World, inmates: Iterable[int], moment: int) -> dict[int, str]:
    """The prison of each inmate at a moment."""
    asked, found = np.array(sorted(inmates), dtype=np.int64), {}
    for name, prison in world.prisons.items():
        stays = prison.stays
        there = stays.inmate[(stays.start <= moment) & (stays.end >= moment)]
        found.update(dict.fromkeys(np.intersect1d(asked, there).tolist(), name))
    return found


def _handset(imei14: int, group: _Group, where: Mapping[int, str], records: _Records) -> Activity | None:
    """As if it had been told inside, in the prison where it most probably is."""
    mass: dict[str, float] = defaultdict(float)
    total, rest, arrived = 0.0, max(1 - sum(chance for _, chance, _ in group), 0.0), records.end
    for inmate, chance, came in group:
        prison = where.get(inmate)
        kept, gone = records.chances(came, prison)
        total += chance * (kept + gone)
        arrived = min(arrived, came)
        if prison is not None:
            mass[prison] += chance * kept
    if not mass:
        return None
    prison = max(sorted(mass), key=mass.__getitem__)
    probability = round(mass[prison] / (total + rest), 6)
    millibits = round(1000 * float(np.log2(max(probability, 1e-6) / max(1 - probability, 1e-6))))
    segment = Segment(prison, max(arrived, records.begin), records.end, millibits, probability, ORDERED)
    nothing = np.zeros(0, dtype=np.int64)
    return Activity(imei14, (segment,), nothing, nothing, nothing, nothing.astype(bool))
