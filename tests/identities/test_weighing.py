import pyarrow as pa
import pytest

from parloir import identities
from parloir.identities import Parameters
from parloir.tables import TABLES
from parloir.tables.schema import arrow_schema
from parloir.tables.store import Store
from tests.identities.conftest import ENDS, GIVEN, STEMS

SHOP, REGISTER = "a" * 64, "b" * 64
BENALI = {"family_name": "Benali", "given_name": "Mohamed"}
HOME = {"address": "3 rue des Lilas", "postcode": "31000", "city": "Toulouse"}
QUERCY = {"family_name": "Quercy", "given_name": "Anselme", "numbers": [33639980000]}
PERSONS = [
    {"record": "customer:1", "role": "customer", "email": "m.benali@example.test", **BENALI},
    {"record": "address:1", "numbers": [33639981234], "owner": "customer:1", **BENALI, **HOME},
    {"record": "customer:2", "role": "customer", **QUERCY},
]
VISITORS = [
    {"visitor": "V1", "family_name": "بن علي", "given_name": "محمد", "numbers": [33639981234]},
    {"visitor": "V2", "family_name": "Petit", "given_name": "Luc", "numbers": [33639989999]},
    {"visitor": "V3", "family_name": "Durand", "given_name": "Eva", "numbers": [33639980000]},
]


def case(**tables):
    connection = Store(()).connect()
    for name, (evidence, rows) in tables.items():
        placed = [
            {"evidence": evidence, "member": "", "source_table": name, "source_row": n, **row}
            for n, row in enumerate(rows, 1)
        ]
        connection.execute(f"DROP VIEW {name}")
        connection.register(name, pa.Table.from_batches([TABLES[name].batch(placed)]))
    return connection


def judged(word, subject="person:aaaaaaaaaaaa:customer:2", other="visitor:V3"):
    row = {"proposition": "same_person", "subject": subject, "object": other, "word": word}
    return pa.Table.from_pylist([row | {"author": "mercier", "at_us": 0, "reason": "seen together"}])


@pytest.fixture
def small():
    return case(persons=(SHOP, PERSONS), visitors=(REGISTER, VISITORS))


def probabilities(persons):
    return {(row["left"], row["right"]): row["probability"] for row in persons.links.to_pylist()}


def test_a_customer_is_a_visitor_in_another_script(small):
    found = identities.weigh(small)
    assert probabilities(found)["person:aaaaaaaaaaaa:customer:1", "visitor:V1"] > 0.9


def test_one_number_under_two_names_is_doubtful(small):
    found = probabilities(identities.weigh(small))
    assert 0.05 < found["person:aaaaaaaaaaaa:customer:2", "visitor:V3"] < 0.9
    assert found.get(("person:aaaaaaaaaaaa:customer:2", "visitor:V2"), 0) < 0.05


def test_findings_sum_to_the_link_and_rest_on_rows(small):
    found = identities.weigh(small)
    assert found.findings.schema.equals(arrow_schema(identities.case_findings.FINDINGS))
    sums = {}
    for row in found.findings.to_pylist():
        assert row["proposition"] == "same_person"
        assert row["sentence"]
        sums[row["subject"], row["object"]] = sums.get((row["subject"], row["object"]), 0) + row["millibits"]
        if row["subject"].endswith("customer:1"):
            assert row["locators"] == [f"{SHOP}!!persons#1", f"{SHOP}!!persons#2", f"{REGISTER}!!visitors#1"]
    assert sums == {(row["left"], row["right"]): row["millibits"] for row in found.links.to_pylist()}


def test_judgements_hold(small):
    same = identities.weigh(small, judged("same", "person:aaaaaaaaaaaa:customer:2", "visitor:V2"))
    assert probabilities(same)["person:aaaaaaaaaaaa:customer:2", "visitor:V2"] == 1
    different = identities.weigh(small, judged("different", "visitor:V3", "person:aaaaaaaaaaaa:customer:2"))
    assert probabilities(different)["person:aaaaaaaaaaaa:customer:2", "visitor:V3"] == 0
    [row] = [row for row in different.findings.to_pylist() if row["evidence_kind"] == "judgement"]
    assert row["sentence"] == "mercier judged them two people on 1970-01-01: seen together"
    unsure = identities.weigh(small, judged("unsure"))
    assert probabilities(unsure) == probabilities(identities.weigh(small))


def test_the_last_word_holds(small):
    words = pa.concat_tables(
        [judged("same"), judged("different", "visitor:V3", "person:aaaaaaaaaaaa:customer:2")]
    )
    found = probabilities(identities.weigh(small, words))
    assert found["person:aaaaaaaaaaaa:customer:2", "visitor:V3"] == 0


def test_two_runs_are_identical(small):
    first, second = identities.weigh(small), identities.weigh(small, parameters=Parameters(threads=1))
    assert first.findings.equals(second.findings)
    assert first.links.equals(second.links)


def test_a_case_without_persons_has_no_links():
    found = identities.weigh(case())
    assert found.findings.num_rows == found.links.num_rows == 0


def test_a_customer_is_not_linked_to_their_own_address(small):
    assert all(not row["right"].startswith("person:") for row in identities.weigh(small).links.to_pylist())


def test_contacts_and_inmates():
    contact = {"inmate": "7", "number": 33639981234, **BENALI}
    connection = case(
        visitors=(REGISTER, VISITORS),
        approved_contacts=("c" * 64, [contact]),
        inmates=("d" * 64, [{"inmate": "7", "family_name": "Zola", "given_name": "Marc"}]),
    )
    found = probabilities(identities.weigh(connection))
    assert found["visitor:V1", "contact:7:33639981234"] > 0.9
    assert not any(right.startswith("inmate:") for _, right in found)


def others(count):
    """Visitors of whom nobody shares anything with another."""
    return [
        {"visitor": f"W{n}", "family_name": STEMS[n % 15] + ENDS[n % 10], "given_name": GIVEN[n]}
        | {"numbers": [33639989000 + 7 * n], "birth_date": 100 * n}
        for n in range(count)
    ]


def test_namesakes_compete_and_a_visitor_with_two_permits_does_not_compete_with_himself():
    petit = {"family_name": "Petit", "given_name": "Luc"}
    shop = [{"record": "customer:1", "role": "customer", **petit, "numbers": [33639980001]}]
    shop[0]["birth_date"] = 5000
    register = [
        {"visitor": "V1", **petit, "numbers": [33639980001], "birth_date": 5000},
        {"visitor": "V2", **petit, "numbers": [33639980001], "birth_date": 5000},
        {"visitor": "V3", **petit, "numbers": [33639980002], "birth_date": 9000},
        *others(30),
    ]
    found = probabilities(identities.weigh(case(persons=(SHOP, shop), visitors=(REGISTER, register))))
    customer = "person:aaaaaaaaaaaa:customer:1"
    assert found[customer, "visitor:V1"] == found[customer, "visitor:V2"] > 0.9
    assert found.get((customer, "visitor:V3"), 0) < 0.5


def test_a_card_names_the_buyer_behind_a_false_name():
    shop = [
        {"record": "customer:1", "role": "customer", "family_name": "Zed", "given_name": "Sniper"},
        {"record": "address:1", "role": "delivery", "owner": "customer:1", "family_name": "Zed", **HOME}
        | {"given_name": "Sniper"},
    ]
    orders = [{"order_id": "1", "customer": "customer:1"}]
    payments = [{"order_id": "1", "payer_name": "Anselme Quercy", "card_last4": "4242"}]
    register = [{"visitor": "V4", "family_name": "Quercy", "given_name": "Anselme", **HOME}, *VISITORS]
    tables = {"persons": (SHOP, shop), "orders": (SHOP, orders), "visitors": (REGISTER, register)}
    pair = "person:aaaaaaaaaaaa:customer:1", "visitor:V4"
    assert probabilities(identities.weigh(case(**tables))).get(pair, 0) < 0.5
    found = identities.weigh(case(**tables, payments=(SHOP, payments)))
    assert probabilities(found)[pair] > 0.8
    rows = [row for row in found.findings.to_pylist() if (row["subject"], row["object"]) == pair]
    assert {"payer"} == {row["evidence_kind"] for row in rows if row["millibits"] == -1000}
    assert all(f"{SHOP}!!payments#1" in row["locators"] for row in rows)


def test_two_accounts_of_one_buyer_share_card_relay_and_internet_address():
    shop = [
        {"record": f"customer:{n}", "role": "customer", "email": f"{GIVEN[n]}{n}@example.test"}
        | {"family_name": STEMS[n % 15] + ENDS[n % 10], "given_name": GIVEN[n]}
        for n in range(40)
    ]
    orders = [
        {"order_id": str(n), "customer": f"customer:{n}", "ip": f"192.0.2.{max(n, 1)}"} for n in range(40)
    ]
    payments = [{"order_id": str(n), "card_fingerprint": f"f{max(n, 1)}"} for n in range(40)]
    shipments = [{"order_id": str(n), "relay": f"{max(n, 1) % 20}"} for n in range(40)]
    tables = {"orders": orders, "payments": payments, "shipments": shipments, "persons": shop}
    found = probabilities(identities.weigh(case(**{name: (SHOP, rows) for name, rows in tables.items()})))
    assert found["person:aaaaaaaaaaaa:customer:0", "person:aaaaaaaaaaaa:customer:1"] > 0.5
    assert len(found) == 1


def test_the_number_on_a_parcel_for_another_is_the_buyers():
    shop = [
        {"record": "customer:1", "role": "customer", **QUERCY, "numbers": None},
        {
            "record": "address:1",
            "role": "delivery",
            "owner": "customer:1",
            "numbers": [33639980077],
            **BENALI,
        },
    ]
    register = [{"visitor": "V4", **QUERCY, "numbers": [33639980077]}, *VISITORS]
    found = identities.weigh(case(persons=(SHOP, shop), visitors=(REGISTER, register)))
    assert probabilities(found)["person:aaaaaaaaaaaa:customer:1", "visitor:V4"] > 0.9


def test_a_whole_name_in_one_field_is_cut():
    shop = [
        {"record": "customer:1", "role": "customer", "family_name": "Anselme Quercy", **HOME},
        {"record": "customer:2", "role": "customer", "family_name": "Eva Durand", "numbers": [33639980000]},
    ]
    register = [{"visitor": "V4", "family_name": "Quercy", "given_name": "Anselme", **HOME}, *VISITORS]
    found = identities.weigh(case(persons=(SHOP, shop), visitors=(REGISTER, register)))
    assert probabilities(found)["person:aaaaaaaaaaaa:customer:1", "visitor:V4"] > 0.9
    assert probabilities(found)["person:aaaaaaaaaaaa:customer:2", "visitor:V3"] > 0.9
