"""PrestaShop 1.6 to 9: a shop's database as mysqldump, mariadb-dump or phpMyAdmin wrote it.

Rows of order, customer, address, message, visit and relay tables are primary. Rows that only name or refer
(countries, currencies, states, threads, browsers, carriers, settings) are joined to them and counted apart;
of a browser without an owner nothing is kept but the visits. Every other table is counted as left unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute

from parloir.readers.columnar import filled, key
from parloir.readers.database import Database, mentions, prefixes, table_names
from parloir.readers.goods import card_digits
from parloir.readers.prestashop import contacts, deliveries, orders, persons, tables
from parloir.readers.prestashop.shop import Shop, open_shop
from parloir.readers.reader import Options, Part, Recognition
from parloir.readers.sourced import Sourced
from parloir.readers.spill import Spill
from parloir.vault.member import Member

pc: Any = pyarrow.compute

Reading = Callable[[Sourced, Shop], Mapping[str, Any]]

MAPPINGS: dict[str, tuple[str, Reading]] = {
    "customer": ("persons", persons.customers),
    "address": ("persons", persons.address_book),
    "orders": ("orders", orders.orders),
    "order_detail": ("order_lines", orders.lines),
    "order_payment": ("payments", orders.payments),
    "order_carrier": ("shipments", deliveries.parcels),
    "shipment": ("shipments", deliveries.shipments),
    "mondialrelay_selected_relay": ("shipments", deliveries.mondial_relay),
    "mr_selected": ("shipments", deliveries.mondial_relay_before),
    "colissimo_order": ("shipments", deliveries.colissimo),
    "socolissimo_delivery_info": ("shipments", deliveries.so_colissimo),
    "customer_message": ("messages", contacts.customer_messages),
    "message": ("messages", contacts.order_messages),
    "connections": ("connections", contacts.connections),
}
_NUCLEUS = {"customer", "address", "orders", "order_detail"}
_ENOUGH = 3
"""Tables of the signature, or of the nucleus, under one prefix that tell a PrestaShop."""
_TELLING = b"id_address_delivery"
"""A column of its orders that no other software has: it tells a dump of the nucleus alone."""


class PrestaShop:
    """Reads PrestaShop dumps."""

    format = "prestashop"
    title = "PrestaShop database dump"
    tables = tuple(dict.fromkeys(table for table, _ in MAPPINGS.values()))

    def recognise(self, member: Member) -> Recognition | None:
        """Claim a dump with the tables of a PrestaShop, or those of its orders alone, under any prefix."""
        found: dict[str, set[str]] = {}
        few: dict[str, set[str]] = {}
        for name in table_names(member):
            own = next((known for known in tables.SIGNATURE if name.endswith(known)), "")
            if own:
                prefix = name.removesuffix(own)
                found.setdefault(prefix, set()).add(own)
                if len(found[prefix]) >= _ENOUGH:
                    return self._claim(prefix, 0.95)
            prefix, own = tables.split(name) or ("", "")
            if own in _NUCLEUS:
                few.setdefault(prefix, set()).add(own)
        prefix = max(few, key=lambda one: len(few[one]), default="")
        enough = len(few.get(prefix, ())) >= _ENOUGH
        return self._claim(prefix, 0.9) if enough and mentions(member, _TELLING) else None

    def _claim(self, prefix: str, certainty: float) -> Recognition:
        return Recognition(self.format, f"PrestaShop database dump, prefix “{prefix}”", certainty)

    def read(self, member: Member, options: Options) -> Iterator[Part]:
        """Stream the rows of every shop in the dump.

        Raises:
            DamagedFileError: it cannot be read to its end.
        """
        with Spill() as spill:
            database = Database(member, spill, tables.wanted, at_the_door)
            database.lay_aside()
            shops = prefixes(database.rows, tables.split, _NUCLEUS)
            for prefix in shops:
                mark = prefix if len(shops) > 1 else ""
                yield from _read(database, open_shop(prefix, mark, spill, options))
            yield from database.rest([prefix + own for prefix in shops for own in tables.KNOWN])


def at_the_door(table: str, rows: pa.Table) -> pa.Table:
    """Keep four digits of card numbers, the settings that are used, and browsers whose owner signed in."""
    _, own = tables.split(table) or ("", table)
    if own == "configuration":
        return rows.filter(pc.is_in(rows["name"], pa.array(tables.SETTINGS)))
    if own == "guest":
        return rows.filter(pc.is_valid(key(rows["id_customer"])))
    if own == "order_payment":
        place = rows.schema.get_field_index("card_number")
        return rows.set_column(place, "card_number", card_digits(rows["card_number"]))
    return rows


def _read(database: Database, shop: Shop) -> Iterator[Part]:
    for own, (canonical, mapping) in MAPPINGS.items():
        yield from database.primary(shop.prefix + own, canonical, _within(shop, mapping))
    numbered = _within(shop, deliveries.numbered_orders)
    yield from database.derived(shop.prefix + "orders", "shipments", numbered, _bears_number)


def _within(shop: Shop, mapping: Reading) -> Callable[[Sourced], Mapping[str, Any]]:
    return lambda rows: mapping(rows, shop)


def _bears_number(batch: pa.RecordBatch) -> Any:
    return pc.is_valid(filled(batch.column("shipping_number")))


PRESTASHOP = PrestaShop()
