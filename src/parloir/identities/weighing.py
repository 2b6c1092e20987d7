"""The persons of a case: customers, visitors, approved contacts and inmates, linked register to register.

The records stay what they are; a link is a pair with a weight. Each field of a linked pair is one finding, which
rests on the two rows it was read from. An analyst's judgement is evidence too, and the last word on its pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from parloir.identities.comparisons import Comparison
from parloir.identities.judgements import Judgement, latest, same_person
from parloir.identities.link_input import LinkInput
from parloir.identities.linking import Links, Parameters, link
from parloir.identities.words import bar_level, bar_sentence, field_sentence
from parloir.tables.findings import FINDINGS
from parloir.tables.schema import arrow_schema

SCHEMA = arrow_schema(FINDINGS)
LINKS = pa.schema(
    [("left", pa.string()), ("right", pa.string()), ("millibits", pa.int64()), ("probability", pa.float64())]
)
ROLES = {
    "id": "id",
    "family_name": "family",
    "given_name": "given",
    "birth_date": "birth",
    "numbers": "phone",
    "email": "email",
    "address": "address",
    "postcode": "postcode",
    "city": "city",
}
OWN = ["locators", "apart"]
"""Columns of a register that are not for comparing."""
PAIRINGS = (
    # left, right, share of the smaller register expected in the other (assumed; learnt where there is enough)
    ("persons", "visitors", 0.3),
    ("persons", "contacts", 0.2),
    ("persons", "inmates", 0.01),
    ("visitors", "contacts", 0.5),
    ("visitors", "inmates", 0.01),
    ("accounts", None, 0.1),
)
"""Registers linked, each pair by a model of its own: what is common to buyers and visitors is not so to inmates."""
STATED = 0.05
"""Least probability of a link that findings are written for."""


@dataclass(frozen=True)
class Persons:
    """What is known of who is who.

    Attributes:
        findings: `tables.findings`, proposition same_person, one row for each field of each linked pair.
        links: left, right (person keys), millibits, probability; the register first named in `PAIRINGS` is left.
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
    parameters = replace(parameters or Parameters(), threshold=STATED, one_to_one=False)
    registers = {
        name: _register(connection, name)
        for name in ("persons", "accounts", "visitors", "contacts", "inmates")
    }
    judged = latest(judgements)
    rows: list[dict[str, Any]] = []
    links: dict[tuple[str, str], tuple[int, float]] = {}
    for left, right, expected in PAIRINGS:
        pair = registers[left], registers[right] if right else None
        if pair[0].num_rows > (not right) and (pair[1] is None or pair[1].num_rows):
            inputs = [
                LinkInput(table.drop_columns(OWN), name or left, ROLES)
                for table, name in zip(pair, (left, right), strict=True)
                if table is not None
            ]
            _take(link(*inputs, parameters=replace(parameters, expected=expected)), pair, links, rows)
    _respect(judged, links, rows)
    table = pa.Table.from_pylist(
        [
            {"left": a, "right": b, "millibits": w, "probability": p}
            for (a, b), (w, p) in sorted(links.items())
        ],
        schema=LINKS,
    )
    return Persons(_sorted(rows), table)


def _register(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """One register; `accounts` are the persons that belong to no other, so that nothing is linked to its own part."""
    query = (
        files("parloir.identities")
        .joinpath(f"sql/{'persons' if name == 'accounts' else name}.sql")
        .read_text("utf-8")
    )
    table = connection.execute(query).to_arrow_table()
    return table.filter(table["apart"]) if name == "accounts" else table


def _take(
    found: Links,
    pair: tuple[pa.Table, pa.Table | None],
    links: dict[tuple[str, str], tuple[int, float]],
    rows: list[dict[str, Any]],
) -> None:
    """The best pair of rows for each pair of keys: a key may stand in several files."""
    locators = [
        table["locators"].to_pylist() for table in (pair[0], pair[1] if pair[1] is not None else pair[0])
    ]
    for row in found.pairs.to_pylist():
        ends = row["left_id"], row["right_id"]
        if ends[0] == ends[1] or ends in links:
            continue
        links[ends] = round(row["weight_bits"] * 1000), row["probability"]
        places = sorted({*locators[0][row["left_row"] - 1], *locators[1][row["right_row"] - 1]})
        rows.extend(_findings(found.comparisons, row, places))


def _findings(
    comparisons: tuple[Comparison, ...], row: Mapping[str, Any], places: list[str]
) -> list[dict[str, Any]]:
    """One finding for each field that says something, and for each bar that is not nothing."""
    made = []
    for comparison in comparisons:
        level = row[f"level_{comparison.name}"]
        if level is not None:
            made.append((comparison.name, level, row[comparison.name], field_sentence(comparison, level)))
    made.extend(
        (bar, bar_level(bar), row[bar], bar_sentence(bar)) for bar in ("alternative", "pseudonym") if row[bar]
    )
    return [
        _row(row["left_id"], row["right_id"], kind, level, round(bits * 1000), sentence, places)
        for kind, level, bits, sentence in made
    ]


def _row(
    subject: str, other: str, kind: str, level: str, millibits: int, sentence: str, places: list[str]
) -> dict[str, Any]:  # noqa: PLR0913
    return {
        "proposition": "same_person",
        "subject": subject,
        "object": other,
        "from_us": None,
        "to_us": None,
        "evidence_kind": kind,
        "level": level,
        "millibits": millibits,
        "sentence": sentence,
        "locators": places,
    }


def _respect(
    judged: Mapping[tuple[str, str], Judgement],
    links: dict[tuple[str, str], tuple[int, float]],
    rows: list[dict[str, Any]],
) -> None:
    """Judgements hold: `same` is a link whatever the weight, `different` none, `unsure` changes nothing."""
    for ends, judgement in sorted(judged.items()):
        known = ends if ends in links else ends[::-1] if ends[::-1] in links else ends
        weight, probability = links.get(known, (0, 0.0))
        millibits = same_person(judgement)
        if judgement.word != "unsure":
            links[known] = weight + millibits, 1.0 if millibits > 0 else 0.0
        rows.append(_row(*known, "judgement", judgement.word, millibits, judgement.sentence, []))


def _sorted(rows: list[dict[str, Any]]) -> pa.Table:
    rows.sort(key=lambda row: (row["subject"], row["object"], row["evidence_kind"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)
