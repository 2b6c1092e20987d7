"""Findings of who is who: one row for each field of each linked pair, and for each judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from parloir.identities.judgements import Judgement, same_person
from parloir.identities.linking import Links
from parloir.identities.model import level_bits
from parloir.identities.scoring import BARS
from parloir.identities.words import bar_level, bar_sentence, field_sentence
from parloir.tables.findings import FINDINGS
from parloir.tables.schema import arrow_schema

SCHEMA = arrow_schema(FINDINGS)
Ends = tuple[str, str]
Row = dict[str, Any]
Usual = Mapping[str, Mapping[str, float]]
"""Comparison → level → its bits for a value of usual frequency."""


PAYER: Row = {
    "evidence_kind": "payer",
    "level": "the payer's name",
    "millibits": -1000,
    "sentence": "the name is that of who paid, and a card may be another's",
}
"""Assumed: one payment in two under another name is made with somebody else's card."""


@dataclass(frozen=True)
class Linked:
    """A linked pair of a case.

    Attributes:
        ends: person keys, left and right.
        millibits: its weight.
        probability: its posterior.
        findings: rows of `tables.findings`, whose millibits sum to the weight.
    """

    ends: Ends
    millibits: int
    probability: float
    findings: tuple[Row, ...]


@dataclass(frozen=True)
class Rows:
    """What is known of each row of a register beside what is compared.

    Attributes:
        locators: where it was read.
        payer: whether its name is that of who paid.
    """

    locators: Sequence[Any]
    payer: Sequence[bool]


def linked_pairs(found: Links, sides: tuple[Rows, Rows]) -> list[Linked]:
    """The pairs of one linking, the best first.

    Args:
        found: what `link` gave.
        sides: the rows of the left and of the right register.
    """
    usual = {c.name: level_bits(found.model, c) for c in found.comparisons}
    pairs = []
    for row in found.pairs.to_pylist():
        ends, rows = (row["left_id"], row["right_id"]), (row["left_row"] - 1, row["right_row"] - 1)
        if ends[0] != ends[1]:
            places = sorted({*sides[0].locators[rows[0]], *sides[1].locators[rows[1]]})
            parts, probability = _parts(found, row, usual), row["probability"]
            if any(side.payer[n] for side, n in zip(sides, rows, strict=True)):
                parts.append(PAYER)
                probability = round(probability / (2.0 - probability), 6)
            millibits = sum(part["millibits"] for part in parts)
            findings = tuple(_finding(ends, part, places) for part in parts)
            pairs.append(Linked(ends, millibits, probability, findings))
    return pairs


def _parts(found: Links, row: Mapping[str, Any], usual: Usual) -> list[Row]:
    """Evidence kind, level, millibits and sentence of each part of a weight."""
    fields = [(c, row[f"level_{c.name}"]) for c in found.comparisons if row[f"level_{c.name}"] is not None]
    parts = [
        _part(c.name, level, row[c.name], field_sentence(c, level, row[c.name] - usual[c.name][level]))
        for c, level in fields
    ]
    return parts + [_part(bar, bar_level(bar), row[bar], bar_sentence(bar)) for bar in BARS if row[bar]]


def _part(kind: str, level: str, bits: float, sentence: str) -> Row:
    return {"evidence_kind": kind, "level": level, "millibits": round(bits * 1000), "sentence": sentence}


def _finding(ends: Ends, part: Row, places: list[str]) -> Row:
    return {
        "proposition": "same_person",
        "subject": ends[0],
        "object": ends[1],
        "from_us": None,
        "to_us": None,
        **part,
        "locators": places,
    }


def judged_findings(judged: Mapping[Ends, Judgement], weights: dict[Ends, tuple[int, float]]) -> list[Row]:
    """Judgements as findings; `weights` is brought in line with them.

    `same` is a link whatever the weight, `different` none, `unsure` changes nothing.
    """
    rows = []
    for named, judgement in sorted(judged.items()):
        ends = named[::-1] if named[::-1] in weights else named
        millibits = same_person(judgement)
        if millibits:
            weights[ends] = weights.get(ends, (0, 0.0))[0] + millibits, float(millibits > 0)
        part = {
            "evidence_kind": "judgement",
            "level": judgement.word,
            "millibits": millibits,
            "sentence": judgement.sentence,
        }
        rows.append(_finding(ends, part, []))
    return rows


def findings_table(rows: list[Row]) -> pa.Table:
    """Rows of `tables.findings` in one fixed order."""
    rows = sorted(rows, key=lambda row: (row["subject"], row["object"], row["evidence_kind"]))
    return pa.Table.from_pylist(rows, schema=SCHEMA)
