"""Shopify, Stripe, PayPal and carriers: headers are the vendors', rows are constructed."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError, ParloirError
from parloir.identifiers import imei
from parloir.readers import by_format, recognise
from parloir.readers.exports import cents
from tests.readers.accounting import MemoryMember, account, values
from tests.readers.shop_dumps import DATA

HANDSET = 35209900176148
IMEI = f"{HANDSET:014d}{imei.luhn_digit(HANDSET)}"
with (DATA / "export_headers.csv").open(encoding="utf-8", newline="") as _file:
    HEADERS = {name: columns for name, *columns in csv.reader(_file)}


def table(header: list[str], *rows: dict[str, Any], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


ADDRESS = {
    "Billing Name": "Zoé O'Déïmo",
    "Billing Address1": "1 rue A",
    "Billing Address2": "Bât B",
    "Billing City": "Paris",
}
ORDER = {
    "Name": "#1001",
    "Email": "Zoe@EXAMPLE.test",
    "Financial Status": "paid",
    "Paid at": "2025-07-01 10:00:05 +0200",
    "Fulfilled at": "2025-07-02 09:00:00 +0200",
    "Currency": "EUR",
    "Total": "84.80",
    "Shipping Method": "Point relais",
    "Created at": "2025-07-01 10:00:00 +0200",
    "Lineitem quantity": "2",
    "Lineitem name": f"L8STAR BM10 - IMEI {IMEI}",
    "Lineitem price": "39.90",
    "Lineitem sku": "L8",
    "Billing Zip": "'75011",
    "Billing Country": "FR",
    "Billing Phone": "'+33 6 39 98 12 34",
    "Shipping Name": "Tiers",
    "Shipping Address1": "Point relais 012345, 2 rue B",
    "Shipping Zip": "'1000",
    "Shipping Country": "BE",
    "Shipping Phone": "02 345 67 89",
    "Notes": 'Livrer discrètement,\n"urgent"; ici',
    "Payment Method": "Stripe",
    "Payment ID": "pi_1",
    "Phone": "01 99 00 12 34",
} | ADDRESS
MORE = {
    "Name": "#1001",
    "Email": "Zoe@EXAMPLE.test",
    "Lineitem quantity": "1",
    "Lineitem name": "Coque",
    "Lineitem price": "5.00",
}


def test_shopify_continues_the_order_above() -> None:
    octets = table(
        HEADERS["shopify"],
        ORDER,
        MORE,
        {**ORDER, "Name": "#1002"},
        MORE | {"Name": ""},
        MORE | {"Name": "#999"},
    )
    assert recognise(MemoryMember(octets)).format == "shopify"
    found = account(by_format("shopify"), octets)
    assert [r["order_id"] for r in found.rows["orders"]] == ["#1001", "#1002"]
    lines = [
        (r["order_id"], r["product"][:5], r["quantity"], r["source_row"])
        for r in sorted(found.rows["order_lines"], key=lambda r: r["source_row"])
    ]
    assert lines == [
        ("#1001", "L8STA", 2, 1),
        ("#1001", "Coque", 1, 2),
        ("#1002", "L8STA", 2, 3),
        ("#1002", "Coque", 1, 4),
    ]
    assert [(d["source_row"], d["reason"]) for d in found.of("warning")] == [(5, "continues no order")]


def test_shopify_order() -> None:
    found = account(by_format("shopify"), table(HEADERS["shopify"], ORDER))
    assert values(found.one("orders")) == {
        "order_id": "#1001",
        "reference": "#1001",
        "ordered_us": 1751356800000000,
        "ordered_offset_min": 120,
        "delivery": "delivery:#1001",
        "invoice": "invoice:#1001",
        "status": "paid",
        "payment_method": "Stripe",
        "total_cents": 8480,
        "currency": "EUR",
        "transaction_id": "pi_1",
        "note": 'Livrer discrètement,\n"urgent"; ici',
    }
    invoice, delivery = (values(r) for r in found.rows["persons"])
    assert invoice["numbers"] == [33639981234, 33199001234]
    assert (invoice["email"], invoice["postcode"], invoice["address"]) == (
        "zoe@example.test",
        "75011",
        "1 rue A, Bât B",
    )
    assert (delivery["numbers"], delivery["country"]) == ([3223456789], "BE")
    line = found.one("order_lines")
    assert (line["model"], line["imei14"], line["unit_price_cents"]) == ("l8star-bm10", HANDSET, 3990)
    assert found.one("payments")["paid_us"] == 1751356805000000
    assert found.one("shipments")["shipped_us"] == 1751439600000000


CHARGE = {
    "id": "ch_1",
    "Created (UTC)": "2025-07-01 08:00",
    "Amount": "84.80",
    "Currency": "eur",
    "Status": "Paid",
    "Customer Email": "zoe@example.test",
    "Card Last4": "42",
    "Card Brand": "Visa",
    "Card Exp Month": "12",
    "Card Exp Year": "2029",
    "Card Name": "ZOE ODEIMO",
    "Card Address Zip": "75011",
    "Card Fingerprint": "Xt5EWLLDS7FJjR1c",
    "PaymentIntent ID": "pi_1",
    "order_id (metadata)": "1001",
}


def test_stripe_keeps_no_more_of_a_card_than_it_may() -> None:
    octets = table(HEADERS["stripe"], CHARGE, CHARGE | {"id": "ch_2", "Card Last4": "4111111111111111"})
    broken = octets + b"ch_3,4111111111111111" + b",12" * 60 + b"\r\n"
    assert recognise(MemoryMember(octets)).format == "stripe"
    found = account(by_format("stripe"), broken)
    assert values(found.rows["payments"][0]) == {
        "order_id": "1001",
        "method": "Stripe",
        "amount_cents": 8480,
        "currency": "EUR",
        "transaction_id": "ch_1",
        "payment_intent": "pi_1",
        "card_last4": "0042",
        "card_brand": "Visa",
        "card_fingerprint": "Xt5EWLLDS7FJjR1c",
        "payer_name": "ZOE ODEIMO",
        "payer_email": "zoe@example.test",
        "status": "Paid",
        "paid_us": 1751356800000000,
        "paid_offset_min": 0,
    }
    assert found.rows["payments"][1]["card_last4"] is None
    everything = repr((found.rows, found.doubts))
    assert "4111111111111111" not in everything
    assert "2029" not in everything
    assert len(found.of("warning")) == 1
    assert {r["role"] for r in found.rows["persons"]} == {"payer"}


def test_payments_are_found_by_the_orders_transaction() -> None:
    order = account(by_format("shopify"), table(HEADERS["shopify"], ORDER)).one("orders")
    payment = account(by_format("stripe"), table(HEADERS["stripe"], CHARGE)).one("payments")
    assert order["transaction_id"] in (payment["transaction_id"], payment["payment_intent"])


PAID = {
    "Date": "07/13/2025",
    "Time": "10:00:00",
    "TimeZone": "PDT",
    "Name": "Zoé Démo",
    "Type": "Express Checkout Payment",
    "Status": "Completed",
    "Currency": "EUR",
    "Gross": "1,084.80",
    "From Email Address": "zoe@example.test",
    "Transaction ID": "3LW066840A4238521",
    "Invoice Number": "AAA",
    "Address Line 1": "1 rue A",
    "Zip/Postal Code": "75011",
    "Country Code": "FR",
    "Contact Phone Number": "0199001234",
    "Balance Impact": "Credit",
}


def test_paypal() -> None:
    refund = PAID | {
        "Gross": "-39.90",
        "Balance Impact": "Debit",
        "Transaction ID": "X",
        "TimeZone": "Mars/Phobos",
    }
    octets = table(HEADERS["paypal"], PAID, refund)
    assert recognise(MemoryMember(octets)).format == "paypal"
    found = account(by_format("paypal"), octets)
    paid, back = (values(r) for r in found.rows["payments"])
    assert (paid["amount_cents"], paid["transaction_id"], paid["reference"]) == (
        108480,
        "3LW066840A4238521",
        "AAA",
    )
    # Ten in the morning in California is five in the afternoon, UTC.
    assert (paid["paid_us"], paid["paid_offset_min"]) == (1752426000000000, -420)
    assert (back["amount_cents"], back.get("payer_email")) == (-3990, None)
    payer = values(found.one("persons"))
    assert (payer["record"], payer["numbers"], payer["country"]) == (
        "payer:3LW066840A4238521",
        [33199001234],
        "FR",
    )
    assert [d["reason"] for d in found.of("remark")] == ["is no time zone that is known"]


def test_paypal_in_french() -> None:
    row = dict(
        zip(
            HEADERS["paypal_fr"],
            ["03/07/2025", "10:00:00", "CEST", "Zoé", "Paiement", "Terminé", "EUR", "1 084,80"],
            strict=False,
        )
    )
    row |= {
        "De l'adresse email": "zoe@example.test",
        "Numéro de transaction": "T1",
        "Impact sur le solde": "Crédit",
    }
    found = account(by_format("paypal"), b"\xef\xbb\xbf" + table(HEADERS["paypal_fr"], row, delimiter=";"))
    paid = values(found.one("payments"))
    assert (paid["amount_cents"], paid["paid_us"], paid["paid_offset_min"]) == (108480, 1751529600000000, 120)


def test_carriers_in_french_and_english() -> None:
    french = (
        "Numéro de colis;Code relais;Nom relais;Code postal relais;Remis à;Date de remise;Heure de remise\n"
    )
    french += "6A00000000001;012345;Tabac démo;75011;M. Tiers;02/07/2025;11:30\n"
    english = "Parcel number,Pickup point,Handed over to,Handed over at\n"
    english += "6A00000000001,012345,Mr Tiers,2025-07-02 11:30\n"
    for text in (french, english):
        assert recognise(MemoryMember(text.encode())).format == "carriers"
        parcel = values(account(by_format("carriers"), text.encode()).one("shipments"))
        assert (parcel["tracking_number"], parcel["relay"]) == ("6A00000000001", "012345")
        assert parcel["recipient"].endswith("Tiers")
        assert parcel["delivered_us"] == 1751448600000000


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("84.80", 8480),
        ("84,8", 8480),
        ("1,084.80", 108480),
        ("1.084,80", 108480),
        ("1 084,80 €", 108480),
        ("1,084", 108400),
        ("1.084.000", 108400000),
        ("-7.75", -775),
        ("−7,75", -775),
        ("84.800000", 8480),
        ("5", 500),
        ("", None),
        ("1.2.3", None),
        ("abc", None),
    ],
)
def test_amounts(text: str, amount: int | None) -> None:
    assert cents(text) == amount


FORMATS = ["shopify", "stripe", "paypal", "carriers"]


@pytest.mark.parametrize("name", FORMATS)
def test_without_its_header_a_file_is_refused(name: str) -> None:
    with pytest.raises(DamagedFileError, match="header"):
        account(by_format(name), b"a,b\n1,2\n")


@settings(max_examples=150)
@given(st.sampled_from(FORMATS), st.binary(max_size=300))
def test_any_octets(name: str, octets: bytes) -> None:
    reader = by_format(name)
    reader.recognise(MemoryMember(octets))
    for text in (octets, ",".join(HEADERS[name]).encode() + b"\n" + octets):
        try:
            account(reader, text)
        except ParloirError as error:
            assert str(error).endswith(".")


@settings(max_examples=150)
@given(st.sampled_from(FORMATS), st.lists(st.lists(st.text(max_size=12), max_size=60), max_size=4))
def test_any_fields(name: str, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADERS[name], *rows])
    try:
        account(by_format(name), text.getvalue().encode("utf-8", "replace"))
    except ParloirError as error:
        assert str(error).endswith(".")
