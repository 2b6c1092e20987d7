"""Messages between customers and the shop, and visits of browsers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow.compute

from parloir.readers.columnar import Array, key, yes
from parloir.readers.prestashop.shop import Shop
from parloir.readers.sourced import Sourced, normalised

pc: Any = pyarrow.compute


def customer_messages(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `customer_message`; customer, order and e-mail stand with their thread."""
    thread = rows.key("id_customer_thread")
    sent = rows.times("date_add", shop.zone)

    def told(column: str) -> Array:
        return shop.find("customer_thread", thread, column)

    return {
        "order_id": shop.own(key(told("id_order"))),
        "customer": shop.record("customer", key(told("id_customer"))),
        "author": _author(rows),
        "email": normalised(told("email")),
        "sent_us": sent.us,
        "sent_offset_min": sent.offset_min,
        "text": rows.text("message"),
        "ip": rows.addresses("ip_address"),
        "private": yes(rows["private"]),
    }


def order_messages(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `message`: what stood with an order."""
    sent = rows.times("date_add", shop.zone)
    return {
        "order_id": shop.own(rows.key("id_order")),
        "customer": shop.record("customer", rows.key("id_customer")),
        "author": _author(rows),
        "sent_us": sent.us,
        "sent_offset_min": sent.offset_min,
        "text": rows.text("message"),
        "private": yes(rows["private"]),
    }


def connections(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `connections`; the browser's owner stands with `guest`, once he signed in or ordered."""
    guest = rows.key("id_guest")
    at = rows.times("date_add", shop.zone)
    return {
        "guest": shop.record("guest", guest),
        "customer": shop.record("customer", key(shop.find("guest", guest, "id_customer"))),
        "connected_us": at.us,
        "connected_offset_min": at.offset_min,
        "ip": rows.addresses("ip_address"),
        "referrer": rows.text("http_referer"),
    }


def _author(rows: Sourced) -> Array:
    written: Array = pc.if_else(pc.is_valid(rows.key("id_employee")), "shop", "customer")
    return written
