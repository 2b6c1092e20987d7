"""Which tables of WooCommerce (with and without high-performance order storage) are read, and which columns.

Passwords, activation keys, order keys and session tokens are in no list: they are never decoded or kept.
Names are those of WooCommerce 10.5 (OrdersTableDataStore::get_database_schema) and WordPress 6
(wp_get_db_schema).
"""

from __future__ import annotations

import re

TABLES: dict[str, tuple[str, ...]] = {
    "wc_orders": (
        "id",
        "status",
        "currency",
        "type",
        "total_amount",
        "customer_id",
        "billing_email",
        "date_created_gmt",
        "parent_order_id",
        "payment_method",
        "payment_method_title",
        "transaction_id",
        "ip_address",
        "user_agent",
        "customer_note",
    ),
    "posts": ("id", "post_date_gmt", "post_excerpt", "post_status", "post_type", "post_parent"),
    "wc_order_addresses": (
        "order_id",
        "address_type",
        "first_name",
        "last_name",
        "company",
        "address_1",
        "address_2",
        "city",
        "postcode",
        "country",
        "email",
        "phone",
    ),
    "woocommerce_order_items": ("order_item_id", "order_item_name", "order_item_type", "order_id"),
    "users": ("id", "user_login", "user_email", "user_registered", "display_name"),
    "wc_customer_lookup": (
        "customer_id",
        "user_id",
        "first_name",
        "last_name",
        "email",
        "date_registered",
        "country",
        "postcode",
        "city",
    ),
    "comments": (
        "comment_id",
        "comment_post_id",
        "comment_author",
        "comment_author_email",
        "comment_author_ip",
        "comment_date_gmt",
        "comment_content",
        "comment_type",
        "user_id",
    ),
    "wc_order_operational_data": ("order_id", "date_paid_gmt"),
    "options": ("option_name", "option_value"),
    "postmeta": ("post_id", "meta_key", "meta_value"),
    "wc_orders_meta": ("order_id", "meta_key", "meta_value"),
    "woocommerce_order_itemmeta": ("order_item_id", "meta_key", "meta_value"),
    "usermeta": ("user_id", "meta_key", "meta_value"),
    "commentmeta": ("comment_id", "meta_key", "meta_value"),
}

ATTRIBUTES: dict[str, str] = {
    "postmeta": "post",
    "wc_orders_meta": "order",
    "woocommerce_order_itemmeta": "item",
    "usermeta": "user",
    "commentmeta": "comment",
}
"""Tables of entity-attribute rows, and the store that they go to."""

OPTIONS = (
    "blogname",
    "home",
    "siteurl",
    "woocommerce_custom_orders_table_enabled",
    "woocommerce_default_country",
    "woocommerce_currency",
)

ADDRESS = (
    "first_name",
    "last_name",
    "company",
    "address_1",
    "address_2",
    "city",
    "postcode",
    "country",
    "email",
    "phone",
)
BILLING = tuple(f"_billing_{name}" for name in ADDRESS)
SHIPPING = tuple(f"_shipping_{name}" for name in ADDRESS)
ORDER = (
    "_customer_user",
    "_payment_method",
    "_payment_method_title",
    "_transaction_id",
    "_customer_ip_address",
    "_customer_user_agent",
    "_order_currency",
    "_order_total",
)
NUMBERS = ("_order_number", "_alg_wc_custom_order_number")
"""Under these plugins keep the number that customers see."""
PAYER = (
    "_date_paid",
    "_ppcp_paypal_payer_email",
    "Payer PayPal address",
    "Payer first name",
    "Payer last name",
    "last4",
    "_stripe_card_last4",
    "_card_brand",
    "_stripe_card_brand",
    "_stripe_fingerprint",
    "_refund_amount",
    "_refund_reason",
)
"""Of what payment plugins leave: no more of a card than its last four digits and the provider's pseudonym."""
ACCOUNT = ("first_name", "last_name", *(name[1:] for name in BILLING + SHIPPING))
ITEM = ("_qty", "_line_total", "_line_tax", "_product_id", "_variation_id")
PARCEL = re.compile(r"relay|relais|pick_?up|parcel ?shop|locker|tracking", re.I)
"""Keys under which plugins of carriers keep relay points and parcels."""

_KEPT = {
    "post": frozenset((*BILLING, *SHIPPING, *ORDER, *NUMBERS, *PAYER, "_sku")),
    "order": frozenset((*NUMBERS, *PAYER)),
    "user": frozenset(ACCOUNT),
    "item": frozenset(ITEM),
    "comment": frozenset(("is_customer_note",)),
}
_BY_LENGTH = sorted(TABLES, key=len, reverse=True)


def kept(store: str, key: str) -> bool:
    """Whether an attribute of this name is kept: one that is known, or an order's that tells of a parcel."""
    return key in _KEPT[store] or (store in ("post", "order") and PARCEL.search(key) is not None)


def split(table: str) -> tuple[str, str] | None:
    """Prefix (with the database, where the dump names it) and own name of a table that is known, or None."""
    for name in _BY_LENGTH:
        if table.endswith(name):
            return table[: -len(name)], name
    return None


def wanted(table: str) -> tuple[str, ...] | None:
    """The columns to decode of a table by its full name, or None."""
    own = split(table)
    return TABLES[own[1]] if own else None
