from __future__ import annotations

from typing import Any

from parloir.identifiers import imei
from parloir.inquiries import RESELLERS, resellers, stock
from tests.inquiries.case import tables

PHONE = 33639980001


def _person(n: int, name: str, *numbers: int) -> dict[str, Any]:
    return {"record": f"customer:{n}", "family_name": name, "given_name": "A", "numbers": list(numbers)}


def _order(n: int, customer: int, **more: Any) -> dict[str, Any]:
    return {"order_id": str(n), "customer": f"customer:{customer}", "ordered_us": n, **more}


def _line(n: int, quantity: int, model: str | None = "l8star-bm10") -> dict[str, Any]:
    return {"order_id": str(n), "quantity": quantity, "model": model}


def _found(**given: Any) -> list[tuple[str, str, list[str], int, int]]:
    rows = resellers(tables(**given)).to_pylist()
    return [(r["kind"], r["shared"], r["names"], r["orders"], r["units"]) for r in rows]


def test_many_units_and_repeat_orders_of_one_account():
    people = [_person(n, f"N{n}") for n in (1, 2, 3)]
    orders = [_order(1, 1), *(_order(n, 2) for n in (2, 3, 4)), _order(5, 3)]
    lines = [_line(1, 30), *(_line(n, 1) for n in (2, 3, 4)), _line(5, 1), _line(5, 9, None)]
    assert _found(persons=people, orders=orders, order_lines=lines) == [
        ("account", "customer:1", ["A N1"], 1, 30),
        ("account", "customer:2", ["A N2"], 3, 3),
    ]


def test_one_card_payer_phone_and_address_under_several_names():
    people = [_person(1, "N1", PHONE), _person(2, "N2", PHONE), _person(3, "N3")]
    orders = [_order(1, 1, transaction_id="t1"), _order(2, 2, ip="192.0.2.1"), _order(3, 3, ip="192.0.2.1")]
    payments = [
        {"transaction_id": "t1", "card_fingerprint": "f"},
        {"order_id": "3", "transaction_id": "t3"},
        {"transaction_id": "t3", "card_fingerprint": "f", "payer_email": "p@example.test"},
        {"order_id": "2", "payer_email": "P@example.test"},
    ]
    found = _found(persons=people, orders=orders, payments=payments)
    assert found == [
        ("card", "f", ["A N1", "A N3"], 2, 2),
        ("ip", "192.0.2.1", ["A N2", "A N3"], 2, 2),
        ("payer", "P@example.test", ["A N2", "A N3"], 2, 2),
        ("phone", f"+{PHONE}", ["A N1", "A N2"], 2, 2),
    ]


def test_a_name_written_in_two_ways_is_one_name():
    people = [_person(1, "Noël", PHONE), _person(2, "NOEL", PHONE)]
    assert _found(persons=people, orders=[_order(1, 1), _order(2, 2)]) == []


def test_a_busy_relay_point_is_told_from_the_usual_ones():
    people = [_person(n, f"N{n}") for n in range(40)]
    orders = [_order(n, n) for n in range(40)]
    shipments = [
        {"order_id": str(n), "carrier": "C", "relay": "busy" if n < 15 else f"r{n}"} for n in range(40)
    ]
    (found,) = resellers(tables(persons=people, orders=orders, shipments=shipments)).to_pylist()
    assert (found["kind"], found["shared"], found["orders"]) == ("relay", "busy", 15)
    assert "under 15 names: 15 orders, 15 units, where 1.5 orders are usual" in found["why"]


def test_rows_bear_their_locators_and_their_standing():
    table = resellers(tables(persons=[_person(1, "N1")], orders=[_order(7, 1)], order_lines=[_line(7, 5)]))
    assert table.schema == RESELLERS
    (row,) = table.to_pylist()
    assert row["locators"] == ["e" * 64 + "!!orders#1"]
    assert row["standing"] == "other party, not a suspect; shown, not weighed"
    assert row["rank"] == 1


def test_stock_learns_runs_and_proposes_what_was_meant():
    right = [imei.label(35784512_000100 + n) for n in range(20)]
    wrong = right[3][:13] + str((int(right[3][13]) + 1) % 10) + right[3][14]
    lines = [{"imei14": int(one[:14]), "imei_raw": one, "model": "L8star BM10"} for one in (*right, wrong)]
    found = stock(tables(stock=lines))
    assert found.labels == 21
    assert found.learnt.to_pylist() == [
        {
            "tac": "35784512",
            "model": "l8star-bm10",
            "serial_from": 100,
            "serial_to": 119,
            "handsets": 20,
        }
    ]
    assert right[3] in found.mistyped["meant"].to_pylist()
    assert set(found.mistyped["written"].to_pylist()) == {wrong}
    assert set(found.mistyped["locator"].to_pylist()) == {"e" * 64 + "!!stock#21"}
