"""The persons of a case: customers, visitors, approved contacts and inmates, linked register to register.

The records stay what they are; a link is a pair with a weight. Each field of a linked pair is one finding,
which
rests on the rows it was read from. An analyst's judgement is evidence too, and the last word on its pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

import duckdb
import pyarrow as pa

from parloir.identities.case_findings import Linked, Rows, findings_table, judged_findings, linked_pairs
from parloir.identities.judgements import latest, pair_id
from parloir.identities.link_input import LinkInput
from parloir.identities.linking import Parameters, comparable, link
from parloir.tables.schema import INTEGER, REAL, TEXT, Column, arrow_schema

LINKS = arrow_schema(
    (
        Column("left", TEXT, "person, visitor or account: the register first named in `PAIRINGS`"),
        Column("right", TEXT, "the other"),
        Column("millibits", INTEGER, "weight for one person, unbounded"),
        Column("probability", REAL, "posterior, calibrated, in steps of 1e-6"),
        Column("pair", TEXT, "name of the pair, the same in every run and whichever end is named first"),
    )
)
ROLES = {
    "id": "id",
    "family_name": "family",
    "given_name": "given",
    "full_name": "full_name",
    "birth_date": "birth",
    "numbers": "phone",
    "email": "email",
    "address": "address",
    "postcode": "postcode",
    "city": "city",
    "cards": "card",
    "ips": "ip",
    "relays": "relay",
}
OWN = ["locators", "apart", "payer"]
"""Columns of a register that are not for comparing."""
REGISTER_OF = {"person": "persons", "visitor": "visitors", "contact": "contacts", "inmate": "inmates"}
"""The register that a record stands in, by the kind that its key begins with."""
REGISTERS = ("persons", "accounts", "visitors", "contacts", "inmates")
PAIRINGS = (
    # left, right, share of the smaller register expected in the other (assumed; learnt where there is enough)
    ("persons", "visitors", 0.3),
    ("persons", "contacts", 0.2),
    ("persons", "inmates", 0.01),
    ("visitors", "contacts", 0.5),
    ("visitors", "inmates", 0.01),
    ("accounts", None, 0.1),
)
"""Registers linked, each pair by a model of its own: what is common to buyers and visitors is not so to
inmates."""
STATED = 0.05
"""Least probability of a link that findings are written for."""
RIVAL = 0.005
"""Least probability by itself of a candidate that takes from the others."""


@dataclass(frozen=True)
class Persons:
    """What is known of who is who.

    Attributes:
        findings: `tables.findings`, proposition same_person, one row for each field of each linked pair.
        links: left, right (person keys), millibits, probability, pair (its name); see `LINKS`.
    """

    findings: pa.Table
    links: pa.Table


def weigh(
    connection: duckdb.DuckDBPyConnection,
    judgements: pa.Table | None = None,
    parameters: Parameters | None = None,
) -> Persons:
    """Weigh who is who in a case.

    Args:
        connection: with a view for every canonical table.
        judgements: proposition, subject, object, word, author, at_us, reason; the last on a pair holds.
        parameters: of the linking.
    """
    parameters = replace(parameters or Parameters(), threshold=RIVAL)
    registers = {name: read_register(connection, name) for name in REGISTERS}
    linked: dict[tuple[str, str], Linked] = {}
    for left, right, expected in PAIRINGS:
        kept = parameters.kept and parameters.kept.of(f"{left}-{right or left}")
        for pair in _pairing(registers, left, right, replace(parameters, expected=expected, kept=kept)):
            linked.setdefault(pair.ends, pair)
    rows = [row for pair in linked.values() for row in pair.findings]
    weights = {ends: (pair.millibits, pair.probability) for ends, pair in linked.items()}
    rows += judged_findings(latest(judgements), weights)
    return Persons(findings_table(rows), _links_table(weights))


def _pairing(
    registers: Mapping[str, pa.Table], left: str, right: str | None, parameters: Parameters
) -> list[Linked]:
    """The linked pairs of two registers, or of one with itself; none where there is nothing to compare."""
    tables = [registers[name] for name in (left, right) if name]
    inputs = [LinkInput(table.drop_columns(OWN), left, _roles(table)) for table in tables]
    if not comparable(inputs):
        return []
    # A buyer has several records; visitors, contacts and inmates stand in registers.
    found = link(
        inputs[0], inputs[1] if right else None, replace(parameters, once=(False, right is not None))
    )
    sides = [
        Rows(table["locators"].to_pylist(), [bool(x) for x in table["payer"].to_pylist()]) for table in tables
    ]
    best: dict[tuple[str, str], Linked] = {}
    for pair in linked_pairs(found, (sides[0], sides[-1])):
        if pair.probability >= STATED and (
            pair.ends not in best or pair.millibits > best[pair.ends].millibits
        ):
            best[pair.ends] = pair
    return list(best.values())


def _roles(table: pa.Table) -> dict[str, str]:
    return {column: role for column, role in ROLES.items() if column in table.column_names}


def read_register(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """One register; `accounts` are the persons that belong to no other, each apart from its own addresses."""
    query = files("parloir.identities").joinpath(f"sql/{'persons' if name == 'accounts' else name}.sql")
    table = connection.execute(query.read_text("utf-8")).to_arrow_table()
    return table.filter(table["apart"]) if name == "accounts" else table


def _links_table(weights: Mapping[tuple[str, str], tuple[int, float]]) -> pa.Table:
    rows = [
        {"left": left, "right": right, "millibits": millibits, "probability": probability}
        | {"pair": pair_id(left, right)}
        for (left, right), (millibits, probability) in sorted(weights.items())
    ]
    return pa.Table.from_pylist(rows, schema=LINKS)
