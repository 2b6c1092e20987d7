"""Customers and their addresses, also those that the shop marked as deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import joined, yes
from parloir.readers.prestashop.shop import Shop
from parloir.readers.sourced import Sourced

pc: Any = pyarrow.compute


def customers(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `customer`."""
    email = rows.emails("email")
    return {
        "record": shop.record("customer", rows.key("id_customer")),
        "role": pa.repeat("customer", len(rows)),
        "family_name": rows.text("lastname"),
        "given_name": rows.text("firstname"),
        "company": rows.text("company"),
        "birth_date": rows.days("birthday"),
        "email": email.normalised,
        "email_raw": email.raw,
        "ip": rows.addresses("ip_registration_newsletter"),
        "created_us": rows.times("date_add", shop.zone).us,
        "deleted": yes(rows["deleted"]),
        "note": rows.text("note"),
    }


def address_book(rows: Sourced, shop: Shop) -> Mapping[str, Any]:
    """Rows of `address`. What the customer called it ("chez ma mère") stands first in its note."""
    country = shop.find("country", rows.key("id_country"), "iso_code")
    phones = rows.phones(("phone", "phone_mobile"), country, shop.country)
    keys = rows.key("id_address")
    return {
        "record": shop.record("address", keys),
        "role": _roles(keys, shop),
        "family_name": rows.text("lastname"),
        "given_name": rows.text("firstname"),
        "company": rows.text("company"),
        "numbers": phones.numbers,
        "numbers_raw": phones.raw,
        "address": joined([rows["address1"], rows["address2"]], ", "),
        "postcode": rows.text("postcode"),
        "city": rows.text("city"),
        "country": country,
        "created_us": rows.times("date_add", shop.zone).us,
        "owner": shop.record("customer", rows.key("id_customer")),
        "deleted": yes(rows["deleted"]),
        "note": joined([rows["alias"], rows["other"]], "\n"),
    }


def _roles(keys: Any, shop: Shop) -> pa.Array[Any]:
    """`delivery` where an order was sent, else `invoice`; `address` for one that no order uses."""
    asked = np.asarray(keys.fill_null(-1))
    delivery, invoice = np.isin(asked, shop.delivered), np.isin(asked, shop.invoiced)
    roles = np.where(delivery, "delivery", np.where(invoice, "invoice", "address"))
    return pa.array(roles.tolist(), pa.string())
