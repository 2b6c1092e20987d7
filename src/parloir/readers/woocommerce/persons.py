"""Accounts, and the addresses of orders and accounts. Of guests there are only the addresses of orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import Array, first_filled, joined, key
from parloir.readers.php import unpacked
from parloir.readers.sourced import Sourced
from parloir.readers.woocommerce.orders import UTC
from parloir.readers.woocommerce.shop import Shop
from parloir.readers.woocommerce.tables import ADDRESS

pc: Any = pyarrow.compute
ROLES = {"billing": "invoice", "shipping": "delivery"}


def accounts(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `users`."""
    keys = rows.key("id")
    email = rows.emails("user_email")
    return {
        "record": shop.record("customer", keys),
        "role": pa.repeat("customer", len(rows)),
        "family_name": first_filled(rows["last_name"], rows["billing_last_name"]),
        "given_name": first_filled(rows["first_name"], rows["billing_first_name"]),
        "email": email.normalised,
        "email_raw": email.raw,
        "created_us": rows.times("user_registered", UTC).us,
        "note": joined([rows["display_name"], rows["user_login"], _staff(rows["capabilities"])], "\n"),
    }


def account_addresses(kind: str) -> Callable[[Sourced, Shop], Mapping[str, Any]]:
    """The billing or shipping address that an account keeps."""

    def read(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
        keys = rows.key("id")
        account = pc.binary_join_element_wise("account", keys.cast(pa.string()), "-")
        return {
            **_address(rows, shop, [f"{kind}_{name}" for name in ADDRESS]),
            "record": shop.record(ROLES[kind], account),
            "role": pa.repeat(ROLES[kind], len(rows)),
            "owner": shop.record("customer", keys),
        }

    return read


def analysed(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `wc_customer_lookup`, which has guests too."""
    email = rows.emails("email")
    return {
        "record": shop.record("lookup", rows.key("customer_id")),
        "role": pa.repeat("customer", len(rows)),
        "family_name": rows.text("last_name"),
        "given_name": rows.text("first_name"),
        "email": email.normalised,
        "email_raw": email.raw,
        "postcode": rows.text("postcode"),
        "city": rows.text("city"),
        "country": rows.text("country"),
        "created_us": rows.times("date_registered", UTC).us,
        "owner": shop.record("customer", rows.key("user_id")),
    }


def stored_addresses(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `wc_order_addresses`."""
    keys = rows.key("order_id")
    kinds = rows["address_type"].to_pylist()
    roles = pa.array([ROLES.get(kind or "", kind) for kind in kinds], pa.string())
    customer = shop.customers.find(keys, "customer_id")
    return {
        **_address(rows, shop, ADDRESS),
        "record": pc.binary_join_element_wise(roles, shop.own(keys), ":"),
        "role": roles,
        "owner": _owner(shop, roles, keys, key(customer)),
    }


def posted_addresses(kind: str) -> Callable[[Sourced, Shop], Mapping[str, Any]]:
    """The billing or shipping address of an order, out of `postmeta`."""

    def read(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
        keys = rows.key("id")
        return {
            **_address(rows, shop, [f"_{kind}_{name}" for name in ADDRESS]),
            "record": shop.record(ROLES[kind], keys),
            "role": pa.repeat(ROLES[kind], len(rows)),
            "owner": _owner(shop, pa.repeat(ROLES[kind], len(rows)), keys, rows.key("_customer_user")),
        }

    return read


def _address(rows: Sourced, shop: Shop, names: Sequence[str]) -> Mapping[str, Any]:
    """An address out of ten columns, in the order of `ADDRESS`."""
    given, family, company, street, more, city, postcode, country, mail, phone = names
    told = rows.text(country)
    phones = rows.phones((phone,), told, shop.country)
    email = rows.emails(mail)
    return {
        "family_name": rows.text(family),
        "given_name": rows.text(given),
        "company": rows.text(company),
        "numbers": phones.numbers,
        "numbers_raw": phones.raw,
        "email": email.normalised,
        "email_raw": email.raw,
        "address": joined([rows[street], rows[more]], ", "),
        "postcode": rows.text(postcode),
        "city": rows.text(city),
        "country": told,
    }


def _owner(shop: Shop, roles: Any, orders: Array, customers: Array) -> Array:
    """The account; of a guest's delivery address the order's invoice address, which is the buyer's own."""
    invoice = pc.if_else(
        pc.equal(roles, "delivery"), shop.record("invoice", orders), pa.scalar(None, pa.string())
    )
    owner: Array = pc.coalesce(shop.record("customer", customers), invoice)
    return owner


def _staff(column: Array) -> Array:
    """What an account may do beyond buying: `administrator`, `shop_manager`."""
    found = []
    for text in column.to_pylist():
        held = unpacked(text)
        names = [str(name) for name, yes in held.items() if yes] if isinstance(held, dict) else []
        found.append(", ".join(name for name in names if name not in ("customer", "subscriber")) or None)
    return pa.array(found, pa.string())
