"""A made-up case: two leads, one strong and one that speaks for the alternative; hostile strings in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from parloir.statements import Authority, Case, EvidenceItem, Person, ReportContext, Run
from parloir.tables.findings import FINDINGS
from parloir.tables.leads import LEADS
from parloir.tables.schema import arrow_schema

SHOP, REGISTER, OPERATOR = "5a" * 32, "7c" * 32, "e1" * 32
HOSTILE = '<script>alert("1")</script>\u202e{{ 7*7 }}\x00'
DAY = 86_400_000_000
START = 20_200 * DAY


@dataclass(frozen=True)
class MadeUp:
    leads: pa.Table
    findings: pa.Table
    context: ReportContext


def lead(**changes: Any) -> dict[str, Any]:
    row = {
        "rank": 1,
        "lead": "L1",
        "handset": "86741801001234",
        "inmate": "M-1042",
        "prison": "Maison d'arrêt de Saint-Fictif",
        "prison_cell": "B2-117",
        "probability": 0.834211,
        "prior": 0.001373,
        "millibits": 11_900,
        "bounded_millibits": 10_200,
        "verbal": "strong support for the proposition",
        "sentence": "Three rare numbers shared; the handset falls silent while the inmate is at court.",
        "against": "The handset was active for four minutes during one legal call of the inmate.",
        "missing": "The visits of May would add up to 4 bits.",
    }
    return row | changes


def finding(kind: str, millibits: int, sentence: str, rows: list[str], **changes: Any) -> dict[str, Any]:
    row = {
        "proposition": "held_by",
        "subject": "handset:86741801001234",
        "object": "inmate:M-1042",
        "from_us": START,
        "to_us": START + 60 * DAY,
        "evidence_kind": kind,
        "level": "as counted",
        "millibits": millibits,
        "sentence": sentence,
        "locators": sorted(rows),
    }
    return row | changes


def rows_of(evidence: str, table: str, *numbers: int) -> list[str]:
    return [f"{evidence}!!{table}#{number}" for number in numbers]


FOUND = [
    finding(
        "shared_numbers",
        8_400,
        "Three of the handset's five correspondents are approved contacts of the inmate; two are rare there.",
        [*rows_of(REGISTER, "contacts", 41, 42, 57), *rows_of(OPERATOR, "", *range(200, 260))],
        level="three rare numbers shared",
    ),
    finding(
        "transfers",
        3_100,
        "The handset moved with the inmate from one prison to another.",
        rows_of(REGISTER, "stays", 9, 10),
    ),
    finding(
        "purchase_by_visitor",
        2_300,
        "A visitor ordered this model nine days before a visit.",
        rows_of(SHOP, "ps_orders", 12),
    ),
    finding("silence_in_absence", 1_200, "Silent on both days at court.", rows_of(REGISTER, "absences", 3)),
    finding(
        "legal_call_same_minute",
        -1_700,
        "Active in the same minute as one legal call.",
        rows_of(REGISTER, "calls", 77),
    ),
    finding("dependence adjustment", -1_400, "Visits and approved contacts overlap.", []),
    finding(
        "lives_there",
        6_000,
        "Seen at night on 52 of 60 nights, only on radio cells of the prison.",
        rows_of(OPERATOR, "", *range(1, 120)),
        proposition="inside",
        object="prison:Maison d'arrêt de Saint-Fictif",
    ),
    finding(
        "order_link",
        5_000,
        f"Order 12 by {HOSTILE} was for this inmate.",
        rows_of(SHOP, "ps_orders", 12),
        proposition="bought_for",
        subject="order:12",
    ),
    finding(
        "shared_numbers",
        -2_100,
        "None of its correspondents is a contact of the inmate.",
        rows_of(OPERATOR, "", 900),
        subject="handset:35000000000001",
        object="inmate:M-7",
    ),
]
WEAK = lead(
    rank=2,
    lead="L2",
    handset="35000000000001",
    inmate="M-7",
    prison_cell="C1-003",
    probability=0.0000021,
    prior=0.01,
    millibits=-2_100,
    bounded_millibits=-2_100,
    verbal="weak support for the alternative",
    sentence="",
    against="",
    missing="",
)


def context() -> ReportContext:
    sealed = datetime(2025, 5, 14, 8, 30, tzinfo=UTC)
    return ReportContext(
        case=Case(
            "2025/0117",
            "Shop of mini phones, made-up example",
            "Research section of Saint-Fictif",
            "restricted",
            (
                Authority(
                    "Commission rogatoire 25/117",
                    "Investigating judge of Saint-Fictif",
                    "Investigation of the handing over of objects to detained persons",
                    "2025-09-30",
                    "2025-03-01 to 2025-05-20",
                    "2028-05-20",
                ),
            ),
        ),
        run=Run(
            "run-0003",
            datetime(2025, 5, 19, 3, 12, tzinfo=UTC),
            "0.1.0",
            "simulated-2025, sha256 9f0c…",
            "ab" * 32,
        ),
        evidence={
            SHOP: EvidenceItem(
                "dump_boutique.sql.gz",
                18_400_321,
                "hosting company",
                "Commission rogatoire 25/117",
                sealed,
                "PrestaShop 1.6 dump, prefix ps_",
            ),
            REGISTER: EvidenceItem(
                f"registre {HOSTILE}.xlsx", 912_000, "prison service", "Commission rogatoire 25/117", sealed
            ),
            OPERATOR: EvidenceItem(
                "operator_records.csv", 3_210_000_000, "operator", "Commission rogatoire 25/117", sealed
            ),
        },
        rows={
            rows_of(SHOP, "ps_orders", 12)[0]: {
                "id_order": "12",
                "reference": "XKBKNABJK",
                "email": "client@example.test",
                "firstname": HOSTILE,
                "phone": "06 39 98 12 34",
            },
            **{
                row: {
                    "inmate": "M-1042",
                    "number": f"06 39 98 00 {number}",
                    "name": "محمد Ødegård",
                    "note": "x" * 900,
                }
                for number, row in zip((41, 42, 57), rows_of(REGISTER, "contacts", 41, 42, 57), strict=True)
            },
            **{
                row: {
                    "imei": "867418010012340",
                    "started": "2025-05-02 22:14:09",
                    "radio_cell": "20801-4711-33",
                }
                for row in rows_of(OPERATOR, "", *range(200, 260))
            },
        },
        persons={"inmate:M-1042": Person("Exemple, Jean", "convicted"), "inmate:M-7": Person(HOSTILE, "")},
        notes=("Results on made-up data.",),
    )


def build() -> MadeUp:
    return MadeUp(
        pa.Table.from_pylist([lead(), WEAK], schema=arrow_schema(LEADS)),
        pa.Table.from_pylist(FOUND, schema=arrow_schema(FINDINGS)),
        context(),
    )
