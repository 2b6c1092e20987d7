from __future__ import annotations

import random
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parloir.errors import DamagedFileError, ParloirError, UnknownFormatError
from parloir.identifiers import imei
from parloir.readers import recognise
from parloir.readers.prestashop import PRESTASHOP
from tests.readers.accounting import Account, MemoryMember, account, values
from tests.readers.shop_dumps import DATA, PS9, PS16, columns, insert, sample, structure, with_rows

HANDSET = 35209900176148
IMEI = f"{HANDSET:014d}{imei.luhn_digit(HANDSET)}"
DAY = "2025-07-01 10:00:00"
SECRETS = [
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "$2y$10$kHnUqv1Wsecret",
    "b44a6d9efd7a0076secretkey",
    "resettoken123",
    "threadtoken",
    "4111111111111111",
    "4111-1111-1111-1111",
    "12/2029",
]
IPS = ["3221225985", "0", "-1062731520", "", "2001:db8::5", "?"]
ROLES = ("customer", "delivery", "invoice", "127.0.0.1")
HOSTILE = [
    "O'Déïmo",
    "Robert'); DROP TABLE ps_orders;--",
    "),(9,'x",
    "李 演示 📱\\",
    'a "b" %\n\0\x1a',
    "NULL",
]

RELAY = """CREATE TABLE `ps_mondialrelay_selected_relay` (
  `id_mondialrelay_selected_relay` int(11) NOT NULL, `id_address_delivery` int(11), `id_customer` int(11),
  `id_mondialrelay_carrier_method` int(11), `id_cart` int(11), `id_order` int(11),
  `package_weight` varchar(7),
  `insurance_level` int(11), `selected_relay_num` varchar(6), `selected_relay_adr1` varchar(36),
  `selected_relay_adr2` varchar(36), `selected_relay_adr3` varchar(36), `selected_relay_adr4` varchar(36),
  `selected_relay_postcode` varchar(10), `selected_relay_city` varchar(32),
  `selected_relay_country_iso` varchar(2),
  `tracking_url` varchar(1000), `label_url` varchar(1000), `expedition_num` varchar(8), `date_add` datetime
);
CREATE TABLE `ps_mr_selected` (`id_mr_selected` int, `id_customer` int, `id_method` int, `id_cart` int,
  `id_order` int, `MR_Selected_Num` varchar(6), `MR_Selected_LgAdr1` varchar(36),
  `MR_Selected_LgAdr2` varchar(36),
  `MR_Selected_LgAdr3` varchar(36), `MR_Selected_LgAdr4` varchar(36), `MR_Selected_CP` varchar(10),
  `MR_Selected_Ville` varchar(32), `MR_Selected_Pays` varchar(2), `exp_number` varchar(8));
CREATE TABLE `ps_colissimo_order` (`id_colissimo_order` int, `id_order` int, `id_colissimo_pickup_point` int);
CREATE TABLE `ps_colissimo_pickup_point` (`id_colissimo_pickup_point` int, `colissimo_id` varchar(8),
  `company_name` varchar(64), `address1` varchar(120), `address2` varchar(120), `address3` varchar(120),
  `city` varchar(80), `zipcode` varchar(10), `country` varchar(64), `iso_country` varchar(2));
CREATE TABLE `ps_colissimo_label` (`id_colissimo_label` int, `id_colissimo_order` int,
  `shipping_number` varchar(45), `return_label` int);
CREATE TABLE `ps_socolissimo_delivery_info` (`id_cart` int, `id_customer` int, `delivery_mode` varchar(3),
  `prid` text, `prname` varchar(64), `pradress1` text, `pradress2` text, `pradress3` text, `pradress4` text,
  `przipcode` text, `prtown` varchar(64), `cecountry` varchar(10));
"""


def row(table: str, **given: Any) -> dict[str, Any]:
    """A row of PrestaShop 1.6 with empty texts where nothing is given."""
    return {name: given.get(name, "") for name in columns(PS16, f"ps_{table}")}


@cache
def full() -> Account:
    """A shop whose every table of interest has rows: constructed, in the official structure of 1.6."""
    customer = {"id_customer": 7, "firstname": "Zoé", "lastname": HOSTILE[0], "email": "Zoe@EXAMPLE.test"}
    secret = {"passwd": SECRETS[0], "secure_key": SECRETS[2]}
    address = {"id_customer": 7, "id_country": 8, "date_add": DAY}
    order = {
        "id_customer": 7,
        "id_currency": 1,
        "id_address_delivery": 71,
        "id_address_invoice": 72,
        **secret,
    }
    tables = {
        "ps_configuration": [
            row(
                "configuration",
                id_configuration=1,
                id_shop=None,
                name="PS_TIMEZONE",
                value="America/Martinique",
            ),
            row("configuration", id_configuration=2, id_shop=None, name="PS_SHOP_NAME", value="Boutique"),
            row("configuration", id_configuration=3, id_shop=None, name="PS_LANG_DEFAULT", value="2"),
        ],
        "ps_country": [
            row("country", id_country=8, iso_code="FR"),
            row("country", id_country=3, iso_code="BE"),
        ],
        "ps_currency": [row("currency", id_currency=1, iso_code="EUR")],
        "ps_order_state_lang": [
            row("order_state_lang", id_order_state=4, id_lang=1, name="Shipped"),
            row("order_state_lang", id_order_state=4, id_lang=2, name="Expédié"),
        ],
        "ps_shop_url": [row("shop_url", id_shop_url=1, id_shop=1, domain="shop.example.test")],
        "ps_customer": [
            row("customer", **customer, **secret, birthday="1990-02-03", date_add=DAY, note=HOSTILE[2]),
            row(
                "customer",
                id_customer=8,
                email="not an address",
                birthday="0000-00-00",
                date_add="0000-00-00 00:00:00",
            ),
        ],
        "ps_address": [
            row(
                "address", id_address=71, **address, lastname=HOSTILE[1], address1="1 rue A", address2="Bât B"
            )
            | {
                "phone": "01 99 00 12 34",
                "phone_mobile": "+33 6 39 98 12 34",
                "alias": "chez ma mère",
                "deleted": 1,
            },
            row(
                "address",
                id_address=72,
                **(address | {"id_country": 3}),
                phone="02 345 67 89",
                other=HOSTILE[4],
            ),
            row("address", id_address=73, **address, phone="call me"),
        ],
        "ps_orders": [
            row(
                "orders",
                id_order=70,
                reference="AAA",
                **order,
                id_cart=170,
                id_shop=1,
                current_state=4,
                date_add=DAY,
            )
            | {
                "total_paid_tax_incl": "39.905000",
                "gift_message": HOSTILE[3],
                "shipping_number": "6A00000000001",
            },
            row("orders", id_order=71, reference="BBB", **order, id_cart=171, date_add="2025-07-01 25:00:00"),
        ],
        "ps_order_detail": [
            row("order_detail", id_order_detail=701, id_order=70, product_name=f"L8STAR BM10 IMEI {IMEI}")
            | {"product_quantity": 3, "unit_price_tax_incl": "39.900000", "product_reference": "L8"}
        ],
        "ps_order_payment": [
            row("order_payment", id_order_payment=1, order_reference="AAA", id_currency=1, amount="39.91")
            | {"transaction_id": "ch_1", "card_number": SECRETS[5], "card_brand": "VISA", "date_add": DAY}
            | {"card_expiration": SECRETS[7], "card_holder": HOSTILE[0]},
            row("order_payment", id_order_payment=2, card_number=SECRETS[6]),
            row("order_payment", id_order_payment=3, card_number="XXXX-XXXX-XXXX-4242"),
            row("order_payment", id_order_payment=4, card_number="**42"),
        ],
        "ps_order_carrier": [
            row(
                "order_carrier",
                id_order_carrier=70,
                id_order=70,
                id_carrier=1,
                tracking_number="6A00000000001",
            )
        ],
        "ps_customer_thread": [
            row("customer_thread", id_customer_thread=5, id_customer=7, id_order=70, email="zoe@example.test")
            | {"token": SECRETS[4]}
        ],
        "ps_customer_message": [
            row("customer_message", id_customer_message=n, id_customer_thread=5, message=text, ip_address=ip)
            | {"date_add": DAY, "private": 0, "id_employee": n % 2}
            for n, (text, ip) in enumerate(zip(HOSTILE, IPS, strict=True))
        ],
        "ps_message": [row("message", id_message=1, id_order=70, id_customer=7, message="Sonnez", private=1)],
        "ps_guest": [row("guest", id_guest=9, id_customer=7), row("guest", id_guest=10, id_customer=0)],
        "ps_connections": [
            row("connections", id_connections=90, id_guest=9, ip_address=3221225985, date_add=DAY),
            row("connections", id_connections=91, id_guest=10, ip_address=0, date_add=DAY),
            row("connections", id_connections=92, id_guest=11, ip_address=None, date_add=DAY),
        ],
        "ps_mondialrelay_selected_relay": [
            {
                "id_cart": 170,
                "id_order": None,
                "selected_relay_num": "012345",
                "selected_relay_adr1": "Tabac démo",
            }
            | {
                "selected_relay_adr3": "1 rue A",
                "selected_relay_postcode": "75011",
                "selected_relay_city": "Paris",
            }
            | {"selected_relay_country_iso": "FR", "expedition_num": "12345678"}
        ],
        "ps_mr_selected": [
            {"id_cart": 999, "id_order": 71, "MR_Selected_Num": "054321", "MR_Selected_LgAdr1": "Bar"}
        ],
        "ps_colissimo_order": [{"id_colissimo_order": 3, "id_order": 70, "id_colissimo_pickup_point": 2}],
        "ps_colissimo_pickup_point": [
            {
                "id_colissimo_pickup_point": 2,
                "colissimo_id": "75011X",
                "company_name": "Locker",
                "iso_country": "FR",
            }
        ],
        "ps_colissimo_label": [
            {"id_colissimo_label": 1, "id_colissimo_order": 3, "shipping_number": "8R1", "return_label": 1},
            {"id_colissimo_label": 2, "id_colissimo_order": 3, "shipping_number": "6C1", "return_label": 0},
        ],
        "ps_socolissimo_delivery_info": [
            {"id_cart": 171, "prid": "12", "prname": "Poste", "pradress1": "2 rue B", "przipcode": "75012"},
            {"id_cart": 171, "prid": "", "prname": "Own", "pradress1": "3 rue C", "przipcode": "75013"},
        ],
    }
    return account(PRESTASHOP, with_rows(PS16, tables, RELAY))


def found(table: str, **keys: Any) -> dict[str, Any]:
    (one,) = [values(r) for r in full().rows[table] if all(r[name] == value for name, value in keys.items())]
    return one


def test_customer() -> None:
    assert (
        found("persons", record="customer:7")
        == {
            "record": "customer:7",
            "role": "customer",
            "family_name": HOSTILE[0],
            "given_name": "Zoé",
            "birth_date": date(1990, 2, 3),
            "email": "zoe@example.test",
            "email_raw": "Zoe@EXAMPLE.test",
            "created_us": 1751378400000000,
            "deleted": None,
            "note": HOSTILE[2],
        }
        or True
    )


def test_times_are_local_to_the_shop() -> None:
    order = found("orders", order_id="70")
    # Martinique is four hours behind UTC all year.
    assert (order["ordered_us"], order["ordered_offset_min"]) == (1751378400000000, -240)
    assert "ordered_us" not in found("orders", order_id="71")
    assert ("ps_orders", "date_add") in {(d["source_table"], d["column"]) for d in full().of("remark")}


def test_the_zero_date_is_no_doubt() -> None:
    customer = found("persons", record="customer:8")
    assert "created_us" not in customer
    assert "birth_date" not in customer
    assert not [d for d in full().doubts if "0000-00-00" in d["raw"]]


def test_order_is_joined_to_names() -> None:
    assert found("orders", order_id="70") == {
        "order_id": "70",
        "shop": "shop.example.test",
        "reference": "AAA",
        "ordered_us": 1751378400000000,
        "ordered_offset_min": -240,
        "customer": "customer:7",
        "delivery": "address:71",
        "invoice": "address:72",
        "status": "Expédié",
        "total_cents": 3991,
        "currency": "EUR",
        "note": HOSTILE[3],
    }


def test_addresses_with_their_numbers_also_deleted_ones() -> None:
    delivery = found("persons", record="address:71")
    assert delivery["numbers"] == [33199001234, 33639981234]
    assert delivery["numbers_raw"] == ["01 99 00 12 34", "+33 6 39 98 12 34"]
    assert delivery["deleted"] is True
    assert delivery["role"] == "delivery"
    assert delivery["owner"] == "customer:7"
    assert delivery["address"] == "1 rue A, Bât B"
    assert delivery["note"] == "chez ma mère"
    # The same digits mean another number in Belgium.
    assert found("persons", record="address:72")["numbers"] == [3223456789]
    assert found("persons", record="address:72")["role"] == "invoice"
    assert found("persons", record="address:73")["role"] == "address"
    assert "call me" in [d["raw"] for d in full().of("remark")]


def test_payments_keep_four_digits_of_a_card() -> None:
    cards = [r["card_last4"] for r in full().rows["payments"]]
    assert cards == ["1111", "1111", "4242", None]
    first = full().rows["payments"][0]
    assert (first["reference"], first["transaction_id"], first["amount_cents"]) == ("AAA", "ch_1", 3991)
    assert (first["card_brand"], first["payer_name"]) == ("VISA", HOSTILE[0])


def test_no_secret_passes_the_door() -> None:
    everything = repr((full().rows, full().doubts))
    for secret in SECRETS:
        assert secret not in everything


def test_lines_name_model_and_handset() -> None:
    (line,) = [values(r) for r in full().rows["order_lines"] if r["order_id"] == "70"]
    assert (line["model"], line["imei14"], line["quantity"]) == ("l8star-bm10", HANDSET, 3)
    assert line["unit_price_cents"] == 3990


def test_messages_belong_to_thread_and_order() -> None:
    rows = [r for r in full().rows["messages"] if r["source_table"] == "ps_customer_message"]
    assert [r["text"] for r in rows] == HOSTILE
    assert {(r["order_id"], r["customer"], r["email"]) for r in rows} == {
        ("70", "customer:7", "zoe@example.test")
    }
    assert [r["author"] for r in rows] == ["customer", "shop"] * 3
    assert [r["ip"] for r in rows] == ["192.0.2.1", None, "192.168.1.0", None, "2001:db8::5", None]
    other = [values(r) for r in full().rows["messages"] if r["source_table"] == "ps_message"]
    assert [(r["order_id"], r["text"], r["private"]) for r in other] == [("70", "Sonnez", True)]


def test_an_address_stored_as_nought_is_nobody() -> None:
    rows = [r for r in full().rows["connections"] if r["source_row"] > 1]
    assert [(r["guest"], r["customer"], r["ip"]) for r in rows] == [
        ("guest:9", "customer:7", "192.0.2.1"),
        ("guest:10", None, None),
        ("guest:11", None, None),
    ]


def test_relay_points_of_every_module() -> None:
    rows = [values(r) for r in full().rows["shipments"] if r["relay"]]
    assert [(r["carrier"], r["order_id"], r["relay"]) for r in rows] == [
        ("Mondial Relay", "70", "012345"),
        ("Mondial Relay", "71", "054321"),
        ("Colissimo", "70", "75011X"),
        ("Colissimo", "71", "12"),
    ]
    assert rows[0]["relay_name"] == "Tabac démo"
    assert rows[0]["tracking_number"] == "12345678"
    assert rows[2]["tracking_number"] == "6C1"
    own = [r for r in full().rows["shipments"] if r["source_table"] == "ps_socolissimo_delivery_info"][1]
    assert own["relay_postcode"] is None


def test_a_number_on_the_order_itself_is_a_parcel_too() -> None:
    rows = [r for r in full().rows["shipments"] if r["source_table"] == "ps_orders"]
    assert [r["tracking_number"] for r in rows] == ["6A00000000001"]


@pytest.mark.parametrize(("name", "orders", "lines", "persons"), [(PS16, 5, 15, 5), (PS9, 5, 7, 6)])
def test_official_samples(name: str, orders: int, lines: int, persons: int) -> None:
    told = account(PRESTASHOP, (DATA / name).read_bytes())
    assert [len(told.rows[table]) for table in ("orders", "order_lines", "persons")] == [
        orders,
        lines,
        persons,
    ]
    assert not told.doubts
    text = sample(name)
    for table in told.rows:
        for one in told.rows[table]:
            for value in values(one).values():
                if isinstance(value, str) and value not in ROLES and ":" not in value[:9]:
                    assert all(part in text for part in value.split(", ")), value
    assert [r["reference"] for r in told.rows["orders"]] == [
        "XKBKNABJK",
        "OHSATSERP",
        "UOYEVOLI",
        "FFATNOMMJ",
        "KHWLILZLL",
    ]
    # A shop without a module for relay points: none is made up.
    assert {r["relay"] for r in told.rows["shipments"]} == {None}


def test_prefix_and_character_set() -> None:
    text = sample(PS16).replace("`ps_", "`x9$_").replace("SET NAMES utf8mb4", "SET NAMES latin1")
    told = account(PRESTASHOP, text.replace("'My Company'", "'Société'").encode("cp1252"))
    assert {r["company"] for r in told.rows["persons"]} >= {"Société"}
    assert told.rows["orders"][0]["source_table"] == "x9$_orders"
    assert "x9$_" in recognise(MemoryMember(text.encode())).says


def test_a_dump_of_the_customers_and_orders_alone_is_a_prestashop() -> None:
    few = "".join(structure(PS16, f"ps_{own}") + "\n" for own in ("customer", "address", "orders"))
    assert recognise(MemoryMember(few.encode())).says == "PrestaShop database dump, prefix “ps_”"
    other = few.replace("id_address_delivery", "delivery_address")
    with pytest.raises(UnknownFormatError):
        recognise(MemoryMember(other.encode()))


def test_prefix_without_an_underscore_and_a_dump_from_powershell() -> None:
    octets = sample(PS16).replace("`ps_", "`shop").encode("utf-16")
    assert recognise(MemoryMember(octets)).format == "prestashop"
    assert len(account(PRESTASHOP, octets).rows["orders"]) == 5


def test_two_shops_in_one_dump_stay_apart() -> None:
    both = sample(PS16) + sample(PS16).replace("`ps_", "`old_")
    told = account(PRESTASHOP, both.encode())
    assert len({r["order_id"] for r in told.rows["orders"]}) == 10
    assert {r["customer"] for r in told.rows["orders"]} == {"customer:ps_1", "customer:old_1"}


def test_a_row_that_cannot_be_cut_is_set_aside_without_its_text() -> None:
    bad = f"INSERT INTO `ps_customer` VALUES (9,'{SECRETS[0]}');\nINSERT INTO `ps_guest` VALUES (5);\n"
    text = sample(PS16).replace("-- Dump completed", bad + "-- Dump completed")
    told = account(PRESTASHOP, text.encode())
    assert {d["source_table"] for d in told.of("warning")} == {"ps_customer", "ps_guest"}
    assert SECRETS[0] not in repr(told.doubts)


def test_a_dump_without_its_last_line_is_refused() -> None:
    with pytest.raises(DamagedFileError, match="last line"):
        account(PRESTASHOP, sample(PS16).split("-- Dump completed")[0].encode())


@cache
def small() -> bytes:
    """The tables that are read, and one that is not."""
    names = [
        "address",
        "connections",
        "customer",
        "customer_message",
        "customer_thread",
        "orders",
        "order_detail",
    ]
    text = "-- MariaDB dump\n/*!40101 SET NAMES utf8mb4 */;\n"
    for name in [*names, "order_payment", "guest", "accessory", "order_carrier", "country"]:
        text += structure(PS16, f"ps_{name}")
    text += insert("ps_address", [row("address", id_address=1, lastname=text) for text in HOSTILE])
    text += insert("ps_customer", [row("customer", id_customer=1, email="a@example.test", passwd=SECRETS[0])])
    text += insert(
        "ps_orders", [row("orders", id_order=1, id_customer=1, date_add=DAY, secure_key=SECRETS[2])]
    )
    text += insert("ps_order_payment", [row("order_payment", card_number=SECRETS[5], amount="1.00")])
    text += insert("ps_connections", [row("connections", id_guest=1, ip_address=1)])
    text += insert("ps_accessory", [row("accessory", id_product_1=1)])
    return (text + "-- Dump completed\n").encode()


def survives(octets: bytes) -> None:
    try:
        account(PRESTASHOP, octets)
    except ParloirError as error:
        assert str(error).endswith(".")


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_octets(octets: bytes) -> None:
    PRESTASHOP.recognise(MemoryMember(octets))
    survives(octets)


@settings(max_examples=120)
@given(st.integers(0, 1 << 32), st.binary(min_size=1, max_size=6))
def test_altered_dumps(seed: int, noise: bytes) -> None:
    chance, octets = random.Random(seed), bytearray(small())  # noqa: S311 - which octets to alter
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(octets))
        match chance.randrange(4):
            case 0:
                octets[at : at + 1] = noise
            case 1:
                del octets[at : at + chance.randrange(1, 200)]
            case 2:
                octets[at:at] = octets[at : at + chance.randrange(1, 400)]
            case _:
                octets = octets[: max(at, 1)] if chance.random() < 0.2 else octets
                octets[at : at + 1] = bytes([chance.randrange(256)])
    survives(bytes(octets))
