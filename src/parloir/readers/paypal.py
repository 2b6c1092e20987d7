"""PayPal: the activity CSV (paypal.com, "Activity download"), with English or French headers.

Dates stand in the order of the account's language; the zone is told by name or abbreviation in each row. A
row of money going out (a refund, a transfer to the bank) is a payment of less than nothing, without a payer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from parloir.errors import InputError
from parloir.readers import delimited
from parloir.readers.exports import Export, ExportReader, Keep, Line
from parloir.readers.reader import Options
from parloir.readers.times import DateOrder, Moment, parse_moment, zone
from parloir.vault.member import Member

_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": ("Date",),
    "time": ("Time", "Heure"),
    "zone": ("TimeZone", "Time Zone", "Fuseau horaire"),
    "name": ("Name", "Nom"),
    "type": ("Type", "Description"),
    "status": ("Status", "État"),
    "currency": ("Currency", "Devise"),
    "gross": ("Gross", "Brut", "Avant commission"),
    "from": ("From Email Address", "De l'adresse email", "Adresse email de l'expéditeur"),
    "transaction": ("Transaction ID", "Numéro de transaction"),
    "invoice": ("Invoice Number", "Numéro de facture", "N° de facture"),
    "custom": ("Custom Number", "Numéro client"),
    "street": ("Address Line 1", "Adresse 1", "Adresse ligne 1"),
    "more": ("Address Line 2/District/Neighborhood", "Adresse 2/district/quartier", "Adresse ligne 2"),
    "city": ("Town/City", "Ville"),
    "postcode": ("Zip/Postal Code", "Code postal"),
    "country": ("Country Code", "Indicatif pays", "Country", "Pays"),
    "phone": ("Contact Phone Number", "Numéro de téléphone de contact", "Numéro de téléphone"),
    "impact": ("Balance Impact", "Impact sur le solde"),
}
_EXPORT = Export(
    "paypal",
    "PayPal activity",
    tuple(_NAMES[name] for name in ("date", "time", "name", "status", "currency", "gross", "transaction")),
)
_MINUTES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
"""Abbreviations that PayPal writes, as minutes from UTC."""
_OUT = re.compile(r"d[eé]bit", re.I)


class PayPal(ExportReader):
    """Reads activity downloads."""

    format = "paypal"
    title = "PayPal activity (CSV)"
    tables = ("payments", "persons")
    export = _EXPORT

    def keeper(self, member: Member, options: Options) -> Keep:
        """A payment a row, and its payer where money came in."""
        order = _date_order(member)

        def keep(line: Line) -> None:
            amount = line.cents(*_NAMES["gross"])
            incoming = not _OUT.search(line.text(*_NAMES["impact"]) or "") and (amount or 0) >= 0
            payment = _payment(line, amount, incoming, _at(line, options, order))
            line.batches.row("payments", line.number, payment)
            if incoming and line.text(*_NAMES["name"], *_NAMES["from"]):
                line.batches.row("persons", line.number, _payer(line, options), primary=False)

        return keep


def _payment(line: Line, amount: int | None, incoming: bool, at: Moment | None) -> dict[str, Any]:
    return {
        "reference": line.text(*_NAMES["invoice"], *_NAMES["custom"]),
        "method": f"PayPal: {line.text(*_NAMES['type']) or ''}".rstrip(": "),
        "amount_cents": amount,
        "currency": line.text(*_NAMES["currency"]),
        "transaction_id": line.text(*_NAMES["transaction"]),
        "payer_name": line.text(*_NAMES["name"]) if incoming else None,
        "payer_email": line.email(*_NAMES["from"]) if incoming else None,
        "status": line.text(*_NAMES["status"]),
        "paid_us": at and at.us,
        "paid_offset_min": at and at.offset_min,
    }


def _payer(line: Line, options: Options) -> dict[str, Any]:
    country = line.text(*_NAMES["country"])
    numbers, raw = line.numbers(country or options.country, *_NAMES["phone"])
    streets = [line.text(*_NAMES["street"]), line.text(*_NAMES["more"])]
    return {
        "record": f"payer:{line.text(*_NAMES['transaction'])}",
        "role": "payer",
        # One field for the whole name: it is not guessed which part is the family's.
        "family_name": line.text(*_NAMES["name"]),
        "numbers": numbers,
        "numbers_raw": raw,
        "email": line.email(*_NAMES["from"]),
        "email_raw": line.text(*_NAMES["from"]),
        "address": ", ".join(street for street in streets if street) or None,
        "postcode": line.text(*_NAMES["postcode"]),
        "city": line.text(*_NAMES["city"]),
        "country": country,
    }


def _at(line: Line, options: Options, order: DateOrder) -> Moment | None:
    """Date and time of day, in the zone that the row names."""
    text = f"{line.text(*_NAMES['date']) or ''} {line.text(*_NAMES['time']) or ''}".strip()
    if not text:
        return None
    named = line.text(*_NAMES["zone"]) or ""
    if named.upper() in _MINUTES:
        at, minutes = parse_moment(text, zone("UTC"), order), _MINUTES[named.upper()]
        found = Moment(at.us - minutes * 60_000_000, minutes) if at else None
    else:
        found = _local(line, text, named, options, order)
    if found is None:
        line.remark("Date", "is no date and time", text)
    return found


def _local(line: Line, text: str, named: str, options: Options, order: DateOrder) -> Moment | None:
    try:
        return parse_moment(text, zone(named or options.timezone), order)
    except InputError:
        line.remark("TimeZone", "is no time zone that is known", named)
        return parse_moment(text, zone(options.timezone), order)


def _date_order(member: Member) -> DateOrder:
    """English headers go with month, day, year, unless the first rows show a month above twelve."""
    rows = delimited.opening(member)
    dates = [re.match(r"([0-9]{1,2})/([0-9]{1,2})/", row[0]) for row in rows if row]
    pairs = [(int(match[1]), int(match[2])) for match in dates if match]
    if any(first > 12 for first, _ in pairs):
        return "dmy"
    if any(second > 12 for _, second in pairs):
        return "mdy"
    return "mdy" if any("Transaction ID" in row for row in rows) else "dmy"


PAYPAL = PayPal()
