"""Comments: notes on orders and reviews of products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.sourced import Sourced, normalised
from parloir.readers.woocommerce.orders import UTC
from parloir.readers.woocommerce.shop import Shop

pc: Any = pyarrow.compute
NOTE = "order_note"


def messages(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `comments`. Notes on orders are hidden from customers unless an attribute says otherwise."""
    note = pc.equal(rows["comment_type"], NOTE)
    shown = pc.is_valid(rows.key("is_customer_note"))
    sent = rows.times("comment_date_gmt", UTC)
    no_key = pa.scalar(None, pa.int64())
    return {
        "order_id": shop.own(pc.if_else(note, rows.key("comment_post_id"), no_key)),
        "customer": shop.record("customer", rows.key("user_id")),
        "author": rows.text("comment_author"),
        "email": normalised(rows["comment_author_email"]),
        "sent_us": sent.us,
        "sent_offset_min": sent.offset_min,
        "text": rows.text("comment_content"),
        "ip": rows.addresses("comment_author_ip"),
        "private": pc.and_(note, pc.invert(shown)),
    }
