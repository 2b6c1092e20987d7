"""The seized shop's database as its dump: PrestaShop 1.6 tables, hostile strings and all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import numpy as np

from parloir.simulation.addresses import birthday
from parloir.simulation.names import document
from parloir.simulation.sale_rows import Row, order_rows
from parloir.simulation.sales import Sales, moments
from parloir.simulation.streams import mix, stream
from parloir.simulation.times import HOUR, MINUTE

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

MESSAGES = (
    "Bonjour, quand est-ce que le colis part ?",
    "Merci de ne rien écrire sur le colis",
    "c'est bien le plus petit modèle ?",
    "Livraison en point relais svp",
    "il passe le portique ?",
    "Je n'ai rien reçu !",
    "Facture svp",
)


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("parloir.simulation") / "prestashop.toml").read_text(encoding="utf-8"))


def write_dump(sales: Sales, path: Path) -> int:
    """Write the dump; returns how many orders it holds."""
    rows = {**_fixed(), **_customers(sales), **order_rows(sales), **_others(sales)}
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
    added = moments(np.minimum(first, s.orders.ordered.max(initial=0)) - 20 * MINUTE)
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
    return {"customer": customers, "address": [_home(s, n, added) for n in range(s.orders.count)]}


def _home(s: Sales, n: int, added: list[str]) -> Row:
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
        "phone_mobile": s.phone[b],
        "date_add": added[b],
        "date_upd": added[b],
        "active": 1,
        "deleted": int(die % 13 == 0),
    }


def _others(s: Sales) -> dict[str, list[Row]]:
    """Messages, and the browser's visits with the address that it claimed; 0 where the browser used IPv6."""
    rng = stream(s.p.seed, "messages")
    visited = moments(s.orders.ordered - rng.integers(3, 90, s.orders.count) * MINUTE)
    wrote = moments(s.orders.ordered + rng.integers(2, 60, s.orders.count) * HOUR)
    hostile = document()["hostile"]
    says = np.flatnonzero((rng.random(s.orders.count) < 0.18) | (np.arange(s.orders.count) < len(hostile)))
    texts = [hostile[n] if n < len(hostile) else MESSAGES[n % len(MESSAGES)] for n in says.tolist()]
    talks = list(zip(range(1, says.size + 1), says.tolist(), texts, strict=True))
    return {
        "customer_thread": [_thread(s, at, n, wrote[n]) for at, n, _ in talks],
        "customer_message": [_message(s, at, (n, text), wrote[n]) for at, n, text in talks],
        "guest": [_guest(s, n) for n in range(s.orders.count)],
        "connections": [_connection(s, n, visited[n]) for n in range(s.orders.count)],
    }


def _thread(s: Sales, at: int, order: int, when: str) -> Row:
    buyer = int(s.orders.buyer[order])
    return {
        "id_customer_thread": at,
        "id_shop": 1,
        "id_customer": buyer + 1,
        "id_order": int(s.orders.identity[order]),
        "email": s.email[buyer],
        "date_add": when,
        "date_upd": when,
    }


def _message(s: Sales, at: int, said: tuple[int, str], when: str) -> Row:
    order, text = said
    return {
        "id_customer_message": at,
        "id_customer_thread": at,
        "id_employee": 0,
        "message": text,
        "ip_address": str(_address_of(int(s.orders.buyer[order]))),
        "date_add": when,
        "date_upd": when,
        "private": 0,
    }


def _guest(s: Sales, order: int) -> Row:
    buyer = int(s.orders.buyer[order])
    customer = 0 if s.buyers.guest[buyer] else buyer + 1
    return {"id_guest": order + 1, "id_customer": customer, "accept_language": "fr"}


def _connection(s: Sales, order: int, when: str) -> Row:
    return {
        "id_connections": order + 1,
        "id_guest": order + 1,
        "ip_address": 0 if order % 9 == 0 else int(_address_of(int(s.orders.buyer[order]))),
        "date_add": when,
        "http_referer": "https://www.example.test/forum",
    }


def _address_of(buyer: int) -> IPv4Address:
    """The customer's address, of the three ranges for documentation (RFC 5737)."""
    return IPv4Address(("192.0.2.0", "198.51.100.0", "203.0.113.0")[buyer % 3]) + buyer // 3 % 254 + 1
