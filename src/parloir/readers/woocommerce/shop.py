"""What the rows of one WooCommerce shop need of each other, and in which store its orders live."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.readers.attributes import Attributes
from parloir.readers.columnar import Array, filled, key
from parloir.readers.lookup import Lookup
from parloir.readers.reader import Options
from parloir.readers.sourced import Sourced
from parloir.readers.spill import Spill
from parloir.readers.woocommerce.tables import TABLES

pc: Any = pyarrow.compute
Keys: TypeAlias = "np.ndarray[Any, Any]"

ORDERS, REFUND = ("shop_order", "shop_subscription"), "shop_order_refund"
"""Types of rows that are orders, and of those that give money back."""


@dataclass(frozen=True)
class Shop:
    """One shop of a dump.

    Attributes:
        prefix: of its tables, with the database where the dump names it.
        mark: what tells its keys from those of the dump's other shops; empty when it is the only one.
        name: the address of the shop, else its title, or null.
        country: of numbers written in national form, where the address names none.
        currency: of orders that name none, or null.
        live: `wc_orders` or `posts`, the store that the shop used last.
        orders: keys of the orders taken from each store: none stands in both.
        delivered: keys of orders with a delivery address of their own in `wc_order_addresses`.
        invoiced: the same for invoice addresses.
        paid: `wc_order_operational_data` by order.
        customers: `wc_orders` by order.
    """

    prefix: str
    mark: str
    name: str | None
    country: str
    currency: str | None
    live: str
    orders: dict[str, Keys]
    delivered: Keys
    invoiced: Keys
    paid: Lookup
    customers: Lookup
    attributes: Attributes

    def own(self, keys: Array) -> Array:
        """A key of the shop as text, told from those of other shops of the dump."""
        text: Any = keys.cast(pa.string())
        marked: Array = pc.binary_join_element_wise(self.mark, text, "") if self.mark else text
        return marked

    def record(self, kind: str, keys: Array) -> Array:
        """`kind:key` in the table of persons."""
        found: Array = pc.binary_join_element_wise(kind, self.own(keys), ":")
        return found

    def is_of(self, store: str, keys: Array) -> Array:
        """Whether orders are taken from a store."""
        return among(keys, self.orders[store])


def among(keys: Array, known: Keys) -> Array:
    """Whether each key is one of the known ones."""
    found: Array = pa.array(np.isin(np.asarray(keys.fill_null(-1)), known))
    return found


def open_shop(prefix: str, mark: str, spill: Spill, attributes: Attributes, options: Options) -> Shop:
    """Gather what completes the rows of one shop."""
    told = _options(spill.table(f"{prefix}options", TABLES["options"]))
    stores = {
        "wc_orders": _keys(spill, f"{prefix}wc_orders", "id"),
        "posts": _keys(spill, f"{prefix}posts", "id"),
    }
    live = _live(told.get("woocommerce_custom_orders_table_enabled", ""), stores)
    other = "posts" if live == "wc_orders" else "wc_orders"
    stores[other] = np.setdiff1d(stores[other], stores[live])
    home = told.get("home") or told.get("siteurl") or ""
    return Shop(
        prefix=prefix,
        mark=mark,
        name=re.sub(r"^[a-z]+://", "", home).rstrip("/") or told.get("blogname"),
        country=told.get("woocommerce_default_country", "")[:2] or options.country,
        currency=told.get("woocommerce_currency"),
        live=live,
        orders=stores,
        delivered=_keys(spill, f"{prefix}wc_order_addresses", "order_id", "shipping"),
        invoiced=_keys(spill, f"{prefix}wc_order_addresses", "order_id", "billing"),
        paid=_lookup(spill, prefix, "wc_order_operational_data", "order_id"),
        customers=_lookup(spill, prefix, "wc_orders", "id"),
        attributes=attributes,
    )


def _live(enabled: str, stores: dict[str, Keys]) -> str:
    """The option tells, unless the store that it names is empty: a dump of some tables alone."""
    told = {"yes": "wc_orders", "no": "posts"}.get(enabled)
    if told and len(stores[told]):
        return told
    return max(("wc_orders", "posts"), key=lambda store: len(stores[store]))


def _options(rows: pa.Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows.to_pylist():
        if row["option_name"] and row["option_value"]:
            found.setdefault(row["option_name"], row["option_value"])
    return found


def _lookup(spill: Spill, prefix: str, table: str, by: str) -> Lookup:
    columns = ("order_id", "date_paid_gmt") if table == "wc_order_operational_data" else ("id", "customer_id")
    return Lookup(spill.table(prefix + table, columns), by)


def _keys(spill: Spill, table: str, column: str, kind: str = "") -> Keys:
    found = []
    for batch in spill.batches(table):
        keys = key(batch.column(column))
        if kind:
            keys = pc.if_else(pc.equal(batch.column("address_type"), kind), keys, None)
        found.append(np.asarray(keys.drop_null()))
    return np.unique(np.concatenate(found)) if found else np.array([], np.int64)


def any_filled(rows: pa.RecordBatch | Sourced, names: Sequence[str]) -> Array:
    """Whether any of these columns is filled."""
    columns = rows.columns if isinstance(rows, Sourced) else rows
    mask: Any = pa.array([False] * columns.num_rows)
    for name in names:
        mask = pc.or_(mask, pc.is_valid(filled(columns.column(name))))
    found: Array = mask
    return found
