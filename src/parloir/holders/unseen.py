"""Handsets that no record shows: switched off, on another network, or not told from other devices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

import duckdb
import pyarrow as pa

from parloir.contacts import register_links
from parloir.holders.activity import DAY_US
from parloir.holders.orders import Shop, posteriors_of_orders
from parloir.holders.parameters import Parameters
from parloir.holders.purchases import load_purchases
from parloir.holders.world import World


@dataclass(frozen=True)
class Unseen:
    """What is expected beyond the handsets that were weighed.

    Attributes:
        share: of all handsets inside, those that were not weighed.
        finds, missed: finds that it was learnt from, and those of handsets that were not weighed.
        ordered: by inmate (index into `World.inmates`), handsets ordered for that inmate and still in use, in
            expectation.
    """

    share: float = 0.0
    finds: int = 0
    missed: int = 0
    ordered: Mapping[int, float] = field(default_factory=dict)


def learn_unseen(
    connection: duckdb.DuckDBPyConnection,
    handsets: pa.Table,
    start: Mapping[str, float],
    moment: int,
) -> Unseen:
    """Of the handsets found while there were records, how many had not been weighed.

    Finds of the first week of the records do not count: a handset needs some days to be told from others.

    Args:
        connection: with the canonical views.
        handsets: imei14, handset: those that were weighed.
        start: parameters of [unseen]: `share`, worth `strength` finds.
        moment: microseconds UTC; later finds do not count.
    """
    connection.register("handsets", handsets)
    sql = files("parloir.holders").joinpath("sql/finds_seen.sql").read_text(encoding="utf-8")
    row = connection.execute(sql, [moment]).fetchone()
    finds, seen = (int(row[0]), int(row[1])) if row else (0, 0)
    share = (start["strength"] * start["share"] + finds - seen) / (start["strength"] + finds)
    return Unseen(round(share, 6), finds, finds - seen)


def ordered_for(
    connection: duckdb.DuckDBPyConnection,
    world: World,
    links: pa.Table,
    parameters: Parameters,
    moment: int,
) -> dict[int, float]:
    """Handsets expected with each inmate from orders alone: Σ P(bought for the inmate) · P(still in use).

    Handsets whose IMEI the shop tells are weighed each by itself (see `ordered`) and left out.

    Args:
        links: left, right (person keys), probability, symmetric or not.
        parameters: of [bought_for] and [life].
        moment: microseconds UTC; parcels that arrive later do not count.
    """
    register_links(connection, links)
    purchases = load_purchases(connection, world.index)
    orders = connection.execute("SELECT count(DISTINCT evidence || order_id) FROM orders").fetchone()
    about = parameters.bought_for
    shop = Shop(orders[0] if orders else 0, len(world.inmates), about["visits"], about["none"])
    expected: dict[int, float] = {}
    for purchase, _, posterior in posteriors_of_orders(purchases, shop):
        if purchase.arrived < moment and not purchase.imeis:
            lasts = parameters.life.survival((moment - purchase.arrived) / DAY_US)
            expected[purchase.inmate] = expected.get(purchase.inmate, 0.0) + posterior * lasts
    return expected
