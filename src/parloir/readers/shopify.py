"""Shopify: the orders CSV of the admin (help.shopify.com, "Exporting orders to a CSV file").

An order of several articles takes several rows: the first bears everything, those that follow only the
order's name, its e-mail and the article. The first is an order, the others are articles of the order above.
"""

from __future__ import annotations

from typing import Any

from parloir.catalogue import match_model
from parloir.readers.amounts import parse_whole
from parloir.readers.exports import Export, ExportReader, Keep, Line
from parloir.readers.goods import imei_in
from parloir.readers.reader import Options
from parloir.readers.times import Moment
from parloir.vault.member import Member

_EXPORT = Export(
    "shopify",
    "Shopify orders export",
    (
        ("Name",),
        ("Email",),
        ("Financial Status",),
        ("Created at",),
        ("Lineitem name",),
        ("Lineitem quantity",),
    ),
)


class Shopify(ExportReader):
    """Reads orders exports."""

    format = "shopify"
    title = "Shopify orders (CSV)"
    tables = ("orders", "persons", "order_lines", "payments", "shipments")
    export = _EXPORT

    def keeper(self, member: Member, options: Options) -> Keep:  # noqa: ARG002 - as all exports have it
        """An order, or an article of the order above."""
        order = ""

        def keep(line: Line) -> None:
            nonlocal order
            if line.text("Created at"):
                order = line.text("Name", "Id") or ""
                _order(line, order, options)
            elif order and line.text("Name") in (order, None) and line.text("Lineitem name"):
                line.batches.row("order_lines", line.number, _article(line, order))
            else:
                line.batches.doubt("warning", line.number, "continues no order", raw=line.raw)

        return keep


def _order(line: Line, order: str, options: Options) -> None:
    """The first row of an order: the order itself and what else it tells."""
    keep, number = line.batches.row, line.number
    addresses = {role: _address(line, kind, role, order, options) for role, kind in _ADDRESSES.items()}
    if addresses["delivery"]:
        # The goods may go to somebody else; who ordered is told by the invoice.
        addresses["delivery"]["owner"] = addresses["invoice"].get("record")
    for address in addresses.values():
        if address:
            keep("persons", number, address, primary=False)
    placed, paid = line.moment("Created at", options), line.moment("Paid at", options)
    transaction = line.text("Payment ID", "Payment Reference", "Payment References")
    total, currency = line.cents("Total"), line.text("Currency")
    notes = [text for text in (line.text("Notes"), line.text("Note Attributes")) if text]
    keep(
        "orders",
        number,
        {
            "order_id": order,
            "reference": order,
            "ordered_us": placed and placed.us,
            "ordered_offset_min": placed and placed.offset_min,
            "delivery": addresses["delivery"].get("record"),
            "invoice": addresses["invoice"].get("record"),
            "status": line.text("Financial Status"),
            "payment_method": line.text("Payment Method"),
            "total_cents": total,
            "currency": currency,
            "transaction_id": transaction,
            "note": "\n".join(notes) or None,
        },
    )
    if line.text("Lineitem name"):
        keep("order_lines", number, _article(line, order), primary=False)
    if paid or transaction:
        keep("payments", number, _payment(line, order, transaction, paid), primary=False)
    if line.text("Shipping Method"):
        sent = line.moment("Fulfilled at", options)
        told = {"order_id": order, "carrier": line.text("Shipping Method"), "shipped_us": sent and sent.us}
        keep("shipments", number, told, primary=False)


def _payment(line: Line, order: str, transaction: str | None, paid: Moment | None) -> dict[str, Any]:
    return {
        "order_id": order,
        "method": line.text("Payment Method"),
        "amount_cents": line.cents("Total"),
        "currency": line.text("Currency"),
        "transaction_id": transaction,
        "payer_email": line.email("Email"),
        "status": line.text("Financial Status"),
        "paid_us": paid and paid.us,
        "paid_offset_min": paid and paid.offset_min,
    }


def _article(line: Line, order: str) -> dict[str, Any]:
    name, reference = line.text("Lineitem name") or "", line.text("Lineitem sku") or ""
    model = match_model(name) or match_model(reference)
    return {
        "order_id": order,
        "product": name or None,
        "product_reference": reference or None,
        "model": model.key if model else None,
        "quantity": parse_whole(line.text("Lineitem quantity") or ""),
        "unit_price_cents": line.cents("Lineitem price"),
        "imei14": imei_in(f"{name} {reference}"),
    }


def _address(line: Line, kind: str, role: str, order: str, options: Options) -> dict[str, Any]:
    """The billing or shipping address, or nothing. The order's own e-mail and number go with the former."""
    if not any(line.text(f"{kind} {name}") for name in ("Name", "Address1", "Street", "City", "Zip")):
        return {}
    country = line.text(f"{kind} Country")
    phones = (f"{kind} Phone", "Phone") if role == "invoice" else (f"{kind} Phone",)
    numbers, raw = line.numbers(country or options.country, *phones)
    streets = [line.text(f"{kind} Address1", f"{kind} Street"), line.text(f"{kind} Address2")]
    return {
        "record": f"{role}:{order}",
        "role": role,
        # One field for the whole name: it is not guessed which part is the family's.
        "family_name": line.text(f"{kind} Name"),
        "company": line.text(f"{kind} Company"),
        "numbers": numbers,
        "numbers_raw": raw,
        "email": line.email("Email") if role == "invoice" else None,
        "email_raw": line.text("Email") if role == "invoice" else None,
        "address": ", ".join(street for street in streets if street) or None,
        "postcode": (line.text(f"{kind} Zip") or "").lstrip("'") or None,
        "city": line.text(f"{kind} City"),
        "country": country,
    }


_ADDRESSES = {"invoice": "Billing", "delivery": "Shipping"}
SHOPIFY = Shopify()
