from __future__ import annotations

import gzip
import html
import json
import random
import re
from functools import cache
from typing import Any

import phpserialize
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import ParloirError
from parloir.identifiers import imei
from parloir.readers import recognise
from parloir.readers.php import unpacked
from parloir.readers.woocommerce import WOOCOMMERCE
from parloir.readers.woocommerce.parcels import parcels
from tests.readers.accounting import Account, MemoryMember, account, values
from tests.readers.shop_dumps import DATA, HPOS, LEGACY, SINGLE, sample, with_rows

HANDSET = 35209900176148
IMEI = f"{HANDSET:014d}{imei.luhn_digit(HANDSET)}"
NOTE = "Livrer discrètement, c'est \"urgent\"\nligne 2; INSERT INTO x VALUES (1,'a');"
EMAILS = ["camille.demo@example.test", "jn+shop@example.test", "zoe@example.test", "li@example.test"]
PHONES = {"06 12 34 56 78", "+33612345678", "0033 7 00 00 00 01", "0612345678", "0698765432"}
IPS = {"192.0.2.10", "2001:db8::5", "198.51.100.7"}
STREETS = {
    "1 rue de l'Église, Point relais 012345 « Tabac démo »",
    '12, av. "Foch"',
    "Lieu-dit Le Pré\nBât B, Casier Locker 42",
    "1 RUE DE L EGLISE",
    "3 allée Test",
    "99 rue du Dépôt",
    "99 rue du Dépôt, Casier Locker 42",
}
FAMILIES = {"O'Déïmo", "Test;--", "Démo 📱", "ODEIMO", "演示", "Destinataire"}


@cache
def told(name: str) -> Account:
    octets = (DATA / name).read_bytes()
    return account(WOOCOMMERCE, gzip.decompress(octets) if name.endswith(".gz") else octets)


@pytest.mark.parametrize("name", [HPOS, LEGACY, SINGLE])
def test_every_order_address_and_hostile_string(name: str) -> None:
    rows = told(name).rows
    assert [r["order_id"] for r in rows["orders"]] == [str(n) for n in range(13, 25)]
    assert {r["ip"] for r in rows["orders"]} == IPS
    assert sum(r["note"] == NOTE for r in rows["orders"]) == 4
    ordered = [r for r in rows["persons"] if r["role"] in ("invoice", "delivery")]
    assert len(ordered) == 24
    assert {r["address"] for r in ordered} == STREETS
    # All twelve checkouts were a guest's.
    assert {r["owner"] for r in ordered if r["role"] == "delivery"} == {f"invoice:{n}" for n in range(13, 25)}
    assert {r["owner"] for r in ordered if r["role"] == "invoice"} == {None}
    assert {r["family_name"] for r in ordered} == FAMILIES
    assert {raw for r in ordered for raw in r["numbers_raw"]} == PHONES
    mails = [r["email_raw"] for r in ordered if r["role"] == "invoice"]
    assert {mail.lower() for mail in mails} == set(EMAILS)
    assert mails.count("camille.demo@EXAMPLE.test") == 2
    assert {r["user_agent"] for r in rows["orders"]} >= {"Mozilla/5.0 (Windows NT 10.0) Firefox/128.0"}
    assert len(rows["order_lines"]) == 24
    assert {r["product"] for r in rows["order_lines"]} == {
        "Mini téléphone démo L8",
        "Mini téléphone démo Long-CZ",
        'Câble USB l\'original "court"',
    }
    assert len(rows["messages"]) == 37
    assert not told(name).doubts


@pytest.mark.parametrize("name", [HPOS, LEGACY])
def test_against_the_text_of_the_dump(name: str) -> None:
    """Orders, amounts and notes once more, taken from the raw text by patterns of their own."""
    text = sample(name)
    rows = told(name).rows
    if name == HPOS:
        raw = re.findall(r"^\((\d+),'wc-([a-z-]+)','EUR','shop_order',0\.0+,(\d+)\.(\d\d)0+,", text, re.M)
        amounts = {key: int(euros + cents) for key, _, euros, cents in raw}
    else:
        amounts = {
            key: int(euros + cents)
            for key, euros, cents in re.findall(r"(\d+),'_order_total','(\d+)\.(\d\d)'", text)
        }
    assert {r["order_id"]: r["total_cents"] for r in rows["orders"]} == amounts
    notes = re.search(r"INSERT INTO `wp_comments` VALUES\n(.*?);\n/\*", text, re.S)
    assert notes
    assert len(rows["messages"]) == notes[1].count(",'order_note',") + 1


def test_both_stores_tell_the_same_orders() -> None:
    def essence(name: str, table: str, leave: tuple[str, ...]) -> list[dict[str, Any]]:
        rows = [
            values(r) for r in told(name).rows[table] if r.get("role", "invoice") in ("invoice", "delivery")
        ]
        kept = [{k: v for k, v in r.items() if k not in leave} for r in rows]
        return sorted(kept, key=lambda r: str(r.get("record", r.get("order_id"))))

    for table, leave in (("orders", ("ordered_us", "shop")), ("order_lines", ()), ("persons", ())):
        hpos, legacy = essence(HPOS, table, leave), essence(LEGACY, table, leave)
        assert len(hpos) == len(legacy)
        for one, other in zip(hpos, legacy, strict=True):
            assert one == other


def test_times_are_utc() -> None:
    first = told(HPOS).rows["orders"][0]
    # 2026-11-21 19:26:08
    assert (first["ordered_us"], first["ordered_offset_min"]) == (1795289168000000, 0)


def test_passwords_and_keys_stay_outside() -> None:
    for name in (HPOS, LEGACY):
        everything = repr((told(name).rows, told(name).doubts))
        secrets = re.findall(r"\$wp\$2y\$10\$[^']+|wc_order_\w{13}|\$generic\$[^']+", sample(name))
        assert len(secrets) > 12
        assert not [secret for secret in secrets if secret in everything]


def test_accounts() -> None:
    rows = [values(r) for r in told(HPOS).rows["persons"] if r["role"] == "customer"]
    assert [(r["record"], r.get("owner"), r["email"]) for r in rows] == [
        ("customer:1", None, "admin@example.test"),
        ("customer:2", None, "camille.demo@example.test"),
        ("lookup:1", "customer:2", "camille.demo@example.test"),
    ]
    assert "administrator" in rows[0]["note"]


def test_an_order_in_both_stores_counts_once_and_one_in_the_other_is_found() -> None:
    synced = with_rows(
        HPOS,
        {
            "wp_posts": [
                {
                    "ID": n,
                    "post_type": "shop_order",
                    "post_status": "wc-completed",
                    "post_date_gmt": "2025-01-01 00:00:00",
                }
                | {"post_excerpt": f"of posts {n}", "post_parent": 0}
                for n in (13, 14, 900)
            ],
            "wp_postmeta": [
                {"meta_id": 1, "post_id": n, "meta_key": key, "meta_value": value}
                for n in (13, 900)
                for key, value in (("_billing_email", "old@example.test"), ("_order_total", "12.5"))
            ],
        },
    )
    found = account(WOOCOMMERCE, synced)
    orders = {r["order_id"]: r for r in found.rows["orders"]}
    assert len(found.rows["orders"]) == len(orders) == 13
    assert orders["13"]["note"] == NOTE
    assert (orders["900"]["note"], orders["900"]["total_cents"]) == ("of posts 900", 1250)
    assert [r["record"] for r in found.rows["persons"] if r["email"] == "old@example.test"] == ["invoice:900"]
    assert [d["source_table"] for d in found.of("remark")] == ["wp_posts"]


def test_empty_tables_do_not_make_a_store_live() -> None:
    moved = sample(LEGACY).replace(
        "'woocommerce_custom_orders_table_enabled','no'", "'woocommerce_custom_orders_table_enabled','yes'"
    )
    assert len(account(WOOCOMMERCE, moved.encode()).rows["orders"]) == 12


POINT = {
    "id": "R1",
    "name": "Tabac",
    "address": "1 rue A",
    "postcode": "75011",
    "city": "Paris",
    "country": "FR",
}
WMS = {"pickup_id": "012345", "pickup_name": "Bar", "pickup_address": "2 rue B", "pickup_zipcode": "75012"}


def php(value: Any) -> str:
    return phpserialize.dumps(value).decode()


@pytest.mark.parametrize(
    ("key", "value", "carrier", "relay"),
    [
        ("_shipping_method_chronorelais", php(POINT), "Chronopost", "R1"),
        ("_wms_mondial_relay_pickup_info", json.dumps(WMS), "Mondial Relay", "012345"),
        ("_wms_chronopost_pickup_info", php(WMS), "Chronopost", "012345"),
        ("_some_relay_point", php(json.dumps(POINT)), None, "R1"),
        ("_dpd_pickup", json.dumps(php([POINT])), "DPD", "R1"),
    ],
)
def test_relay_points_in_every_wrapping(key: str, value: str, carrier: str | None, relay: str) -> None:
    (found,) = parcels(key, value, {})
    assert (found["carrier"], found["relay"]) == (carrier, relay)
    assert found["relay_postcode"].startswith("7501")


@pytest.mark.parametrize(
    "value",
    ["", "{", "a:1:{", "a:99999999:{i:0;i:0;", "a:1:{a:0:{}i:1;}", "[" * 100_000, 's:5:"', 'O:1:"x":0:{}'],
)
def test_broken_packing_is_text(value: str) -> None:
    assert list(parcels("_relay", value, {})) == []
    unpacked(value)


def test_relay_points_parcels_payments_and_handsets_of_an_order() -> None:
    def meta(table: str, owner: str, keys: dict[int, dict[str, str]]) -> list[dict[str, Any]]:
        return [
            {"meta_id" if table == "item" else "id": 1, owner: n, "meta_key": k, "meta_value": v}
            for n, told in keys.items()
            for k, v in told.items()
        ]

    tracked = [{"tracking_number": "6A1", "tracking_provider": "colissimo", "date_shipped": "1795300000"}]
    octets = with_rows(
        HPOS,
        {
            "wp_wc_orders_meta": meta(
                "order",
                "order_id",
                {
                    13: {"_lpc_meta_pickUpLocationId": "75011X", "_lpc_meta_pickUpLocationLabel": "Locker"}
                    | {
                        "_lpc_meta_pickUpLocationData": json.dumps(
                            {"adresse1": "2 place", "codePostal": "75011"}
                        )
                    },
                    14: {
                        "Mondial Relay Parcel Shop ID": "FR-051322",
                        "Mondial Relay Parcel Shop Address": "3 rue C",
                    },
                    15: {"_wc_shipment_tracking_items": php(tracked), "_tracking_number": "XY1"},
                    16: {
                        "last4": "4111111111111111",
                        "_card_brand": "visa",
                        "Payer PayPal address": "P@example.test",
                    },
                    999: {"_shipping_method_chronorelais": php(POINT)},
                },
            ),
            "wp_woocommerce_order_itemmeta": meta(
                "item", "order_item_id", {1: {"IMEI": IMEI, "Serial": "1"}}
            ),
            "wp_wc_order_operational_data": [
                {"id": 99, "order_id": 999, "date_paid_gmt": "2026-11-21 20:00:00"}
            ],
            "wp_wc_orders": [
                {
                    "id": 999,
                    "status": "wc-completed",
                    "type": "shop_order",
                    "total_amount": "9.99",
                    "customer_id": 2,
                },
                {
                    "id": 1000,
                    "status": "wc-completed",
                    "type": "shop_order_refund",
                    "total_amount": "-9.99",
                    "customer_id": 0,
                },
            ],
        },
    )
    text = re.sub(r"(?m)^(\(16,'wc-on-hold'.*?'Virement bancaire',')", r"\1ch_16", octets.decode())
    found = account(WOOCOMMERCE, text.encode())
    relays = {r["order_id"]: values(r) for r in found.rows["shipments"] if r["relay"]}
    assert set(relays) == {"13", "14", "999"}
    assert (
        relays["13"] | {"relay_name": "Locker", "relay_postcode": "75011", "carrier": "Colissimo"}
        == relays["13"]
    )
    assert (relays["14"]["relay"], relays["14"]["relay_country"]) == ("051322", "FR")
    parcel = [values(r) for r in found.rows["shipments"] if r["tracking_number"]]
    assert [(r["tracking_number"], r.get("shipped_us")) for r in parcel] == [
        ("6A1", 1795300000000000),
        ("XY1", None),
    ]
    paid = {r["order_id"]: values(r) for r in found.rows["payments"]}
    assert paid["16"]["card_last4"] == "1111"
    assert paid["16"]["payer_email"] == "p@example.test"
    assert paid["16"]["transaction_id"] == "ch_16"
    assert paid["999"]["paid_us"] == 1795291200000000
    assert [r["amount_cents"] for r in found.rows["payments"] if r["method"] == "refund"] == [-999]
    assert "4111111111111111" not in repr((found.rows, found.doubts))
    assert [r["line_id"] for r in found.rows["order_lines"] if r["imei14"] == HANDSET] == ["1"]
    assert [r["customer"] for r in found.rows["orders"] if r["order_id"] == "999"] == ["customer:2"]


def test_any_prefix() -> None:
    octets = sample(LEGACY).replace("`wp_", "`a1_wp_").encode()
    assert recognise(MemoryMember(octets)).format == "woocommerce"
    assert len(account(WOOCOMMERCE, octets).rows["orders"]) == 12


def test_comments_keep_their_marks() -> None:
    texts = [r["text"] for r in told(HPOS).rows["messages"]]
    assert any('l\'original "court"' in html.unescape(text) for text in texts)
    assert {r["private"] for r in told(HPOS).rows["messages"] if r["order_id"]} == {True}


@cache
def small() -> bytes:
    """The orders of the legacy sample without its posts, options and articles."""
    text = sample(LEGACY)
    head = text[: text.index("--\n-- Table structure")]
    wanted = ("posts", "postmeta", "woocommerce_order_items", "users", "comments", "wc_customer_lookup")
    parts = [head]
    for table in wanted:
        found = re.search(rf"CREATE TABLE `wp_{table}` \(.*?UNLOCK TABLES;\n", text, re.S)
        assert found
        parts.append(re.sub(r"^\(\d+,\d+,'[^\n]*(?:'page'|wp:|_wp_)[^\n]*,\n", "", found[0], flags=re.M))
    return ("".join(parts) + "-- Dump completed\n").encode()


def survives(octets: bytes) -> None:
    try:
        account(WOOCOMMERCE, octets)
    except ParloirError as error:
        assert str(error).endswith(".")


@settings(max_examples=80)
@given(st.binary(max_size=400))
def test_any_octets(octets: bytes) -> None:
    WOOCOMMERCE.recognise(MemoryMember(octets))
    survives(octets)


@settings(max_examples=30)
@given(st.integers(0, 1 << 32), st.binary(min_size=1, max_size=6))
def test_altered_dumps(seed: int, noise: bytes) -> None:
    chance, octets = random.Random(seed), bytearray(small())  # noqa: S311 - which octets to alter
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(octets))
        kind = chance.randrange(3)
        if kind == 0:
            octets[at : at + 1] = noise
        elif kind == 1:
            del octets[at : at + chance.randrange(1, 200)]
        else:
            octets[at:at] = octets[at : at + chance.randrange(1, 400)]
    survives(bytes(octets))


@settings(max_examples=200)
@given(
    st.text(max_size=200),
    st.sampled_from(["_relay", "_wc_shipment_tracking_items", "_lpc_meta_pickUpLocationId"]),
)
def test_any_value_of_an_attribute(value: str, key: str) -> None:
    for row in parcels(key, value, {"_lpc_meta_pickUpLocationData": value}):
        assert isinstance(row, dict)
