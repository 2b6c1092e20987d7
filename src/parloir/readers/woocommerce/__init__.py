"""WooCommerce: a shop's database, with high-performance order storage or with orders as posts.

Orders, addresses, articles, ways of delivery, refunds, accounts and comments are primary rows. Of the two
stores of orders the live one is read; an order that stands in the other alone is read from there, so none
counts twice and none is lost. Attributes (rows of `…meta`), options, pages and products complete other rows
and are counted as joined, whether a value of theirs was used or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.attributes import Attributes
from parloir.readers.columnar import key
from parloir.readers.database import Choice, Database, prefixes, table_names
from parloir.readers.reader import Options, Part, Recognition
from parloir.readers.sourced import Sourced
from parloir.readers.spill import Spill
from parloir.readers.woocommerce import messages, orders, persons, tables
from parloir.readers.woocommerce.beside import bring_beside
from parloir.readers.woocommerce.deliveries import carried, told_by_attributes
from parloir.readers.woocommerce.door import Door
from parloir.readers.woocommerce.shop import ORDERS, REFUND, Shop, any_filled, open_shop
from parloir.vault.member import Member

pc: Any = pyarrow.compute
Reading = Callable[[Sourced, Shop], Mapping[str, Any]]

_SIGNATURE = ("woocommerce_order_items", "wc_orders", "woocommerce_order_itemmeta", "wc_customer_lookup")
_NUCLEUS = {"wc_orders", "woocommerce_order_items", "woocommerce_order_itemmeta", "posts", "postmeta"}
_WORDPRESS = ("posts", "options", "usermeta")


class WooCommerce:
    """Reads WooCommerce dumps."""

    format = "woocommerce"
    title = "WooCommerce database dump"
    tables = ("persons", "orders", "order_lines", "payments", "shipments", "messages")

    def recognise(self, member: Member) -> Recognition | None:
        """Claim a dump that holds the tables of a WooCommerce, under any prefix."""
        found: dict[str, set[str]] = {}
        for name in table_names(member):
            for own in (*_SIGNATURE, *_WORDPRESS):
                if name.endswith(own):
                    found.setdefault(name.removesuffix(own), set()).add(own)
            for prefix, names in found.items():
                if names & set(_SIGNATURE) and len(names) > 1:
                    return Recognition(self.format, f"WooCommerce database dump, prefix “{prefix}”", 0.95)
        return None

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the rows of every shop in the dump.

        Raises:
            DamagedFileError: it cannot be read to its end.
        """
        with Spill() as spill, Attributes() as attributes:
            database = Database(member, spill, tables.wanted, Door(attributes).pass_on)
            database.lay_aside()
            shops = prefixes(database.rows, tables.split, _NUCLEUS)
            for prefix in shops:
                mark = prefix if len(shops) > 1 else ""
                bring_beside(spill, attributes, prefix)
                yield from _read(database, open_shop(prefix, mark, spill, attributes, options))
            yield from database.rest([prefix + own for prefix in shops for own in tables.TABLES])


def _read(database: Database, shop: Shop) -> Iterator[Part]:
    yield from _orders(database, shop)
    yield from _persons(database, shop)
    items, notes = shop.prefix + "woocommerce_order_items", shop.prefix + "comments"
    yield from database.primary(
        items, "order_lines", _of(shop, orders.lines), _is("order_item_type", "line_item")
    )
    yield from database.primary(items, "shipments", _of(shop, carried), _is("order_item_type", "shipping"))
    yield from told_by_attributes(database.member, shop)
    yield from database.primary(notes, "messages", _of(shop, messages.messages))


def _orders(database: Database, shop: Shop) -> Iterator[Part]:
    """Orders, payments and refunds of both stores."""
    for store, kind, order, payment, refund in (
        ("wc_orders", "type", orders.stored, orders.stored_payments, orders.stored_refunds),
        ("posts", "post_type", orders.posted, orders.posted_payments, orders.posted_refunds),
    ):
        table = shop.prefix + store
        is_order = _both(_is(kind, *ORDERS), _taken(shop, store))
        yield from database.primary(table, "orders", _remarked(shop, store, order), is_order)
        is_refund = _both(_is(kind, REFUND), _taken(shop, store))
        yield from database.primary(table, "payments", _of(shop, refund), is_refund)
        is_paid = _both(is_order, _paid(shop, store))
        yield from database.derived(table, "payments", _of(shop, payment), is_paid)


def _persons(database: Database, shop: Shop) -> Iterator[Part]:
    """Accounts and addresses."""
    users, lookup = shop.prefix + "users", shop.prefix + "wc_customer_lookup"
    yield from database.primary(users, "persons", _of(shop, persons.accounts))
    yield from database.primary(lookup, "persons", _of(shop, persons.analysed))
    addresses = shop.prefix + "wc_order_addresses"
    yield from database.primary(addresses, "persons", _of(shop, persons.stored_addresses), _not_posted(shop))
    for kind, columns in (("billing", tables.BILLING), ("shipping", tables.SHIPPING)):
        told = _both(_both(_is("post_type", *ORDERS), _taken(shop, "posts")), _filled(columns))
        reading = _of(shop, persons.posted_addresses(kind))
        yield from database.derived(shop.prefix + "posts", "persons", reading, told)
        kept = _filled([name[1:] for name in columns])
        yield from database.derived(users, "persons", _of(shop, persons.account_addresses(kind)), kept)


def _of(shop: Shop, reading: Reading) -> Callable[[Sourced], Mapping[str, Any]]:
    return lambda rows: reading(rows, shop)


def _remarked(shop: Shop, store: str, reading: Reading) -> Callable[[Sourced], Mapping[str, Any]]:
    """Orders, with a remark on those of the store that the shop no longer used."""

    def read(rows: Sourced) -> Mapping[str, Any]:
        if store != shop.live:
            rows.doubt("id", pa.repeat(f"stands in {store} alone, which the shop no longer used", len(rows)))
        return reading(rows, shop)

    return read


def _is(column: str, *values: str) -> Choice:
    return lambda batch: pc.is_in(batch.column(column), pa.array(values))


def _both(first: Choice, second: Choice) -> Choice:
    return lambda batch: pc.and_(first(batch), second(batch))


def _taken(shop: Shop, store: str) -> Choice:
    return lambda batch: shop.is_of(store, key(batch.column("id")))


def _not_posted(shop: Shop) -> Choice:
    """Addresses but those of orders that are taken from `posts`, where they stand too."""
    return lambda batch: pc.invert(shop.is_of("posts", key(batch.column("order_id"))))


def _filled(names: Sequence[str]) -> Choice:
    return lambda batch: any_filled(batch, names)


def _paid(shop: Shop, store: str) -> Choice:
    """Orders of whose payment something is told."""

    if store == "posts":
        return _filled(("_date_paid", "_transaction_id"))
    return lambda batch: pc.or_(
        pc.is_valid(shop.paid.find(key(batch.column("id")), "date_paid_gmt")),
        any_filled(batch, ("transaction_id",)),
    )


WOOCOMMERCE = WooCommerce()
