"""Orders, their lines and their payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import cents, first_filled
from parloir.readers.goods import goods
from parloir.readers.prestashop.shop import Shop
from parloir.readers.sourced import Sourced

pc: Any = pyarrow.compute


def orders(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `orders`. The payment's key stands in `order_payment`, under the order's reference."""
    placed = rows.times("date_add", shop.zone)
    state = rows.key("current_state")
    named = shop.find("shop", rows.key("id_shop"), "name")
    domain = shop.find("shop_url", rows.key("id_shop"), "domain")
    return {
        "order_id": shop.own(rows.key("id_order")),
        "shop": pc.coalesce(domain, named, pa.scalar(shop.name, pa.string())),
        "reference": rows.text("reference"),
        "ordered_us": placed.us,
        "ordered_offset_min": placed.offset_min,
        "customer": shop.record("customer", rows.key("id_customer")),
        "delivery": shop.record("address", rows.key("id_address_delivery")),
        "invoice": shop.record("address", rows.key("id_address_invoice")),
        "status": pc.coalesce(shop.find("order_state_lang", state, "name"), state.cast(pa.string())),
        "payment_method": rows.text("payment"),
        "total_cents": pc.coalesce(rows.cents("total_paid_tax_incl"), rows.cents("total_paid")),
        "currency": shop.find("currency", rows.key("id_currency"), "iso_code"),
        "note": rows.text("gift_message"),
    }


def lines(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `order_detail`."""
    product, reference = rows.text("product_name"), rows.text("product_reference")
    price = first_filled(rows["unit_price_tax_incl"], rows["product_price"])
    found = goods(product, reference)
    return {
        "order_id": shop.own(rows.key("id_order")),
        "line_id": shop.own(rows.key("id_order_detail")),
        "product": product,
        "product_reference": reference,
        "model": found.model,
        "quantity": rows.whole("product_quantity"),
        "unit_price_cents": cents(price),
        "imei14": found.imei14,
    }


def payments(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `order_payment`. Of a card number no more than four digits come so far."""
    paid = rows.times("date_add", shop.zone)
    return {
        "reference": rows.text("order_reference"),
        "method": rows.text("payment_method"),
        "amount_cents": rows.cents("amount"),
        "currency": shop.find("currency", rows.key("id_currency"), "iso_code"),
        "transaction_id": rows.text("transaction_id"),
        "card_last4": rows.text("card_number"),
        "card_brand": rows.text("card_brand"),
        "payer_name": rows.text("card_holder"),
        "paid_us": paid.us,
        "paid_offset_min": paid.offset_min,
    }
