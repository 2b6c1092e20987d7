"""Stripe: the payments CSV of the dashboard (docs.stripe.com, "Export payments").

Of a card its last four digits, brand and Stripe's fingerprint are kept, which is the same for every payment
with that card and no secret. Expiry dates are dropped; the text of a row that cannot be read is not kept for
their sake.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parloir.readers.exports import Export, ExportReader, Keep, Line
from parloir.readers.reader import Options
from parloir.vault.member import Member

_CREATED = ("Created date (UTC)", "Created (UTC)", "Created")
_EXPORT = Export(
    "stripe",
    "Stripe payments export",
    (("id",), ("Amount",), ("Status",), _CREATED, ("Card Fingerprint", "Card Last4", "PaymentIntent ID")),
    withhold=True,
)
_ORDER = ("order_id (metadata)", "order id (metadata)", "id_order (metadata)")
_REFERENCE = (
    "order_reference (metadata)",
    "reference (metadata)",
    "order_number (metadata)",
    "order (metadata)",
)


class Stripe(ExportReader):
    """Reads payments exports."""

    format = "stripe"
    title = "Stripe payments (CSV)"
    tables = ("payments", "persons")
    export = _EXPORT

    def keeper(self, member: Member, options: Options) -> Keep:  # noqa: ARG002 - as all exports have it
        """A payment and its persons a row."""

        def keep(line: Line) -> None:
            line.batches.row("payments", line.number, _payment(line, options))
            for person in _persons(line, options):
                line.batches.row("persons", line.number, person, primary=False)

        return keep


def _payment(line: Line, options: Options) -> dict[str, Any]:
    created = next((name for name in _CREATED if line.text(name)), _CREATED[0])
    at = line.moment(created, options, "UTC")
    last4 = line.text("Card Last4") or ""
    return {
        "order_id": line.text(*_ORDER),
        "reference": line.text(*_REFERENCE),
        "method": line.text("Payment Source Type", "Card Funding") or "Stripe",
        "amount_cents": line.cents("Amount"),
        "currency": (line.text("Currency") or "").upper() or None,
        "transaction_id": line.text("id"),
        "payment_intent": line.text("PaymentIntent ID"),
        # A spreadsheet drops the noughts in front.
        "card_last4": last4.zfill(4) if last4.isdecimal() and len(last4) <= 4 else None,
        "card_brand": line.text("Card Brand"),
        "card_fingerprint": line.text("Card Fingerprint"),
        "payer_name": line.text("Card Name"),
        "payer_email": line.email("Customer Email"),
        "status": line.text("Status"),
        "paid_us": at and at.us,
        "paid_offset_min": at and at.offset_min,
    }


def _persons(line: Line, options: Options) -> Iterator[dict[str, Any]]:
    """The payer, and who the goods go to, where the row tells."""
    payer = _person(line, "Card Address", "Card Name")
    if payer or line.text("Customer Email"):
        mail = {"email": line.email("Customer Email"), "email_raw": line.text("Customer Email")}
        yield {**payer, "record": f"payer:{line.text('id')}", "role": "payer", **mail}
    recipient = _person(line, "Shipping Address", "Shipping Name")
    if recipient:
        numbers, raw = line.numbers(recipient["country"] or options.country, "Shipping Phone")
        yield {
            **recipient,
            "record": f"delivery:{line.text('id')}",
            "role": "delivery",
            "owner": f"payer:{line.text('id')}" if payer or line.text("Customer Email") else None,
            "numbers": numbers,
            "numbers_raw": raw,
        }


def _person(line: Line, prefix: str, name: str) -> dict[str, Any]:
    streets = [line.text(f"{prefix} Line1"), line.text(f"{prefix} Line2")]
    told = {
        "family_name": line.text(name),
        "address": ", ".join(street for street in streets if street) or None,
        "postcode": line.text(f"{prefix} Zip", f"{prefix} Postal Code"),
        "city": line.text(f"{prefix} City"),
        "country": line.text(f"{prefix} Country"),
    }
    return told if any(told.values()) else {}


STRIPE = Stripe()
