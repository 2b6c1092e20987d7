"""The shop's rows of each order: the order itself, its line, payment, parcel, basket and relay point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from parloir.simulation.models import carton_model, models
from parloir.simulation.names import lexicon
from parloir.simulation.sales import Sales, moments
from parloir.simulation.shop import references
from parloir.simulation.sims import BOX
from parloir.simulation.streams import mix
from parloir.simulation.times import DAY

PRICES = (19.9, 24.9, 29.9, 34.9, 39.9)
POSTAGE = 4.5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sale:
    """One order: its place, the shop's key, the buyer, the model sold, and what the shop shows of it."""

    place: int
    key: int
    buyer: int
    model: int
    units: int
    relay: int
    reference: str
    placed: str
    sent: str

    @property
    def price(self) -> float:
        """Of one handset."""
        return PRICES[self.model % len(PRICES)]

    @property
    def total(self) -> float:
        """With postage."""
        return round(self.units * self.price + POSTAGE, 2)

    @property
    def card(self) -> bool:
        """Paid by card, else by transfer."""
        return self.key % 3 != 0

    @property
    def payment(self) -> str:
        """As the shop names it."""
        return "Carte bancaire" if self.card else "Virement bancaire"

    @property
    def carrier(self) -> int:
        """The shop's key of the carrier."""
        return 2 if self.relay >= 0 else 1

    def code(self, salt: int) -> int:
        """A number of its own, for keys of other companies."""
        return int(mix(np.array([self.key]), salt)[0])


def order_rows(s: Sales) -> dict[str, list[Row]]:
    """Rows by table."""
    sales = _sales(s)
    rows = {table: [row(s, sale) for sale in sales] for table, row in _ROWS.items()}
    return rows | {"mr_selected": [_relay(s, sale) for sale in sales if sale.relay >= 0]}


def _sales(s: Sales) -> list[Sale]:
    orders = s.orders
    columns = (
        range(orders.count),
        orders.identity.tolist(),
        orders.buyer.tolist(),
        carton_model(orders.first_unit, BOX).tolist(),
        orders.units.tolist(),
        orders.relay.tolist(),
        references(orders.count, s.p.seed),
        moments(orders.ordered),
        moments(orders.ordered + DAY),
    )
    return [Sale(*row) for row in zip(*columns, strict=True)]


def _order(s: Sales, sale: Sale) -> Row:
    return {
        "id_order": sale.key,
        "reference": sale.reference,
        "id_shop_group": 1,
        "id_shop": 1,
        "id_carrier": sale.carrier,
        "id_lang": 1,
        "id_customer": sale.buyer + 1,
        "id_cart": sale.key + 40,
        "id_currency": 1,
        "id_address_delivery": sale.place + 1,
        "id_address_invoice": sale.place + 1,
        "current_state": 5,
        "payment": sale.payment,
        "module": "stripe" if sale.card else "bankwire",
        "gift": int(s.orders.gift[sale.place]),
        "gift_message": "",
        "total_paid": sale.total,
        "total_paid_tax_incl": sale.total,
        "total_shipping": POSTAGE,
        "valid": 1,
        "date_add": sale.placed,
        "date_upd": sale.placed,
    }


def _line(s: Sales, sale: Sale) -> Row:
    del s
    return {
        "id_order_detail": sale.place + 1,
        "id_order": sale.key,
        "id_shop": 1,
        "product_id": sale.model + 10,
        "product_name": f"{models().name[sale.model]} - mini téléphone",
        "product_quantity": sale.units,
        "product_price": sale.price,
        "product_reference": f"MINI-{sale.model:02d}",
        "total_price_tax_incl": round(sale.units * sale.price, 2),
        "unit_price_tax_incl": sale.price,
    }


def _payment(s: Sales, sale: Sale) -> Row:
    """A pseudonym on the order does not change the name on the card, which stands on every second payment."""
    buyer = sale.buyer
    holder = _true_name(s, buyer) if s.buyers.pseudonym[buyer] else f"{s.given[buyer]} {s.family[buyer]}"
    return {
        "id_order_payment": sale.place + 1,
        "order_reference": sale.reference,
        "id_currency": 1,
        "amount": sale.total,
        "payment_method": sale.payment,
        "transaction_id": f"ch_{sale.code(4):x}" if sale.card else "",
        "card_number": f"XXXX-XXXX-XXXX-{1000 + buyer * 37 % 9000}" if sale.card else "",
        "card_brand": "Visa" if sale.card else "",
        "card_expiration": "",
        "card_holder": holder[:60] if sale.card and sale.key % 2 else "",
        "date_add": sale.placed,
    }


def _parcel(s: Sales, sale: Sale) -> Row:
    del s
    return {
        "id_order_carrier": sale.place + 1,
        "id_order": sale.key,
        "id_carrier": sale.carrier,
        "tracking_number": f"8R{sale.code(6) % 10**11:011d}",
        "date_add": sale.sent,
    }


def _basket(s: Sales, sale: Sale) -> Row:
    del s
    return {
        "id_cart": sale.key + 40,
        "id_customer": sale.buyer + 1,
        "id_guest": sale.place + 1,
        "date_add": sale.placed,
        "date_upd": sale.placed,
    }


def _relay(s: Sales, sale: Sale) -> Row:
    name, street, postcode, town = s.addresses.relay(sale.relay)
    return {
        "id_mr_selected": sale.place + 1,
        "id_customer": sale.buyer + 1,
        "id_method": 1,
        "id_cart": sale.key + 40,
        "id_order": sale.key,
        "MR_Selected_Num": f"{sale.relay % 1_000_000:06d}",
        "MR_Selected_LgAdr1": name[:36],
        "MR_Selected_LgAdr2": "",
        "MR_Selected_LgAdr3": street[:36],
        "MR_Selected_LgAdr4": "",
        "MR_Selected_CP": postcode,
        "MR_Selected_Ville": town[:32],
        "MR_Selected_Pays": "FR",
        "date_add": sale.placed,
    }


def _true_name(s: Sales, buyer: int) -> str:
    book = lexicon()
    return f"{book.given[int(s.buyers.given[buyer])].name} {book.families[int(s.buyers.family[buyer])].name}"


_ROWS: dict[str, Callable[[Sales, Sale], Row]] = {
    "orders": _order,
    "order_detail": _line,
    "order_payment": _payment,
    "order_carrier": _parcel,
    "cart": _basket,
}
