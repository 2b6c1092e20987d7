"""The seized shop's database as its dump: PrestaShop 1.6 tables, hostile strings and all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import numpy as np

from parloir.simulation.addresses import Addresses, birthday, mail
from parloir.simulation.models import carton_model, models
from parloir.simulation.names import Slips, document, lexicon, written
from parloir.simulation.numbers import national
from parloir.simulation.parameters import Parameters
from parloir.simulation.shop import Buyers, Orders, references
from parloir.simulation.sims import BOX
from parloir.simulation.streams import Ints, mix, stream
from parloir.simulation.times import DAY, HOUR, MINUTE, local

HEADER = """-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
--
-- Host: localhost    Database: boutique
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
"""
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\0": "\\0", "\x1a": "\\Z"}
)
PRICES = (19.9, 24.9, 29.9, 34.9, 39.9)
MESSAGES = (
    "Bonjour, quand est-ce que le colis part ?",
    "Merci de ne rien écrire sur le colis",
    "c'est bien le plus petit modèle ?",
    "Livraison en point relais svp",
    "il passe le portique ?",
    "Je n'ai rien reçu !",
    "Facture svp",
)

Row = dict[str, Any]


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("parloir.simulation") / "prestashop.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Sales:
    """The shop's year: customers with the names they gave, and their orders.

    Attributes:
        family, given, email, phone: as typed, by buyer.
        receiver: family and given name on the parcel, by order.
    """

    p: Parameters
    buyers: Buyers
    orders: Orders
    addresses: Addresses
    family: list[str]
    given: list[str]
    email: list[str]
    phone: list[str]
    receiver: list[tuple[str, str]]


def typed(p: Parameters, buyers: Buyers, orders: Orders, addresses: Addresses) -> Sales:
    """What customers typed: slips, Arabic script, pseudonyms, hostile strings, other people's names."""
    rng, book, lists = stream(p.seed, "typed"), lexicon(), document()
    slips = Slips(p.error("people.name_variant"), 1.5 * p.error("people.name_typo"), 0.02)
    family, given = (
        written(book.families, buyers.family, rng, slips),
        written(book.given, buyers.given, rng, slips),
    )
    words, hostile, hosts = lists["pseudonym_words"], lists["hostile"], lists["mail_hosts"]
    dice = rng.random((buyers.count, 3))
    email = []
    for i in range(buyers.count):
        own = int(buyers.person[i])
        key = own if own >= 0 and dice[i, 0] < 0.65 else int(mix(np.array([i]), p.seed)[0] % 900_000)
        name = (book.families[int(buyers.family[i])].name, book.given[int(buyers.given[i])].name)
        if buyers.pseudonym[i]:
            family[i], given[i] = words[int(dice[i, 1] * len(words))], words[int(dice[i, 2] * len(words))]
            name = (given[i], words[key % len(words)]) if dice[i, 0] > 0.4 else name
        email.append(mail(*name, key, hosts[key % len(hosts)]))
    for k, i in enumerate(rng.choice(buyers.count, min(len(hostile), buyers.count), replace=False).tolist()):
        family[i] = hostile[k][:32]
    phone = national(buyers.number, rng.integers(0, 5, buyers.count))
    gifts = written(book.given, rng.integers(0, len(book.given), orders.count), rng, slips)
    others = written(book.families, rng.integers(0, len(book.families), orders.count), rng, slips)
    receiver = [
        (others[n], gifts[n]) if orders.gift[n] else (family[b], given[b])
        for n, b in enumerate(orders.buyer.tolist())
    ]
    return Sales(p, buyers, orders, addresses, family, given, email, phone, receiver)


def write_dump(sales: Sales, path: Path) -> int:
    """Write the dump; returns how many orders it holds."""
    rows = {**_fixed(), **_customers(sales), **_orders(sales), **_others(sales)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(HEADER)
        for table, columns in _tables().items():
            out.write(_table(table, columns, rows.get(table, [])))
        out.write("-- Dump completed on 2025-05-19 22:10:03\n")
    return sales.orders.count


def _table(table: str, columns: Mapping[str, str], rows: list[Row]) -> str:
    body = ",\n".join(f"  `{name}` {kind}" for name, kind in columns.items())
    key = f",\n  PRIMARY KEY (`{next(iter(columns))}`)" if table != "order_state_lang" else ""
    text = f"\nDROP TABLE IF EXISTS `ps_{table}`;\nCREATE TABLE `ps_{table}` (\n{body}{key}\n)"
    text += " ENGINE=InnoDB DEFAULT CHARSET=utf8;\n"
    parts = [text]
    for at in range(0, len(rows), 200):
        values = ",".join(
            "(" + ",".join(_literal(row.get(c)) for c in columns) + ")" for row in rows[at : at + 200]
        )
        parts.append(f"INSERT INTO `ps_{table}` VALUES {values};\n")
    return "".join(parts)


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return f"'{value.translate(_ESCAPES)}'"
    return str(value)


def _moments(times: Ints) -> list[str]:
    """Shop-local times as MySQL writes them."""
    return [
        t.replace("T", " ")
        for t in np.datetime_as_string((local(times) // 1_000_000).astype("datetime64[s]"))
    ]


def _fixed() -> dict[str, list[Row]]:
    states = ("En attente", "Paiement accepté", "En préparation", "Expédié", "Livré", "Annulé", "Remboursé")
    return {
        "country": [{"id_country": 8, "iso_code": "FR"}, {"id_country": 3, "iso_code": "BE"}],
        "currency": [{"id_currency": 1, "iso_code": "EUR"}],
        "order_state_lang": [
            {"id_order_state": k + 1, "id_lang": 1, "name": n} for k, n in enumerate(states)
        ],
        "carrier": [{"id_carrier": 1, "name": "Colissimo"}, {"id_carrier": 2, "name": "Mondial Relay"}],
        "shop": [{"id_shop": 1, "name": "Mini Mobile Boutique"}],
        "configuration": [
            {"id_configuration": 1, "name": "PS_VERSION_DB", "value": "1.6.1.24"},
            {"id_configuration": 2, "name": "PS_TIMEZONE", "value": "Europe/Paris"},
            {"id_configuration": 3, "name": "PS_SHOP_NAME", "value": "Mini Mobile Boutique"},
        ],
    }


def _customers(s: Sales) -> dict[str, list[Row]]:
    first = np.full(s.buyers.count, np.iinfo(np.int64).max)
    np.minimum.at(first, s.orders.buyer, s.orders.ordered)
    added = _moments(np.minimum(first, s.orders.ordered.max()) - 20 * MINUTE)
    told = mix(np.arange(s.buyers.count), 11) % 10 < 4
    customers = [
        {
            "id_customer": i + 1,
            "id_shop_group": 1,
            "id_shop": 1,
            "id_gender": 0,
            "firstname": s.given[i][:32],
            "lastname": s.family[i][:32],
            "email": s.email[i],
            "passwd": f"{int(mix(np.array([i]), 3)[0]):032x}"[-32:],
            "birthday": birthday(s.buyers.birth[i]) if told[i] and not s.buyers.guest[i] else "0000-00-00",
            "newsletter": 0,
            "note": None,
            "active": 1,
            "is_guest": int(s.buyers.guest[i]),
            "deleted": 0,
            "date_add": added[i],
            "date_upd": added[i],
        }
        for i in range(s.buyers.count)
    ]
    return {"customer": customers, "address": [_address(s, n, added) for n in range(s.orders.count)]}


def _address(s: Sales, n: int, added: list[str]) -> Row:
    """The delivery address of an order: an own row for each, as guests make them."""
    b = int(s.orders.buyer[n])
    street, house, town = int(s.buyers.street[b]), int(s.buyers.house[b]), int(s.buyers.town[b])
    if s.orders.gift[n]:
        street, house = street * 3 + 1, house // 2 + 1
    die = int(mix(np.array([n]), s.p.seed + 8)[0])
    line = s.addresses.short(street, house) if die % 5 == 0 else s.addresses.street(street, house)
    return {
        "id_address": n + 1,
        "id_country": 8,
        "id_customer": b + 1,
        "alias": "Mon adresse",
        "company": None,
        "lastname": s.receiver[n][0][:32],
        "firstname": s.receiver[n][1][:32],
        "address1": line.upper() if die % 7 == 0 else line,
        "address2": ("", "Bât. B", "chez Mme Petit", "Apt 12")[die // 8 % 4] if die % 6 == 0 else "",
        "postcode": s.addresses.postcodes[town],
        "city": s.addresses.towns[town],
        "other": "",
        "phone": "",
        "phone_mobile": s.phone[b] if die % 11 else "",
        "date_add": added[b],
        "date_upd": added[b],
        "active": 1,
        "deleted": int(die % 13 == 0),
    }


def _orders(s: Sales) -> dict[str, list[Row]]:
    placed, sent = _moments(s.orders.ordered), _moments(s.orders.ordered + DAY)
    names = references(s.orders.count, s.p.seed)
    model = models()
    tables: dict[str, list[Row]] = {
        t: [] for t in ("orders", "order_detail", "order_payment", "order_carrier", "mr_selected", "cart")
    }
    for n in range(s.orders.count):
        key, b = int(s.orders.identity[n]), int(s.orders.buyer[n])
        sold = int(carton_model(s.orders.first_unit[n : n + 1], BOX)[0])
        units, price = int(s.orders.units[n]), PRICES[sold % len(PRICES)]
        total = round(units * price + 4.5, 2)
        card = key % 3 != 0
        common = {"date_add": placed[n], "date_upd": placed[n]}
        tables["orders"].append(
            {
                "id_order": key,
                "reference": names[n],
                "id_shop_group": 1,
                "id_shop": 1,
                "id_carrier": 2 if s.orders.relay[n] >= 0 else 1,
                "id_lang": 1,
                "id_customer": b + 1,
                "id_cart": key + 40,
                "id_currency": 1,
                "id_address_delivery": n + 1,
                "id_address_invoice": n + 1,
                "current_state": 5,
                "payment": "Carte bancaire" if card else "Virement bancaire",
                "module": "stripe" if card else "bankwire",
                "gift": int(s.orders.gift[n]),
                "gift_message": "",
                "total_paid": total,
                "total_paid_tax_incl": total,
                "total_shipping": 4.5,
                "valid": 1,
                **common,
            }
        )
        tables["order_detail"].append(
            {
                "id_order_detail": n + 1,
                "id_order": key,
                "id_shop": 1,
                "product_id": sold + 10,
                "product_name": f"{model.name[sold]} - mini téléphone",
                "product_quantity": units,
                "product_price": price,
                "product_reference": f"MINI-{sold:02d}",
                "total_price_tax_incl": round(units * price, 2),
                "unit_price_tax_incl": price,
            }
        )
        holder = f"{s.given[b]} {s.family[b]}"[:60] if not s.buyers.pseudonym[b] else _true_name(s, b)
        tables["order_payment"].append(
            {
                "id_order_payment": n + 1,
                "order_reference": names[n],
                "id_currency": 1,
                "amount": total,
                "payment_method": "Carte bancaire" if card else "Virement bancaire",
                "transaction_id": f"ch_{int(mix(np.array([key]), 4)[0]):x}" if card else "",
                "card_number": f"XXXX-XXXX-XXXX-{1000 + b * 37 % 9000}" if card else "",
                "card_brand": "Visa" if card else "",
                "card_expiration": "",
                "card_holder": holder if card and key % 2 else "",
                "date_add": placed[n],
            }
        )
        tables["order_carrier"].append(
            {
                "id_order_carrier": n + 1,
                "id_order": key,
                "id_carrier": 2 if s.orders.relay[n] >= 0 else 1,
                "tracking_number": f"8R{int(mix(np.array([key]), 6)[0]) % 10**11:011d}",
                "date_add": sent[n],
            }
        )
        tables["cart"].append({"id_cart": key + 40, "id_customer": b + 1, "id_guest": n + 1, **common})
        if s.orders.relay[n] >= 0:
            tables["mr_selected"].append(_relay(s, n, key, placed[n]))
    return tables


def _true_name(s: Sales, buyer: int) -> str:
    book = lexicon()
    return f"{book.given[int(s.buyers.given[buyer])].name} {book.families[int(s.buyers.family[buyer])].name}"


def _relay(s: Sales, n: int, key: int, placed: str) -> Row:
    relay = int(s.orders.relay[n])
    name, street, postcode, town = s.addresses.relay(relay)
    return {
        "id_mr_selected": n + 1,
        "id_customer": int(s.orders.buyer[n]) + 1,
        "id_method": 1,
        "id_cart": key + 40,
        "id_order": key,
        "MR_Selected_Num": f"{relay % 1_000_000:06d}",
        "MR_Selected_LgAdr1": name[:36],
        "MR_Selected_LgAdr2": "",
        "MR_Selected_LgAdr3": street[:36],
        "MR_Selected_LgAdr4": "",
        "MR_Selected_CP": postcode,
        "MR_Selected_Ville": town[:32],
        "MR_Selected_Pays": "FR",
        "date_add": placed,
    }


def _others(s: Sales) -> dict[str, list[Row]]:
    """Messages, and the browser's visits with the address that it claimed."""
    rng = stream(s.p.seed, "messages")
    threads: list[Row] = []
    messages: list[Row] = []
    guests: list[Row] = []
    connections: list[Row] = []
    hostile = document()["hostile"]
    visited = _moments(s.orders.ordered - rng.integers(3, 90, s.orders.count) * MINUTE)
    wrote = _moments(s.orders.ordered + rng.integers(2, 60, s.orders.count) * HOUR)
    for n in range(s.orders.count):
        b, key = int(s.orders.buyer[n]), int(s.orders.identity[n])
        address = (
            (192 << 24 | 0 << 16 | 2 << 8, 198 << 24 | 51 << 16 | 100 << 8, 203 << 24 | 0 << 16 | 113 << 8)[
                b % 3
            ]
            + b // 3 % 254
            + 1
        )
        guests.append(
            {"id_guest": n + 1, "id_customer": 0 if s.buyers.guest[b] else b + 1, "accept_language": "fr"}
        )
        connections.append(
            {
                "id_connections": n + 1,
                "id_guest": n + 1,
                "ip_address": 0 if n % 9 == 0 else address,
                "date_add": visited[n],
                "http_referer": "https://www.example.test/forum",
            }
        )
        if rng.random() < 0.18 or n < len(hostile):
            at = len(threads) + 1
            text = hostile[n] if n < len(hostile) else MESSAGES[n % len(MESSAGES)]
            threads.append(
                {
                    "id_customer_thread": at,
                    "id_shop": 1,
                    "id_customer": b + 1,
                    "id_order": key,
                    "email": s.email[b],
                    "date_add": wrote[n],
                    "date_upd": wrote[n],
                }
            )
            messages.append(
                {
                    "id_customer_message": at,
                    "id_customer_thread": at,
                    "id_employee": 0,
                    "message": text,
                    "ip_address": str(IPv4Address(address)),
                    "date_add": wrote[n],
                    "date_upd": wrote[n],
                    "private": 0,
                }
            )
    return {
        "customer_thread": threads,
        "customer_message": messages,
        "guest": guests,
        "connections": connections,
    }
