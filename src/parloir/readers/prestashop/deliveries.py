"""Parcels, and the relay points that customers chose.

A shop without a module for relay points, or whose module was removed, has no such rows: that none is found
proves nothing, and none is made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import Array, joined, key
from parloir.readers.prestashop.shop import Shop
from parloir.readers.sourced import Sourced

pc: Any = pyarrow.compute

MONDIAL_RELAY, COLISSIMO = "Mondial Relay", "Colissimo"


def parcels(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `order_carrier`. When they were handed over is not told: its date is that of the order."""
    return {
        "order_id": shop.own(rows.key("id_order")),
        "carrier": shop.find("carrier", rows.key("id_carrier"), "name"),
        "tracking_number": rows.text("tracking_number"),
    }


def shipments(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `shipment`, which PrestaShop 9.1 has beside `order_carrier`."""
    return {
        **parcels(rows, shop),
        "shipped_us": rows.times("shipped_at", shop.zone).us,
        "delivered_us": rows.times("delivered_at", shop.zone).us,
    }


def numbered_orders(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `orders` that bear a tracking number themselves, as up to 1.6."""
    return {
        "order_id": shop.own(rows.key("id_order")),
        "carrier": shop.find("carrier", rows.key("id_carrier"), "name"),
        "tracking_number": rows.text("shipping_number"),
    }


def mondial_relay(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `mondialrelay_selected_relay` (module 3 and later). Lines 1 and 2 are the name."""
    return {
        "order_id": _order(rows, shop),
        "carrier": pa.repeat(MONDIAL_RELAY, len(rows)),
        "tracking_number": rows.text("expedition_num"),
        "relay": rows.text("selected_relay_num"),
        "relay_name": joined([rows["selected_relay_adr1"], rows["selected_relay_adr2"]], ", "),
        "relay_address": joined([rows["selected_relay_adr3"], rows["selected_relay_adr4"]], ", "),
        "relay_postcode": rows.text("selected_relay_postcode"),
        "relay_city": rows.text("selected_relay_city"),
        "relay_country": rows.text("selected_relay_country_iso"),
    }


def mondial_relay_before(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `mr_selected` (module 1 and 2)."""
    return {
        "order_id": _order(rows, shop),
        "carrier": pa.repeat(MONDIAL_RELAY, len(rows)),
        "tracking_number": rows.text("exp_number"),
        "relay": rows.text("mr_selected_num"),
        "relay_name": joined([rows["mr_selected_lgadr1"], rows["mr_selected_lgadr2"]], ", "),
        "relay_address": joined([rows["mr_selected_lgadr3"], rows["mr_selected_lgadr4"]], ", "),
        "relay_postcode": rows.text("mr_selected_cp"),
        "relay_city": rows.text("mr_selected_ville"),
        "relay_country": rows.text("mr_selected_pays"),
    }


def colissimo(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `colissimo_order`; their pick-up point and label stand in tables of their own."""
    point = rows.key("id_colissimo_pickup_point")

    def told(column: str) -> Array:
        return shop.find("colissimo_pickup_point", point, column)

    return {
        "order_id": shop.own(rows.key("id_order")),
        "carrier": pa.repeat(COLISSIMO, len(rows)),
        "tracking_number": shop.find("colissimo_label", rows.key("id_colissimo_order"), "shipping_number"),
        "relay": told("colissimo_id"),
        "relay_name": told("company_name"),
        "relay_address": joined([told("address1"), told("address2"), told("address3")], ", "),
        "relay_postcode": told("zipcode"),
        "relay_city": told("city"),
        "relay_country": told("iso_country"),
    }


def so_colissimo(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `socolissimo_delivery_info`. Without a point's key the address is the customer's own."""
    point = rows.text("prid")

    def of_point(column: Array) -> Array:
        found: Array = pc.if_else(pc.is_valid(point), column, pa.scalar(None, pa.string()))
        return found

    return {
        "order_id": shop.own(_of_cart(rows, shop)),
        "carrier": pa.repeat(COLISSIMO, len(rows)),
        "relay": point,
        "relay_name": of_point(rows.text("prname")),
        "relay_address": of_point(
            joined([rows[name] for name in ("pradress1", "pradress2", "pradress3", "pradress4")], ", ")
        ),
        "relay_postcode": of_point(rows.text("przipcode")),
        "relay_city": of_point(rows.text("prtown")),
        "relay_country": of_point(rows.text("cecountry")),
    }


def _order(rows: Sourced, shop: Shop) -> Array:
    """The order that a relay was chosen for: named, or found by its cart."""
    return shop.own(pc.coalesce(rows.key("id_order"), _of_cart(rows, shop)))


def _of_cart(rows: Sourced, shop: Shop) -> Array:
    return key(shop.find("carts", rows.key("id_cart"), "id_order"))
