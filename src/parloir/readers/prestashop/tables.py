"""Which tables of PrestaShop 1.6 to 9 are read, and which of their columns.

Passwords, keys, tokens and expiry dates are in no list: they are never decoded. Column names are PrestaShop's
own (install-dev/data/db_structure.sql of 1.6.1.25 and 9.1.0) and those of the carriers' modules.
"""

from __future__ import annotations

PRIMARY: dict[str, tuple[str, ...]] = {
    "customer": (
        "id_customer",
        "company",
        "firstname",
        "lastname",
        "email",
        "birthday",
        "ip_registration_newsletter",
        "note",
        "deleted",
        "date_add",
    ),
    "address": (
        "id_address",
        "id_country",
        "id_customer",
        "alias",
        "company",
        "lastname",
        "firstname",
        "address1",
        "address2",
        "postcode",
        "city",
        "other",
        "phone",
        "phone_mobile",
        "date_add",
        "deleted",
    ),
    "orders": (
        "id_order",
        "reference",
        "id_shop",
        "id_carrier",
        "id_customer",
        "id_cart",
        "id_currency",
        "id_address_delivery",
        "id_address_invoice",
        "current_state",
        "payment",
        "gift_message",
        "shipping_number",
        "total_paid",
        "total_paid_tax_incl",
        "date_add",
    ),
    "order_detail": (
        "id_order_detail",
        "id_order",
        "product_name",
        "product_quantity",
        "product_reference",
        "unit_price_tax_incl",
        "product_price",
    ),
    "order_payment": (
        "id_order_payment",
        "order_reference",
        "id_currency",
        "amount",
        "payment_method",
        "transaction_id",
        "card_number",
        "card_brand",
        "card_holder",
        "date_add",
    ),
    "order_carrier": ("id_order_carrier", "id_order", "id_carrier", "tracking_number"),
    "shipment": (
        "id_order",
        "id_carrier",
        "tracking_number",
        "shipped_at",
        "delivered_at",
    ),
    "customer_message": (
        "id_customer_thread",
        "id_employee",
        "message",
        "ip_address",
        "private",
        "date_add",
    ),
    "message": ("id_customer", "id_employee", "id_order", "message", "private", "date_add"),
    "connections": ("id_connections", "id_guest", "ip_address", "date_add", "http_referer"),
    "mondialrelay_selected_relay": (
        "id_cart",
        "id_order",
        "selected_relay_num",
        "selected_relay_adr1",
        "selected_relay_adr2",
        "selected_relay_adr3",
        "selected_relay_adr4",
        "selected_relay_postcode",
        "selected_relay_city",
        "selected_relay_country_iso",
        "expedition_num",
    ),
    "mr_selected": (
        "id_cart",
        "id_order",
        "mr_selected_num",
        "mr_selected_lgadr1",
        "mr_selected_lgadr2",
        "mr_selected_lgadr3",
        "mr_selected_lgadr4",
        "mr_selected_cp",
        "mr_selected_ville",
        "mr_selected_pays",
        "exp_number",
    ),
    "colissimo_order": ("id_colissimo_order", "id_order", "id_colissimo_pickup_point"),
    "socolissimo_delivery_info": (
        "id_cart",
        "prid",
        "prname",
        "pradress1",
        "pradress2",
        "pradress3",
        "pradress4",
        "przipcode",
        "prtown",
        "cecountry",
    ),
}
"""Each row of these becomes a row of a canonical table, or a warning."""

JOINED: dict[str, tuple[str, ...]] = {
    "carrier": ("id_carrier", "name"),
    "colissimo_label": ("id_colissimo_order", "shipping_number", "return_label"),
    "colissimo_pickup_point": (
        "id_colissimo_pickup_point",
        "colissimo_id",
        "company_name",
        "address1",
        "address2",
        "address3",
        "zipcode",
        "city",
        "iso_country",
    ),
    "configuration": ("id_shop", "name", "value"),
    "country": ("id_country", "iso_code"),
    "currency": ("id_currency", "iso_code"),
    "customer_thread": ("id_customer_thread", "id_customer", "id_order", "email"),
    "guest": ("id_guest", "id_customer"),
    "order_state_lang": ("id_order_state", "id_lang", "name"),
    "shop": ("id_shop", "name"),
    "shop_url": ("id_shop", "domain"),
}
"""Rows of these complete the rows of others."""

_ENDING_ALIKE = frozenset(
    """
    attribute_group_shop attribute_shop carrier_shop carrier_tax_rules_group_shop cart_rule_carrier
    cart_rule_country cart_rule_shop category_shop cms_category_shop cms_shop contact_shop
    country_shop currency_shop employee_shop feature_shop group_shop image_shop lang_shop
    manufacturer_shop module_carrier module_country module_currency module_shop order_message
    product_attribute_shop product_carrier product_shop referrer_shop store_shop supplier_shop
    tax_rules_group_shop warehouse_carrier warehouse_shop webservice_account_shop
    """.split()  # noqa: SIM905 - a list would be one screen long
)
"""Tables left unread whose names end like one that is read."""
SETTINGS = ("PS_TIMEZONE", "PS_LANG_DEFAULT", "PS_SHOP_NAME", "PS_SHOP_DOMAIN")
"""Names of `configuration` that are kept; others hold keys of services."""

KNOWN = (*PRIMARY, *JOINED)
_BY_LENGTH = sorted({*KNOWN, *_ENDING_ALIKE}, key=len, reverse=True)

SIGNATURE = (
    "accessory",
    "cart_product",
    "category_product",
    "configuration_kpi",
    "connections",
    "connections_page",
    "customer_thread",
    "guest",
    "order_carrier",
    "order_detail",
    "order_payment",
    "order_state_lang",
    "specific_price",
    "stock_available",
)
"""Tables that stand together under one prefix in no other shop software."""


def split(table: str) -> tuple[str, str] | None:
    """Prefix (with the database, where the dump names it) and own name of a table that is known, or None."""
    for name in _BY_LENGTH:
        if table.endswith(name):
            return table[: -len(name)], name
    return None


def wanted(table: str) -> tuple[str, ...] | None:
    """The columns to decode of a table by its full name, or None."""
    own = split(table)
    return (PRIMARY.get(own[1]) or JOINED.get(own[1])) if own else None
