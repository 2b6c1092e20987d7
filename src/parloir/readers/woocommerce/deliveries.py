"""Shipments: the way of delivery of an order, and what plugins of carriers left among its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from parloir.readers.columnar import canonical
from parloir.readers.reader import Part, Rows
from parloir.readers.sourced import Sourced
from parloir.readers.woocommerce.parcels import parcels
from parloir.readers.woocommerce.shop import Shop
from parloir.tables import SHIPMENTS
from parloir.vault.member import Member

_BATCH = 4096
_ATTRIBUTES = {"wc_orders": ("order", "wc_orders_meta"), "posts": ("post", "postmeta")}


def carried(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `woocommerce_order_items` that are ways of delivery."""
    return {
        "order_id": shop.own(rows.key("order_id")),
        "carrier": rows.text("order_item_name"),
    }


def told_by_attributes(member: Member, shop: Shop) -> Iterator[Part]:
    """Relay points and parcels out of the attributes of orders; each keeps the locator of its attribute."""
    for store, (kind, table) in _ATTRIBUTES.items():
        found = _found(shop, store, kind)
        while some := list(islice(found, _BATCH)):
            numbers = pa.array([number for number, _ in some], pa.int64())
            names = [column.name for column in SHIPMENTS.own]
            columns = {
                name: pa.array([row.get(name) for _, row in some], SHIPMENTS.schema.field(name).type)
                for name in names
            }
            made = canonical(SHIPMENTS, member, f"{shop.prefix}{table}", numbers, columns)
            yield Rows("shipments", made, primary=False)


def _found(shop: Shop, store: str, kind: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    known = shop.orders[store]
    parcel_store = f"{shop.prefix}{kind} parcel"
    for entity, key, value, number in shop.attributes.each(parcel_store):
        place = int(np.searchsorted(known, entity))
        if not value or place == len(known) or known[place] != entity:
            continue
        told = shop.attributes.of(parcel_store, entity)
        for row in parcels(key, value, told):
            yield number, {**row, "order_id": shop.mark + str(entity)}
