"""Attributes brought beside the rows that they belong to, once for each table."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.attributes import Attributes
from parloir.readers.columnar import key
from parloir.readers.spill import Spill
from parloir.readers.woocommerce.tables import ACCOUNT, BILLING, ITEM, NUMBERS, ORDER, PAYER, SHIPPING

pc: Any = pyarrow.compute

_BESIDE = (
    ("wc_orders", "order", "id", (*NUMBERS, *PAYER)),
    ("posts", "post", "id", (*NUMBERS, *PAYER, *ORDER, *BILLING, *SHIPPING)),
    ("woocommerce_order_items", "item", "order_item_id", (*ITEM, "imei")),
    ("users", "user", "id", (*ACCOUNT, "capabilities")),
    ("comments", "comment", "comment_id", ("is_customer_note",)),
)
"""Table, store of attributes, key, attributes that become columns."""


def bring_beside(spill: Spill, attributes: Attributes, prefix: str) -> None:
    """Give the rows laid aside of one shop a column for each attribute that is read."""
    for table, store, by, names in _BESIDE:

        def wider(
            batch: pa.RecordBatch, store: str = store, by: str = by, names: tuple[str, ...] = names
        ) -> pa.RecordBatch:
            return attributes.beside(prefix + store, batch, key(batch.column(by)), names)

        spill.rewrite(prefix + table, wider)
    spill.rewrite(
        prefix + "woocommerce_order_items", lambda batch: _with_reference(attributes, prefix, batch)
    )


def _with_reference(attributes: Attributes, prefix: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """The reference of an article stands with its variation, or else with the product."""
    article = pc.coalesce(key(batch.column("_variation_id")), key(batch.column("_product_id")))
    return attributes.beside(prefix + "post", batch, article, ("_sku",))
