"""Orders, their payments and lines, from either store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import Array, first_filled, joined, moments, whole
from parloir.readers.goods import card_digits, goods
from parloir.readers.sourced import Sourced, normalised
from parloir.readers.woocommerce.shop import Shop, among, any_filled
from parloir.readers.woocommerce.tables import BILLING, NUMBERS, SHIPPING

pc: Any = pyarrow.compute
UTC = ZoneInfo("UTC")


def stored(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Orders of `wc_orders`."""
    keys = rows.key("id")
    placed = rows.times("date_created_gmt", UTC)
    return {
        **_named(rows, shop, keys),
        "ordered_us": placed.us,
        "ordered_offset_min": placed.offset_min,
        "customer": shop.record("customer", rows.key("customer_id")),
        "delivery": _present(shop.record("delivery", keys), among(keys, shop.delivered)),
        "invoice": _present(shop.record("invoice", keys), among(keys, shop.invoiced)),
        "status": _status(rows["status"]),
        "payment_method": first_filled(rows["payment_method_title"], rows["payment_method"]),
        "total_cents": rows.cents("total_amount"),
        "currency": pc.coalesce(rows.text("currency"), pa.scalar(shop.currency, pa.string())),
        "transaction_id": rows.text("transaction_id"),
        "ip": rows.addresses("ip_address"),
        "user_agent": rows.text("user_agent"),
        "note": rows.text("customer_note"),
    }


def posted(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Orders of `posts`, whose particulars stand in `postmeta`."""
    keys = rows.key("id")
    placed = rows.times("post_date_gmt", UTC)
    return {
        **_named(rows, shop, keys),
        "ordered_us": placed.us,
        "ordered_offset_min": placed.offset_min,
        "customer": shop.record("customer", rows.key("_customer_user")),
        "delivery": _present(shop.record("delivery", keys), any_filled(rows, SHIPPING)),
        "invoice": _present(shop.record("invoice", keys), any_filled(rows, BILLING)),
        "status": _status(rows["post_status"]),
        "payment_method": first_filled(rows["_payment_method_title"], rows["_payment_method"]),
        "total_cents": rows.cents("_order_total"),
        "currency": pc.coalesce(rows.text("_order_currency"), pa.scalar(shop.currency, pa.string())),
        "transaction_id": rows.text("_transaction_id"),
        "ip": rows.addresses("_customer_ip_address"),
        "user_agent": rows.text("_customer_user_agent"),
        "note": rows.text("post_excerpt"),
    }


def lines(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Articles of `woocommerce_order_items`."""
    product = rows.text("order_item_name")
    reference = rows.text("_sku")
    quantity = rows.whole("_qty")
    total = pc.add(rows.cents("_line_total"), pc.coalesce(rows.cents("_line_tax"), 0))
    told = joined([reference, rows["imei"]], " ")
    return {
        "order_id": shop.own(rows.key("order_id")),
        "line_id": shop.own(rows.key("order_item_id")),
        "product": product,
        "product_reference": reference,
        "model": goods(product, reference).model,
        "quantity": quantity,
        "unit_price_cents": pc.divide(total, pc.if_else(pc.greater(quantity, 0), quantity, None)),
        "imei14": goods(product, told).imei14,
    }


def stored_payments(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """What `wc_orders` tells of an order's payment."""
    keys = rows.key("id")
    paid = moments(shop.paid.find(keys, "date_paid_gmt"), UTC)
    return {
        **_payer(rows),
        "order_id": shop.own(keys),
        "method": first_filled(rows["payment_method_title"], rows["payment_method"]),
        "amount_cents": rows.cents("total_amount"),
        "currency": pc.coalesce(rows.text("currency"), pa.scalar(shop.currency, pa.string())),
        "transaction_id": rows.text("transaction_id"),
        "paid_us": paid.us,
        "paid_offset_min": paid.offset_min,
    }


def posted_payments(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """What `postmeta` tells of an order's payment."""
    keys = rows.key("id")
    return {
        **_payer(rows),
        "order_id": shop.own(keys),
        "method": first_filled(rows["_payment_method_title"], rows["_payment_method"]),
        "amount_cents": rows.cents("_order_total"),
        "currency": pc.coalesce(rows.text("_order_currency"), pa.scalar(shop.currency, pa.string())),
        "transaction_id": rows.text("_transaction_id"),
        "paid_us": pc.multiply(whole(rows["_date_paid"]), 1_000_000),
    }


def stored_refunds(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Refunds of `wc_orders`: payments of less than nothing."""
    given = rows.times("date_created_gmt", UTC)
    return {
        "order_id": shop.own(rows.key("parent_order_id")),
        "method": pa.repeat("refund", len(rows)),
        "amount_cents": rows.cents("total_amount"),
        "currency": pc.coalesce(rows.text("currency"), pa.scalar(shop.currency, pa.string())),
        "transaction_id": rows.text("transaction_id"),
        "status": _status(rows["status"]),
        "paid_us": given.us,
        "paid_offset_min": given.offset_min,
    }


def posted_refunds(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Refunds of `posts`."""
    given = rows.times("post_date_gmt", UTC)
    return {
        "order_id": shop.own(rows.key("post_parent")),
        "method": pa.repeat("refund", len(rows)),
        "amount_cents": rows.cents("_order_total"),
        "currency": pc.coalesce(rows.text("_order_currency"), pa.scalar(shop.currency, pa.string())),
        "status": _status(rows["post_status"]),
        "paid_us": given.us,
        "paid_offset_min": given.offset_min,
    }


def _named(rows: Sourced, shop: Shop, keys: Array) -> Mapping[str, Any]:
    return {
        "order_id": shop.own(keys),
        "shop": pa.repeat(pa.scalar(shop.name, pa.string()), len(rows)),
        "reference": first_filled(*(rows[name] for name in NUMBERS), keys.cast(pa.string())),
    }


def _payer(rows: Sourced) -> Mapping[str, Any]:
    email = first_filled(rows["_ppcp_paypal_payer_email"], rows["Payer PayPal address"])
    return {
        "card_last4": card_digits(first_filled(rows["last4"], rows["_stripe_card_last4"])),
        "card_brand": first_filled(rows["_card_brand"], rows["_stripe_card_brand"]),
        "card_fingerprint": rows.text("_stripe_fingerprint"),
        "payer_name": joined([rows["Payer first name"], rows["Payer last name"]], " "),
        "payer_email": normalised(email),
    }


def _status(column: Array) -> Array:
    """`wc-on-hold` is shown as on-hold."""
    shown: Array = pc.replace_substring_regex(column, r"^wc-", "")
    return shown


def _present(records: Array, mask: Array) -> Array:
    kept: Array = pc.if_else(mask, records, pa.scalar(None, pa.string()))
    return kept
